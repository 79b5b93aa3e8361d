package io.github.facemask.internal.passes;

import static io.github.facemask.internal.program.Statements.pair;
import static io.github.facemask.internal.torchscript.ScriptModule.reference;

import io.github.facemask.internal.program.Statements;
import io.github.facemask.internal.torchscript.ScalarType;
import io.github.facemask.model.Target;
import io.github.facemask.network.Conv2d;
import io.github.facemask.network.Linear;
import io.github.facemask.network.Pooling.MaxPool2d;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Writes quantized convolutions and linear layers for oneDNN. Other layers use floating-point
 * kernels. One instance writes one program. Not thread-safe.
 */
final class Int8Kernels extends ForwardingKernels {

  /** The arguments of oneDNN's operators for outputs that are not quantized. */
  private static final QuantizationParameters UNUSED = new QuantizationParameters(1, 0);

  private final Statements statements;
  private final PackedWeights packed;
  private final QuantizedLayers layers;
  private final Map<String, QuantizationParameters> calibrated;

  /**
   * Creates the writer.
   *
   * @param statements receives the code
   * @param packed the weights
   * @param layers the quantized layers
   * @param calibration the quantization parameters of their inputs or outputs
   */
  Int8Kernels(
      Statements statements,
      PackedWeights packed,
      QuantizedLayers layers,
      Calibration calibration) {
    super(new FloatKernels(statements, Target.CPU, packed));
    this.statements = statements;
    this.packed = packed;
    this.layers = layers;
    this.calibrated = calibration.parameters();
  }

  @Override
  public Value conv(PlacedConv conv, Value x, PostOp postOp) {
    String path = conv.path();
    Conv2d layer = conv.layer();
    if (!layers.convolutions().contains(path)) {
      return super.conv(conv, x, postOp);
    }
    QuantizationParameters in = x.quantization().orElseThrow();
    QuantizationParameters out = calibrated.get(path);
    return set(
        out,
        "ops.onednn.qconv2d_pointwise(%s, %s, %d, %s, %s, %s, %s, %s, %s, [1, 1], %d, %s, %d, %d,"
            + " \"%s\", %s, None)",
        x.variable(),
        in.scale(),
        in.zeroPoint(),
        packedConv(conv, in),
        reference(QuantizeWeights.scales(path)),
        reference(QuantizeWeights.zeros(path)),
        FloatKernels.bias(conv),
        pair(layer.stride()),
        pair(layer.padding()),
        layer.groups(),
        out.scale(),
        out.zeroPoint(),
        ScalarType.UINT8.code(),
        postOp.attribute(),
        FloatKernels.NO_SCALARS);
  }

  @Override
  public Value convAndSum(PlacedConv conv, Value x, Value other, PostOp postOp) {
    String path = conv.path();
    Conv2d layer = conv.layer();
    if (!layers.convolutions().contains(path)) {
      return super.convAndSum(conv, x, other, postOp);
    }
    QuantizationParameters in = x.quantization().orElseThrow();
    QuantizationParameters sum = other.quantization().orElseThrow();
    QuantizationParameters out = calibrated.get(path);
    return set(
        out,
        "ops.onednn.qconv2d_pointwise(%s, %s, %d, %s, %s, %s, %s, %s, %s, %s, [1, 1], %d, %s, %d,"
            + " %d, %s, %d, \"sum\", 1., \"%s\", %s, None)",
        x.variable(),
        in.scale(),
        in.zeroPoint(),
        packedConv(conv, in),
        reference(QuantizeWeights.scales(path)),
        reference(QuantizeWeights.zeros(path)),
        other.variable(),
        FloatKernels.bias(conv),
        pair(layer.stride()),
        pair(layer.padding()),
        layer.groups(),
        out.scale(),
        out.zeroPoint(),
        ScalarType.UINT8.code(),
        sum.scale(),
        sum.zeroPoint(),
        postOp.attribute(),
        FloatKernels.NO_SCALARS);
  }

  @Override
  public Value linear(Linear linear, String path, Value x, PostOp postOp) {
    if (!layers.linears().contains(path)) {
      return super.linear(linear, path, x, postOp);
    }
    QuantizationParameters in = calibrated.get(path);
    Optional<QuantizationParameters> out =
        Optional.ofNullable(layers.followers().get(path)).map(calibrated::get);
    ScalarType outType = statements.rounds() ? ScalarType.BFLOAT16 : ScalarType.FLOAT32;
    String weight = reference(path + ".weight");
    String variable =
        statements.set(
            "ops.onednn.qlinear_pointwise(%s, %s, %d, %s, %s, %s, %s, %s, %d, %d, \"%s\", %s,"
                + " \"%s\")",
            x.isQuantized() ? x.variable() : quantize(x.variable(), in),
            in.scale(),
            in.zeroPoint(),
            packed.add(weight, photos -> "ops.onednn.qlinear_prepack(" + weight + ", None)"),
            reference(QuantizeWeights.scales(path)),
            reference(QuantizeWeights.zeros(path)),
            linear.bias() ? reference(path + ".bias") : "None",
            out.orElse(UNUSED).scale(),
            out.orElse(UNUSED).zeroPoint(),
            (out.isPresent() ? ScalarType.UINT8 : outType).code(),
            postOp.attribute(),
            FloatKernels.NO_SCALARS,
            postOp == PostOp.GELU ? "none" : "");
    return new Value(variable, out);
  }

  @Override
  public Value maxPool(MaxPool2d pool, Value x) {
    if (!x.isQuantized()) {
      return super.maxPool(pool, x);
    }
    QuantizationParameters parameters = x.quantization().orElseThrow();
    String quantized =
        statements.set(
            "torch._make_per_tensor_quantized_tensor(%s, %s, %d)",
            x.variable(), parameters.scale(), parameters.zeroPoint());
    return set(
        parameters,
        "torch.int_repr(ops.quantized.max_pool2d(%s, %s, %s, %s, [1, 1], False))",
        quantized,
        pair(pool.kernel()),
        pair(pool.stride()),
        pair(pool.padding()));
  }

  private String quantize(String x, QuantizationParameters parameters) {
    return statements.set(
        "torch.int_repr(torch.quantize_per_tensor(%s, %s, %d, %d))",
        ScalarType.FLOAT32.cast(x),
        parameters.scale(),
        parameters.zeroPoint(),
        ScalarType.QUINT8.code());
  }

  private Value set(QuantizationParameters parameters, String format, Object... arguments) {
    return Value.quantized(statements.set(format, arguments), parameters);
  }

  private String packedConv(PlacedConv conv, QuantizationParameters in) {
    Conv2d layer = conv.layer();
    String weight = reference(conv.path() + ".weight");
    return packed.add(
        weight,
        photos ->
            String.format(
                Locale.ROOT,
                "ops.onednn.qconv_prepack(%s, %s, %s, %d, %s, %s, [1, 1], %d, %s)",
                weight,
                reference(QuantizeWeights.scales(conv.path())),
                in.scale(),
                in.zeroPoint(),
                pair(layer.stride()),
                pair(layer.padding()),
                layer.groups(),
                conv.inputShape(photos)));
  }
}
