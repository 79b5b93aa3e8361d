package io.github.facemask.program;

import static io.github.facemask.script.ScriptModule.reference;

import io.github.facemask.network.JointLogits;
import io.github.facemask.network.LayerNorm;
import io.github.facemask.network.Linear;
import io.github.facemask.network.PatchMerging;
import io.github.facemask.network.Rearrangement;
import io.github.facemask.network.SelfAttention;
import io.github.facemask.network.TokenEmbedding;
import io.github.facemask.network.WindowAttention;
import io.github.facemask.network.WindowGrid;

/** Writes layers whose features are tokens (B, N, C) or images (B, H, W, C). */
final class TokenOperations {

  private final Statements statements;

  TokenOperations(Statements statements) {
    this.statements = statements;
  }

  String linear(Linear linear, String path, String x) {
    if (linear.head()) {
      // Logits in float32: bfloat16 has too few digits for the loss of a confident class.
      return statements.set(
          "torch.linear(torch.to(%s, 6), %s, %s)",
          x, reference(path + ".weight"), reference(path + ".bias"));
    }
    return statements.set(
        "torch.linear(%s, %s, %s)",
        x,
        statements.weight(path + ".weight"),
        linear.bias() ? statements.weight(path + ".bias") : "None");
  }

  /**
   * Scale and shift are cast to the precision of the features: only on the CPU may they differ. The
   * sums within are in float32 all the same.
   */
  String layerNorm(LayerNorm norm, String path, String x) {
    return statements.set(
        "torch.layer_norm(%s, [%d], %s, %s, %s, True)",
        x,
        norm.features(),
        statements.weight(path + ".weight"),
        statements.weight(path + ".bias"),
        norm.eps());
  }

  /** (B, 1 + H * W, C) to (B, C, H, W), without the class token. */
  String patchesAsImage(TokenEmbedding embedding, String x) {
    return statements.set(
        "torch.unflatten(torch.transpose(torch.slice(%s, 1, 1), 1, 2), 2, [%d, %d])",
        x, embedding.rows(), embedding.columns());
  }

  /** Sums each class's log-probabilities by broadcasting, a dimension for each head. */
  String jointLogits(JointLogits joint, String logits) {
    int heads = joint.sizes().size();
    String sum = null;
    int from = 0;
    for (int head = 0; head < heads; head++) {
      int size = joint.sizes().get(head);
      String own =
          statements.set(
              "torch.log_softmax(torch.slice(%s, 1, %d, %d), 1)", logits, from, from + size);
      String shape = "-1" + ", 1".repeat(head) + ", " + size + ", 1".repeat(heads - 1 - head);
      String spread = statements.set("torch.reshape(%s, [%s])", own, shape);
      sum = sum == null ? spread : statements.set("torch.add(%s, %s)", sum, spread);
      from += size;
    }
    return statements.set("torch.flatten(%s, 1)", sum);
  }

  String rearrange(Rearrangement layer, String x) {
    return switch (layer.kind()) {
      case IMAGE_TO_TOKENS -> statements.set("torch.transpose(torch.flatten(%s, 2), 1, 2)", x);
      case IMAGE_TO_CHANNELS_LAST -> statements.set("torch.permute(%s, [0, 2, 3, 1])", x);
      case FIRST_TOKEN -> statements.set("torch.select(%s, 1, 0)", x);
    };
  }

  /** Puts the class token before the patches and adds the embedding of positions. */
  String embed(String path, String patches) {
    String prefix = path.isEmpty() ? "" : path + ".";
    String token =
        statements.set(
            "torch.expand(%s, [torch.size(%s, 0), -1, -1])",
            statements.weight(prefix + "cls_token"), patches);
    return statements.set(
        "torch.add(torch.cat([%s, %s], 1), %s)",
        token, patches, statements.weight(prefix + "pos_embed"));
  }

  String selfAttention(SelfAttention attention, String path, String x) {
    int heads = attention.heads();
    String qkv = linear(attention.qkv(), path + ".qkv", x);
    // (B, N, 3, heads, C / heads) to (3, B, heads, N, C / heads).
    String split =
        statements.set(
            "torch.permute(torch.unflatten(%s, 2, [3, %d, %d]), [2, 0, 3, 1, 4])",
            qkv, heads, attention.features() / heads);
    String mixed = mix(part(split, 0), part(split, 1), part(split, 2), attention);
    String joined = statements.set("torch.flatten(torch.transpose(%s, 1, 2), 2)", mixed);
    return linear(attention.projection(), path + ".proj", joined);
  }

  /**
   * In bfloat16 on a CPU as three operations: forward and backward in 41 ms, where the fused kernel
   * takes 106 (2 photos, 12 heads, 577 tokens, 2 cores). In float32 the fused one is the faster.
   */
  private String mix(String query, String key, String value, SelfAttention attention) {
    String fused = "torch.scaled_dot_product_attention(%1$s, %2$s, %3$s)";
    if (!statements.rounds()) {
      return statements.set(fused, query, key, value);
    }
    double scale = 1 / Math.sqrt((double) attention.features() / attention.heads());
    String plain =
        "torch.matmul(torch.softmax(torch.matmul("
            + "torch.mul(%1$s, %4$s), torch.transpose(%2$s, -2, -1)), -1), %3$s)";
    return statements.set(
        fused + " if ops.prim.is_cuda(%1$s) else " + plain, query, key, value, scale);
  }

  private String part(String split, int index) {
    return statements.set("torch.select(%s, 0, %d)", split, index);
  }

