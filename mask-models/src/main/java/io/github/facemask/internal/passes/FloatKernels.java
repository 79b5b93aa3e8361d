package io.github.facemask.internal.passes;

import static io.github.facemask.internal.program.Statements.pair;
import static io.github.facemask.internal.torchscript.ScriptModule.reference;

import io.github.facemask.internal.program.Statements;
import io.github.facemask.internal.torchscript.ScalarType;
import io.github.facemask.model.Target;
import io.github.facemask.network.Attention.SelfAttention;
import io.github.facemask.network.Attention.WindowAttention;
import io.github.facemask.network.Conv2d;
import io.github.facemask.network.Linear;
import io.github.facemask.network.Pooling.MaxPool2d;
import java.util.Locale;

/**
 * Writes the fastest floating-point convolutions, linear layers and attention for a target. One
 * instance writes one program. Not thread-safe.
 */
final class FloatKernels implements Kernels {

  static final String NO_SCALARS = "annotate(List[Optional[number]], [])";

  private final Statements statements;
  private final Target target;
  private final PackedWeights packed;

  /**
   * Creates the writer.
   *
   * @param statements receives the code
   * @param target the target of the program
   * @param packed receives the weights to pack for oneDNN
   */
  FloatKernels(Statements statements, Target target, PackedWeights packed) {
    this.statements = statements;
    this.target = target;
    this.packed = packed;
  }

  @Override
  public Value maxPool(MaxPool2d pool, Value x) {
    return set(
        "torch.max_pool2d(%s, %s, %s, %s, [1, 1], False)",
        floats(x), pair(pool.kernel()), pair(pool.stride()), pair(pool.padding()));
  }

  @Override
  public Value conv(PlacedConv conv, Value x, PostOp postOp) {
    Conv2d layer = conv.layer();
    if (target == Target.PORTABLE) {
      return Value.ofFloats(postOp.write(statements, plainConv(conv, floats(x))));
    }
    return set(
        "ops.mkldnn._convolution_pointwise(%s, %s, %s, %s, %s, [1, 1], %d, \"%s\", %s, %s)",
        floats(x),
        pack(conv),
        bias(conv),
        pair(layer.padding()),
        pair(layer.stride()),
        layer.groups(),
        postOp.attribute(),
        NO_SCALARS,
        postOp.algorithm());
  }

  @Override
  public Value convAndSum(PlacedConv conv, Value x, Value other, PostOp postOp) {
    Conv2d layer = conv.layer();
    if (target == Target.PORTABLE) {
      String sum = statements.set("torch.add_(%s, %s)", plainConv(conv, floats(x)), floats(other));
      return Value.ofFloats(postOp.write(statements, sum));
    }
    return set(
        "ops.mkldnn._convolution_pointwise_(%s, %s, %s, %s, %s, %s, [1, 1], %d, \"add\", 1., %s, %s,"
            + " None)",
        floats(other),
        floats(x),
        pack(conv),
        bias(conv),
        pair(layer.padding()),
        pair(layer.stride()),
        layer.groups(),
        postOp == PostOp.NONE ? "None" : '"' + postOp.attribute() + '"',
        NO_SCALARS);
  }

  private String plainConv(PlacedConv conv, String x) {
    Conv2d layer = conv.layer();
    return statements.set(
        "torch.conv2d(%s, %s, %s, %s, %s, [1, 1], %d)",
        x,
        reference(conv.path() + ".weight"),
        bias(conv),
        pair(layer.stride()),
        pair(layer.padding()),
        layer.groups());
  }

  private String pack(PlacedConv conv) {
    Conv2d layer = conv.layer();
    String weight = reference(conv.path() + ".weight");
    return packed.add(
        weight,
        photos ->
            String.format(
                Locale.ROOT,
                "ops.mkldnn._reorder_convolution_weight(%s, %s, %s, [1, 1], %d, %s)",
                weight,
                pair(layer.padding()),
                pair(layer.stride()),
                layer.groups(),
                conv.inputShape(photos)));
  }

