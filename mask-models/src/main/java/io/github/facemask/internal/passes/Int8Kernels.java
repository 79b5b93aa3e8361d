package io.github.facemask.internal.passes;

import static io.github.facemask.internal.program.Statements.pair;
import static io.github.facemask.internal.torchscript.ScriptModule.reference;

import io.github.facemask.internal.program.Statements;
import io.github.facemask.model.Target;
import io.github.facemask.network.Conv2d;
import io.github.facemask.network.Linear;
import io.github.facemask.network.MaxPool2d;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Writes convolutions and linear maps of bytes for oneDNN. A variable is bytes or numbers; which
 * grid its bytes are on is known as the program is written.
 */
final class Int8Kernels extends Kernels {

  /** libtorch's numbers of types. */
  private static final int BYTE = 0;

  /** For outputs that are no bytes. */
  private static final QuantizationParameters NUMBERS = new QuantizationParameters(1, 0);

  private final QuantizedLayers layers;
  private final Map<String, QuantizationParameters> calibrated;
  private final Map<String, QuantizationParameters> gridOf = new HashMap<>();

  /**
   * Begins to write.
   *
   * @param statements where to
   * @param packed the weights
   * @param layers which compute with bytes
   * @param calibration their grids
   * @param photo the grid of {@code x}, the photo's bytes
   */
  Int8Kernels(
      Statements statements,
      PackedWeights packed,
      QuantizedLayers layers,
      Calibration calibration,
      QuantizationParameters photo) {
    super(statements, Target.CPU, packed);
    this.layers = layers;
    this.calibrated = calibration.grids();
    if (!layers.convolutions().isEmpty()) {
      gridOf.put("x", photo);
    }
  }

  @Override
  String conv(PlacedConv conv, String x, Then then) {
    String path = conv.path();
    Conv2d layer = conv.layer();
    if (!layers.convolutions().contains(path)) {
      return super.conv(conv, x, then);
    }
    QuantizationParameters in = gridOf.get(x);
    QuantizationParameters out = calibrated.get(path);
    return bytes(
        out,
        "ops.onednn.qconv2d_pointwise(%s, %s, %d, %s, %s, %s, %s, %s, %s, [1, 1], %d, %s, %d, %d,"
            + " \"%s\", %s, None)",
        x,
        in.scale(),
        in.zeroPoint(),
        packedConv(conv, in),
        reference(QuantizeWeights.scales(path)),
        reference(QuantizeWeights.zeros(path)),
        bias(conv),
        pair(layer.stride()),
        pair(layer.padding()),
        layer.groups(),
        out.scale(),
        out.zeroPoint(),
        BYTE,
        then.attribute(),
        NO_SCALARS);
  }

  @Override
  String convAndSum(PlacedConv conv, String x, String other, Then then) {
    String path = conv.path();
    Conv2d layer = conv.layer();
    if (!layers.convolutions().contains(path)) {
      return super.convAndSum(conv, x, other, then);
    }
    QuantizationParameters in = gridOf.get(x);
    QuantizationParameters sum = gridOf.get(other);
    QuantizationParameters out = calibrated.get(path);
    return bytes(
        out,
        "ops.onednn.qconv2d_pointwise(%s, %s, %d, %s, %s, %s, %s, %s, %s, %s, [1, 1], %d, %s, %d,"
            + " %d, %s, %d, \"sum\", 1., \"%s\", %s, None)",
        x,
        in.scale(),
        in.zeroPoint(),
        packedConv(conv, in),
        reference(QuantizeWeights.scales(path)),
        reference(QuantizeWeights.zeros(path)),
        other,
        bias(conv),
        pair(layer.stride()),
        pair(layer.padding()),
        layer.groups(),
        out.scale(),
        out.zeroPoint(),
        BYTE,
        sum.scale(),
        sum.zeroPoint(),
        then.attribute(),
        NO_SCALARS);
  }

  @Override
  String linear(Linear linear, String path, String x, Then then) {
    if (!layers.linears().contains(path)) {
      return super.linear(linear, path, exact(x), then);
    }
    String weight = reference(path + ".weight");
    QuantizationParameters in = calibrated.get(path);
    String follower = layers.followers().get(path);
    QuantizationParameters out = follower == null ? NUMBERS : calibrated.get(follower);
    String variable =
        statements()
            .set(
                "ops.onednn.qlinear_pointwise(%s, %s, %d, %s, %s, %s, %s, %s, %d, %d, \"%s\", %s,"
                    + " \"%s\")",
                gridOf.containsKey(x) ? x : toBytes(x, in),
                in.scale(),
                in.zeroPoint(),
                packed().add(weight, photos -> "ops.onednn.qlinear_prepack(" + weight + ", None)"),
                reference(QuantizeWeights.scales(path)),
                reference(QuantizeWeights.zeros(path)),
                linear.bias() ? reference(path + ".bias") : "None",
                out.scale(),
                out.zeroPoint(),
                follower != null ? BYTE : statements().rounds() ? 15 : 6,
                then.attribute(),
                NO_SCALARS,
                then == Then.GELU ? "none" : "");
    if (follower != null) {
      gridOf.put(variable, out);
    }
    return variable;
  }

  @Override
  String maxPool(MaxPool2d pool, String x) {
    QuantizationParameters grid = gridOf.get(x);
    if (grid == null) {
      return super.maxPool(pool, x);
    }
    String quantized =
        statements()
            .set(
                "torch._make_per_tensor_quantized_tensor(%s, %s, %d)",
                x, grid.scale(), grid.zeroPoint());
    return bytes(
        grid,
        "torch.int_repr(ops.quantized.max_pool2d(%s, %s, %s, %s, [1, 1], False))",
        quantized,
        pair(pool.kernel()),
        pair(pool.stride()),
        pair(pool.padding()));
  }

  @Override
  String exact(String x) {
    QuantizationParameters grid = gridOf.get(x);
    return grid == null
        ? x
        : statements()
            .set(
                "torch.mul_(torch.sub_(torch.to(%s, 6), %d), %s)",
                x, grid.zeroPoint(), grid.scale());
  }

  private String toBytes(String x, QuantizationParameters grid) {
    return statements()
        .set(
            "torch.int_repr(torch.quantize_per_tensor(torch.to(%s, 6), %s, %d, 13))",
            x, grid.scale(), grid.zeroPoint());
  }

  private String bytes(QuantizationParameters grid, String format, Object... arguments) {
    String variable = statements().set(format, arguments);
    gridOf.put(variable, grid);
    return variable;
  }

  private String packedConv(PlacedConv conv, QuantizationParameters in) {
    Conv2d layer = conv.layer();
    String weight = reference(conv.path() + ".weight");
    return packed()
        .add(
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