  /**
   * The maps to queries and back work on the image as it lies; each cut into windows is one copy.
   */
  String windowAttention(WindowAttention attention, String path, String x) {
    WindowGrid grid = attention.grid();
    String rolled = pad(grid, roll(grid, x, -1));
    String split = cutIntoWindows(attention, linear(attention.qkv(), path + ".qkv", rolled));
    String keys = statements.set("torch.transpose(%s, -2, -1)", part(split, 1));
    String scores = statements.set("torch.matmul(%s, %s)", part(split, 0), keys);
    String shares = statements.set("torch.softmax(%s, -1)", biased(attention, path, scores));
    String mixed = statements.set("torch.matmul(%s, %s)", shares, part(split, 2));
    String joined = joinWindows(attention, mixed);
    return roll(grid, crop(grid, linear(attention.projection(), path + ".proj", joined)), 1);
  }

  private String roll(WindowGrid grid, String x, int sign) {
    return grid.isShifted()
        ? statements.set(
            "torch.roll(%s, [%d, %d], [1, 2])",
            x, sign * grid.shiftHeight(), sign * grid.shiftWidth())
        : x;
  }

  private String pad(WindowGrid grid, String x) {
    int bottom = grid.paddedHeight() - grid.height();
    int right = grid.paddedWidth() - grid.width();
    return bottom + right == 0
        ? x
        : statements.set("torch.constant_pad_nd(%s, [0, 0, 0, %d, 0, %d], 0)", x, right, bottom);
  }

  private String crop(WindowGrid grid, String x) {
    return grid.paddedHeight() == grid.height() && grid.paddedWidth() == grid.width()
        ? x
        : statements.set(
            "torch.slice(torch.slice(%s, 1, 0, %d, 1), 2, 0, %d, 1)",
            x, grid.height(), grid.width());
  }

  /** (B, H, W, 3 C) to (3, B * windows, heads, area, C / heads). */
  private String cutIntoWindows(WindowAttention attention, String qkv) {
    WindowGrid grid = attention.grid();
    int depth = attention.features() / attention.heads();
    String cut =
        statements.set(
            "torch.reshape(%s, [-1, %d, %d, %d, %d, 3, %d, %d])",
            qkv,
            grid.rows(),
            grid.windowHeight(),
            grid.columns(),
            grid.windowWidth(),
            attention.heads(),
            depth);
    return statements.set(
        "torch.reshape(torch.permute(%s, [5, 0, 1, 3, 6, 2, 4, 7]), [3, -1, %d, %d, %d])",
        cut, attention.heads(), grid.area(), depth);
  }

  /** (B * windows, heads, area, C / heads) to (B, H, W, C). */
  private String joinWindows(WindowAttention attention, String mixed) {
    WindowGrid grid = attention.grid();
    String cut =
        statements.set(
            "torch.reshape(%s, [-1, %d, %d, %d, %d, %d, %d])",
            mixed,
            grid.rows(),
            grid.columns(),
            attention.heads(),
            grid.windowHeight(),
            grid.windowWidth(),
            attention.features() / attention.heads());
    return statements.set(
        "torch.reshape(torch.permute(%s, [0, 1, 4, 2, 5, 3, 6]), [-1, %d, %d, %d])",
        cut, grid.paddedHeight(), grid.paddedWidth(), attention.features());
  }

  /** Scaled scores plus the bias of each relative position, and the mask of shifted windows. */
  private String biased(WindowAttention attention, String path, String scores) {
    WindowGrid grid = attention.grid();
    double scale = 1 / Math.sqrt((double) attention.features() / attention.heads());
    String bias =
        statements.set(
            "torch.index_select(%s, 0, %s)",
            statements.weight(path + ".relative_position_bias_table"),
            reference(WindowConstants.indexName(grid)));
    String byHead =
        statements.set(
            "torch.permute(torch.reshape(%s, [%d, %d, %d]), [2, 0, 1])",
            bias, grid.area(), grid.area(), attention.heads());
    if (!grid.isShifted()) {
      return statements.set("torch.add(%s, %s, alpha=%s)", byHead, scores, scale);
    }
    String masked =
        statements.set(
            "torch.add(%s, %s)", byHead, statements.weight(WindowConstants.maskName(grid)));
    String byWindow =
        statements.set(
            "torch.reshape(%s, [-1, %d, %d, %d, %d])",
            scores, grid.rows() * grid.columns(), attention.heads(), grid.area(), grid.area());
    String sum = statements.set("torch.add(%s, %s, alpha=%s)", masked, byWindow, scale);
    return statements.set(
        "torch.reshape(%s, [-1, %d, %d, %d])", sum, attention.heads(), grid.area(), grid.area());
  }

  String mergePatches(PatchMerging merging, String x) {
    int height = (merging.height() + 1) / 2;
    int width = (merging.width() + 1) / 2;
    String even =
        merging.height() % 2 + merging.width() % 2 == 0
            ? x
            : statements.set(
                "torch.constant_pad_nd(%s, [0, 0, 0, %d, 0, %d], 0)",
                x, merging.width() % 2, merging.height() % 2);
    String cut =
        statements.set(
            "torch.reshape(%s, [-1, %d, 2, %d, 2, %d])", even, height, width, merging.channels());
    return statements.set(
        "torch.reshape(torch.permute(%s, [0, 1, 3, 4, 2, 5]), [-1, %d, %d, %d])",
        cut, height, width, 4 * merging.channels());
  }
}
