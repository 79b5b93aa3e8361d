package io.github.facemask.internal.program;

import static io.github.facemask.internal.program.Statements.pair;
import static io.github.facemask.internal.torchscript.ScriptModule.reference;

import com.google.common.collect.ImmutableSet;
import io.github.facemask.internal.torchscript.ScalarType;
import io.github.facemask.network.Conv2d;
import io.github.facemask.network.Conv2d.SamePadding;
import io.github.facemask.network.Conv2d.StandardizedConv2d;
import io.github.facemask.network.Normalization.BatchNorm2d;
import io.github.facemask.network.Normalization.GroupNorm;
import io.github.facemask.network.Pooling.MaxPool2d;
import io.github.facemask.network.SqueezeExcite;
import io.github.facemask.tensor.MemoryLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Writes layers whose features are images (B, C, H, W). */
public final class ImageOperations {

  private static final int FEW_PIXELS = 3;
  private static final int WIDE = 256;

  private final Statements statements;
  private final MemoryLayout layout;
  private final ImmutableSet<String> frozen;
  private final List<String> batchCounts = new ArrayList<>();

  /**
   * Creates the writer.
   *
   * @param statements receives the code
   * @param layout the memory layout of the features
   * @param frozen tensors that are not trained; frozen norms keep their statistics
   */
  public ImageOperations(Statements statements, MemoryLayout layout, ImmutableSet<String> frozen) {
    this.statements = statements;
    this.layout = layout;
    this.frozen = frozen;
  }

  String conv(Conv2d conv, String path, String x) {
    if (statements.rounds() && slowInBfloat16(conv)) {
      return float32Conv(conv, path, x);
    }
    return slowOnFewPixels(conv)
        ? statements.choose(
            String.format(
                Locale.ROOT,
                "torch.le(torch.size(%1$s, 2), %2$d) and torch.le(torch.size(%1$s, 3), %2$d)"
                    + " and not ops.prim.is_cuda(%1$s)",
                x,
                FEW_PIXELS),
            () -> productOfPatches(conv, path, x),
            () -> plainConv(conv, path, x))
        : plainConv(conv, path, x);
  }

  private String plainConv(Conv2d conv, String path, String x) {
    String bias = conv.bias() ? statements.weight(path + ".bias") : "None";
    return statements.set(
        "torch.conv2d(%s, %s, %s, %s, %s, [1, 1], %d)",
        x,
        statements.weight(path + ".weight"),
        bias,
        pair(conv.stride()),
        pair(conv.padding()),
        conv.groups());
  }

  /**
   * Without AVX-512, oneDNN 3.7 has no fast float32 weight gradient for wide kernels over few
   * pixels. For 512 channels of 2 x 2 pixels and batch 32 it takes 100 ms, a matrix product 26 ms.
   * For 3 x 3 pixels it takes 68 ms, a matrix product 44 ms.
   */
  private boolean slowOnFewPixels(Conv2d conv) {
    return !statements.rounds()
        && layout == MemoryLayout.CHANNELS_LAST
        && conv.in() >= WIDE
        && conv.groups() == 1
        && !conv.bias()
        && conv.kernel() == 3
        && conv.stride() == 1
        && conv.padding() == 1;
  }