  static String bias(PlacedConv conv) {
    return conv.layer().bias() ? reference(conv.path() + ".bias") : "None";
  }

  @Override
  public Value linear(Linear linear, String path, Value x, PostOp postOp) {
    String weight = reference(path + ".weight");
    String bias = linear.bias() ? reference(path + ".bias") : "None";
    if (linear.head()) {
      return set("torch.linear(%s, %s, %s)", ScalarType.FLOAT32.cast(floats(x)), weight, bias);
    }
    if (target == Target.PORTABLE) {
      String product = statements.set("torch.linear(%s, %s, %s)", floats(x), weight, bias);
      return Value.ofFloats(postOp.write(statements, product));
    }
    return set(
        "ops.mkldnn._linear_pointwise(%s, %s, %s, \"%s\", %s, %s)",
        floats(x),
        packed.add(weight, photos -> "ops.mkldnn._reorder_linear_weight(" + weight + ")"),
        bias,
        postOp.attribute(),
        NO_SCALARS,
        postOp.algorithm());
  }

  private Value set(String format, Object... arguments) {
    return Value.ofFloats(statements.set(format, arguments));
  }

  private String floats(Value x) {
    return x.dequantized(statements);
  }

  /** Writes attention; the queries are already scaled. */
  @Override
  public String attend(SelfAttention attention, String query, String key, String value) {
    String fused =
        String.format(
            Locale.ROOT,
            "torch.scaled_dot_product_attention(%s, %s, %s, None, 0., False, scale=1.)",
            query,
            key,
            value);
    if (!statements.rounds()) {
      return statements.set("%s", fused);
    }
    String scores =
        String.format(Locale.ROOT, "torch.matmul(%s, torch.transpose(%s, -2, -1))", query, key);
    String plain =
        String.format(Locale.ROOT, "torch.matmul(torch.softmax(%s, -1), %s)", scores, value);
    return target == Target.PORTABLE
        ? statements.set("%s if ops.prim.is_cuda(%s) else %s", fused, query, plain)
        : statements.set("%s", plain);
  }

  @Override
  public String attend(
      WindowAttention attention, String path, String query, String key, String value) {
    String bias = reference(FoldWindowBias.constant(path));
    int area = attention.grid().area();
    int depth = attention.features() / attention.heads();
    int windows =
        attention.grid().isShifted() ? attention.grid().rows() * attention.grid().columns() : 1;
    int lanes = windows * attention.heads();
    String q = lanes(query, lanes, area, depth);
    String k = lanes(key, lanes, area, depth);
    String v = lanes(value, lanes, area, depth);
    String mixed;
    if (!statements.rounds()) {
      mixed = fused(q, k, v, bias);
    } else if (target == Target.PORTABLE) {
      mixed =
          statements.choose(
              "ops.prim.is_cuda(" + q + ")",
              () -> fused(q, k, v, bias),
              () -> threeOperations(q, k, v, bias));
    } else {
      mixed = threeOperations(q, k, v, bias);
    }
    return statements.set(
        "torch.reshape(%s, [-1, %d, %d, %d])", mixed, attention.heads(), area, depth);
  }

  private String fused(String q, String k, String v, String bias) {
    return statements.set(
        "torch.scaled_dot_product_attention(%s, %s, %s, %s, 0., False, scale=1.)", q, k, v, bias);
  }

  private String threeOperations(String q, String k, String v, String bias) {
    String scores = statements.set("torch.matmul(%s, torch.transpose(%s, -2, -1))", q, k);
    String shares = statements.set("torch.softmax(torch.add_(%s, %s), -1)", scores, bias);
    return statements.set("torch.matmul(%s, %s)", shares, v);
  }

  /**
   * Reshapes (B * windows, heads, area, depth) to (B, lanes, area, depth), with one lane for each
   * different bias.
   */
  private String lanes(String x, int lanes, int area, int depth) {
    return statements.set("torch.reshape(%s, [-1, %d, %d, %d])", x, lanes, area, depth);
  }
}
