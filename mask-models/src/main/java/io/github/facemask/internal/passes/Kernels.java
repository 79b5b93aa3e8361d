package io.github.facemask.internal.passes;

import static io.github.facemask.internal.program.Statements.pair;
import static io.github.facemask.internal.torchscript.ScriptModule.reference;

import io.github.facemask.internal.program.Statements;
import io.github.facemask.internal.program.TokenKernels;
import io.github.facemask.model.Target;
import io.github.facemask.network.ActivationKind;
import io.github.facemask.network.Conv2d;
import io.github.facemask.network.Linear;
import io.github.facemask.network.MaxPool2d;
import io.github.facemask.network.SelfAttention;
import io.github.facemask.network.WindowAttention;
import java.util.Locale;

/** Writes convolutions, linear maps and attention as the target computes them fastest. */
class Kernels implements TokenKernels {

  static final String NO_SCALARS = "annotate(List[Optional[number]], [])";

  private final Statements statements;
  private final Target target;
  private final PackedWeights packed;

  Kernels(Statements statements, Target target, PackedWeights packed) {
    this.statements = statements;
    this.target = target;
    this.packed = packed;
  }

  final Statements statements() {
    return statements;
  }

  final PackedWeights packed() {
    return packed;
  }

  /** What is computed where a result is written. */
  enum Then {
    NOTHING("none", "%s"),
    RELU("relu", "torch.relu_(%s)"),
    SILU("swish", "torch.silu_(%s)"),
    GELU("gelu", "torch.gelu(%s)"),
    SIGMOID("sigmoid", "torch.sigmoid_(%s)");

    private final String attribute;
    private final String plain;

    Then(String attribute, String plain) {
      this.attribute = attribute;
      this.plain = plain;
    }

    String attribute() {
      return attribute;
    }

    static Then of(ActivationKind kind) {
      return switch (kind) {
        case IDENTITY -> NOTHING;
        case RELU -> RELU;
        case SILU -> SILU;
        case GELU -> GELU;
      };
    }

    /** oneDNN's variant of the function: gelu by the error function. */
    String algorithm() {
      return this == GELU ? "\"none\"" : "None";
    }
  }

  /** Writes a function of each element, in place where there is such an operation. */
  String activate(Then then, String x) {
    return then == Then.NOTHING ? x : statements.set(then.plain, x);
  }

  /** Writes a max-pooling. */
  String maxPool(MaxPool2d pool, String x) {
    return statements.set(
        "torch.max_pool2d(%s, %s, %s, %s, [1, 1], False)",
        x, pair(pool.kernel()), pair(pool.stride()), pair(pool.padding()));
  }

  /** Writes the numbers for which a variable stands. */
  String exact(String x) {
    return x;
  }

  /** Writes a convolution. */
  String conv(PlacedConv conv, String x, Then then) {
    Conv2d layer = conv.layer();
    String bias = bias(conv);
    if (target == Target.PORTABLE) {
      return activate(then, plainConv(conv, x));
    }
    return statements.set(
        "ops.mkldnn._convolution_pointwise(%s, %s, %s, %s, %s, [1, 1], %d, \"%s\", %s, %s)",
        x,
        pack(conv),
        bias,
        pair(layer.padding()),
        pair(layer.stride()),
        layer.groups(),
        then.attribute,
        NO_SCALARS,
        then.algorithm());
  }

  /** Writes a convolution whose result is added to {@code other}, in whose place it is written. */
  String convAndSum(PlacedConv conv, String x, String other, Then then) {
    Conv2d layer = conv.layer();
    String bias = bias(conv);
    if (target == Target.PORTABLE) {
      String sum = statements.set("torch.add_(%s, %s)", plainConv(conv, x), other);
      return activate(then, sum);
    }
    return statements.set(
        "ops.mkldnn._convolution_pointwise_(%s, %s, %s, %s, %s, %s, [1, 1], %d, \"add\", 1., %s, %s,"
            + " None)",
        other,
        x,
        pack(conv),
        bias,
        pair(layer.padding()),
        pair(layer.stride()),
        layer.groups(),
        then == Then.NOTHING ? "None" : '"' + then.attribute + '"',
        NO_SCALARS);
  }

  /**
   * Writes a convolution of one pixel as a product, in float32: oneDNN takes 90 microseconds to
   * begin, which is longer than the product.
   *
   * @param x (B, C)
   * @return (B, D)
   */
  final String pixel(PlacedConv conv, String x, Then then) {
    String weight = reference(conv.path() + ".weight");
    String product =
        statements.set("torch.linear(%s, torch.flatten(%s, 1), %s)", x, weight, bias(conv));
    return activate(then, product);
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
  public final String linear(Linear linear, String path, String x) {
    return linear(linear, path, x, Then.NOTHING);
  }

  /** Writes a linear map and what is computed with it. */
  String linear(Linear linear, String path, String x, Then then) {
    String weight = reference(path + ".weight");
    String bias = linear.bias() ? reference(path + ".bias") : "None";
    if (linear.head()) {
      return statements.set("torch.linear(torch.to(%s, 6), %s, %s)", x, weight, bias);
    }
    if (target == Target.PORTABLE) {
      return activate(then, statements.set("torch.linear(%s, %s, %s)", x, weight, bias));
    }
    return statements.set(
        "ops.mkldnn._linear_pointwise(%s, %s, %s, \"%s\", %s, %s)",
        x,
        packed.add(weight, photos -> "ops.mkldnn._reorder_linear_weight(" + weight + ")"),
        bias,
        then.attribute,
        NO_SCALARS,
        then.algorithm());
  }

  /** The scale is in the queries. */
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
    if (statements.rounds()) {
      String scores = statements.set("torch.matmul(%s, torch.transpose(%s, -2, -1))", q, k);
      String shares = statements.set("torch.softmax(torch.add_(%s, %s), -1)", scores, bias);
      mixed = statements.set("torch.matmul(%s, %s)", shares, v);
    } else {
      mixed =
          statements.set(
              "torch.scaled_dot_product_attention(%s, %s, %s, %s, 0., False, scale=1.)",
              q, k, v, bias);
    }
    return statements.set(
        "torch.reshape(%s, [-1, %d, %d, %d])", mixed, attention.heads(), area, depth);
  }

  /** (B * windows, heads, area, depth) to (B, lanes, area, depth), a lane for each own bias. */
  private String lanes(String x, int lanes, int area, int depth) {
    return statements.set("torch.reshape(%s, [-1, %d, %d, %d])", x, lanes, area, depth);
  }
}