  /** Writes a 3 x 3 convolution as the matrix product of all patches with the kernels. */
  private String productOfPatches(Conv2d conv, String path, String x) {
    String rows = statements.set("torch.permute(%s, [0, 2, 3, 1])", x);
    String height = statements.set("torch.size(%s, 2)", x);
    String width = statements.set("torch.size(%s, 3)", x);
    String padded = statements.set("torch.constant_pad_nd(%s, [0, 0, 1, 1, 1, 1], 0)", rows);
    List<String> shifted = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 3; j++) {
        shifted.add(
            String.format(
                Locale.ROOT,
                "torch.slice(torch.slice(%s, 1, %d, torch.add(%s, %d)), 2, %d, torch.add(%s, %d))",
                padded,
                i,
                height,
                i,
                j,
                width,
                j));
      }
    }
    String patches =
        statements.set(
            "torch.reshape(torch.cat([%s], 3), [-1, %d])",
            String.join(", ", shifted), 9 * conv.in());
    String kernels =
        statements.set(
            "torch.reshape(torch.permute(%s, [0, 2, 3, 1]), [%d, %d])",
            statements.weight(path + ".weight"), conv.out(), 9 * conv.in());
    String sums = statements.set("torch.linear(%s, %s, None)", patches, kernels);
    return statements.set(
        "torch.permute(torch.reshape(%s, [-1, %s, %s, %d]), [0, 3, 1, 2])",
        sums, height, width, conv.out());
  }

  /**
   * oneDNN 3.7 has no fast bfloat16 backward pass for wide (weights) or strided (features)
   * depthwise convolutions: 40 to 500 ms. In float32 it takes 13 to 75 ms, casts included.
   */
  private static boolean slowInBfloat16(Conv2d conv) {
    boolean depthwise = conv.groups() == conv.in() && conv.groups() > 1;
    return depthwise && (conv.kernel() > 3 || conv.stride() > 1);
  }

  private String float32Conv(Conv2d conv, String path, String x) {
    String result =
        statements.set(
            "torch.conv2d(%s, %s, %s, %s, %s, [1, 1], %d)",
            ScalarType.FLOAT32.cast(x),
            reference(path + ".weight"),
            conv.bias() ? reference(path + ".bias") : "None",
            pair(conv.stride()),
            pair(conv.padding()),
            conv.groups());
    return statements.set("%s", ScalarType.BFLOAT16.cast(result));
  }

  /**
   * Writes a convolution whose kernels are standardized in float32 by one batch norm over (1, out,
   * in * k * k).
   */
  public String standardizedConv(StandardizedConv2d conv, String path, String x) {
    String weight = reference(path + ".weight");
    String flat = statements.set("torch.reshape(%s, [1, %d, -1])", weight, conv.out());
    String standard =
        statements.set(
            "torch.batch_norm(%s, None, None, None, None, True, 0., %s, True)", flat, conv.eps());
    String kernels =
        statements.set(
            "torch.to(torch.reshape(%s, [%d, %d, %d, %d]), ops.prim.dtype(%s))",
            standard, conv.out(), conv.in(), conv.kernel(), conv.kernel(), x);
    return statements.set(
        "torch.conv2d(%s, %s, None, %s, %s, [1, 1], 1)",
        x, kernels, pair(conv.stride()), pair(conv.padding()));
  }

  /** Writes a batch norm. It is trained if it is not frozen. */
  public String batchNorm(BatchNorm2d norm, String path, String x) {
    boolean trained = !frozen.contains(path + ".weight");
    if (trained) {
      batchCounts.add(reference(path + ".num_batches_tracked"));
    }
    return statements.set(
        "torch.batch_norm(%s, %s, %s, %s, %s, %s, %s, %s, True)",
        x,
        reference(path + ".weight"),
        reference(path + ".bias"),
        reference(path + ".running_mean"),
        reference(path + ".running_var"),
        trained ? "training" : "False",
        norm.momentum(),
        norm.eps());
  }

  /** Counts the batches in training. Call this after all layers. */
  void countBatches() {
    if (batchCounts.isEmpty()) {
      return;
    }
    StringBuilder code = new StringBuilder("  if training:\n");
    // One by one: libtorch drops a fused addition to a new list as dead code.
    for (int i = 0; i < batchCounts.size(); i++) {
      code.append("    _n" + i + " = torch.add_(" + batchCounts.get(i) + ", 1)\n");
    }
    statements.add(code.append("  else:\n    pass\n").toString());
  }

  /** Writes a group norm. */
  public String groupNorm(GroupNorm norm, String path, String x) {
    return statements.set(
        "torch.group_norm(%s, %d, %s, %s, %s, True)",
        x,
        norm.groups(),
        statements.weight(path + ".weight"),
        statements.weight(path + ".bias"),
        norm.eps());
  }

  /** Writes a max-pooling. */
  public String maxPool(MaxPool2d pool, String x) {
    return statements.set(
        "torch.max_pool2d(%s, %s, %s, %s, [1, 1], False)",
        x, pair(pool.kernel()), pair(pool.stride()), pair(pool.padding()));
  }

  /** Writes TensorFlow's padding. */
  public String samePadding(SamePadding padding, String x) {
    String height = border(padding, x, 2);
    String width = border(padding, x, 3);
    String left = statements.set("torch.floordiv(%s, 2)", width);
    String top = statements.set("torch.floordiv(%s, 2)", height);
    return statements.set(
        "torch.constant_pad_nd(%s, [%s, torch.sub(%s, %s), %s, torch.sub(%s, %s)], %s)",
        x, left, width, left, top, height, top, literal(padding.value()));
  }

  /** max(0, (ceil(size / stride) - 1) * stride + kernel - size). */
  private String border(SamePadding padding, String x, int dimension) {
    String size = statements.set("torch.size(%s, %d)", x, dimension);
    String last =
        statements.set(
            "torch.mul(torch.floordiv(torch.sub(%s, 1), %d), %d)",
            size, padding.stride(), padding.stride());
    return statements.set(
        "ops.prim.max(torch.sub(torch.add(%s, %d), %s), 0)", last, padding.kernel(), size);
  }

  private static String literal(double value) {
    return value == Double.NEGATIVE_INFINITY ? "float(\"-inf\")" : Double.toString(value);
  }

  /**
   * Writes the mean over height and width (B, C, 1, 1), in channels-last as a pooling. The gradient
   * of a plain mean is row-major and makes all gradients before it row-major. In bfloat16 a plain
   * mean takes 23 ms and the pooling 0.6 ms (8 photos of 48 channels, 190 by 190).
   */
  public String spatialMean(String x) {
    if (layout == MemoryLayout.CONTIGUOUS) {
      return statements.set("torch.mean(%s, [2, 3], True)", x);
    }
    return statements.set("torch.avg_pool2d(%1$s, [torch.size(%1$s, 2), torch.size(%1$s, 3)])", x);
  }

  String squeezeExcite(SqueezeExcite layer, String path, String x) {
    String mean = spatialMean(x);
    String reduced = conv(layer.reduce(), path + "." + layer.reduce().name(), mean);
    String activated = statements.set("torch.silu(%s)", reduced);
    String expanded = conv(layer.expand(), path + "." + layer.expand().name(), activated);
    return statements.set("torch.mul(%s, torch.sigmoid(%s))", x, expanded);
  }
}
