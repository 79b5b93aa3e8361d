package io.github.facemask.internal.program;

import io.github.facemask.label.AgeGroup;
import io.github.facemask.network.Attention.SelfAttention;
import io.github.facemask.network.Attention.WindowAttention;
import io.github.facemask.network.Attention.WindowAttention.Grid;
import io.github.facemask.network.Heads.JointLogits;
import io.github.facemask.network.Linear;
import io.github.facemask.network.Normalization.LayerNorm;
import io.github.facemask.network.TokenLayer.PatchMerging;
import io.github.facemask.network.TokenLayer.Rearrangement;
import io.github.facemask.network.TokenLayer.TokenEmbedding;
import java.util.Locale;

/** Writes layers whose features are tokens (B, N, C) or images (B, H, W, C). */
public final class TokenOperations {
  private static final int LAST_YEAR = AgeGroup.YEARS - 1;

  private final Statements statements;
  private final TokenKernels kernels;

  /**
   * Creates the writer.
   *
   * @param statements receives the code
   * @param kernels writes the costly parts
   */
  public TokenOperations(Statements statements, TokenKernels kernels) {
    this.statements = statements;
    this.kernels = kernels;
  }

  String linear(Linear linear, String path, String x) {
    return kernels.linear(linear, path, x);
  }

  /**
   * Writes a layer norm. Scale and shift are cast to the precision of the features, because only
   * the CPU supports different types. The sums inside are float32 in any case.
   */
  public String layerNorm(LayerNorm norm, String path, String x) {
    return statements.set(
        "torch.layer_norm(%s, [%d], %s, %s, %s, True)",
        x,
        norm.features(),
        statements.weight(path + ".weight"),
        statements.weight(path + ".bias"),
        norm.eps());
  }

  /** (B, 1 + H * W, C) to (B, C, H, W), without the class token. */
  public String patchesAsImage(TokenEmbedding embedding, String x) {
    return statements.set(
        "torch.unflatten(torch.transpose(torch.slice(%s, 1, 1), 1, 2), 2, [%d, %d])",
        x, embedding.rows(), embedding.columns());
  }

  /** Sums each class's log-probabilities by broadcasting, with one dimension for each head. */
  public String jointLogits(JointLogits joint, String logits) {
    int heads = joint.sizes().size();
    String sum = null;
    String years = null;
    int from = 0;
    for (int head = 0; head < heads; head++) {
      int size = joint.sizes().get(head);
      String own =
          statements.set(
              "torch.log_softmax(torch.slice(%s, 1, %d, %d), 1)", logits, from, from + size);
      boolean last = head == heads - 1;
      int values = size;
      if (joint.years() && last) {
        years = expectedYears(own);
        own = ageGroups(own);
        values = AgeGroup.values().length;
      }
      String shape = "-1" + ", 1".repeat(head) + ", " + values + ", 1".repeat(heads - 1 - head);
      String spread = statements.set("torch.reshape(%s, [%s])", own, shape);
      sum = sum == null ? spread : statements.set("torch.add(%s, %s)", sum, spread);
      from += size;
    }
    String classes = statements.set("torch.flatten(%s, 1)", sum);
    return years == null ? classes : statements.set("torch.cat([%s, %s], 1)", classes, years);
  }

  /** Sums the probabilities of the years of each age group: (B, 101) to (B, 3) logarithms. */
  private String ageGroups(String logP) {
    return statements.set(ageGroupsOf(logP));
  }

  /** Returns the expression of {@link #ageGroups}. */
  static String ageGroupsOf(String logP) {
    StringBuilder groups = new StringBuilder("torch.cat([");
    for (AgeGroup group : AgeGroup.values()) {
      boolean last = group.ordinal() == AgeGroup.values().length - 1;
      int end = last ? LAST_YEAR + 1 : AgeGroup.values()[group.ordinal() + 1].firstYear();
      groups.append(
          String.format(
              Locale.ROOT,
              "%storch.logsumexp(torch.slice(%s, 1, %d, %d), [1], True)",
              group.ordinal() == 0 ? "" : ", ",
              logP,
              group.firstYear(),
              end));
    }
    return groups.append("], 1)").toString();
  }

  /** The expected age (B, 1): 100 minus the sum of the distribution function below 100. */
  private String expectedYears(String logP) {
    String below =
        statements.set("torch.slice(torch.cumsum(torch.exp(%s), 1), 1, 0, %d)", logP, LAST_YEAR);
    return statements.set("torch.rsub(torch.sum(%s, [1], True), %d)", below, LAST_YEAR);
  }

  /** Writes a change of the features' shape. */
  public String rearrange(Rearrangement layer, String x) {
    return switch (layer.kind()) {
      case IMAGE_TO_TOKENS -> statements.set("torch.transpose(torch.flatten(%s, 2), 1, 2)", x);
      case IMAGE_TO_CHANNELS_LAST -> statements.set("torch.permute(%s, [0, 2, 3, 1])", x);
      case FIRST_TOKEN -> statements.set("torch.select(%s, 1, 0)", x);
    };
  }

  /** Adds the class token before the patches, and the position embedding. */
  public String embed(String path, String patches) {
    String prefix = path.isEmpty() ? "" : path + ".";
    String token =
        statements.set(
            "torch.expand(%s, [torch.size(%s, 0), -1, -1])",
            statements.weight(prefix + "cls_token"), patches);
    return statements.set(
        "torch.add(torch.cat([%s, %s], 1), %s)",
        token, patches, statements.weight(prefix + "pos_embed"));
  }

  /** Writes attention to all tokens. */
  public String selfAttention(SelfAttention attention, String path, String x) {
    int heads = attention.heads();
    String qkv = linear(attention.qkv(), path + ".qkv", x);
    // (B, N, 3, heads, C / heads) to (3, B, heads, N, C / heads).
    String split =
        statements.set(
            "torch.permute(torch.unflatten(%s, 2, [3, %d, %d]), [2, 0, 3, 1, 4])",
            qkv, heads, attention.features() / heads);
    String mixed = kernels.attend(attention, part(split, 0), part(split, 1), part(split, 2));
    String joined = statements.set("torch.flatten(torch.transpose(%s, 1, 2), 2)", mixed);
    return linear(attention.projection(), path + ".proj", joined);
  }

  private String part(String split, int index) {
    return statements.set("torch.select(%s, 0, %d)", split, index);
  }

  /**
   * Writes attention within windows. The qkv and output layers run on the whole image; each
   * conversion to or from windows is one copy.
   */
  public String windowAttention(WindowAttention attention, String path, String x) {
    Grid grid = attention.grid();
    String rolled = pad(grid, roll(grid, x, -1));
    String split = cutIntoWindows(attention, linear(attention.qkv(), path + ".qkv", rolled));
    String mixed = kernels.attend(attention, path, part(split, 0), part(split, 1), part(split, 2));
    String joined = joinWindows(attention, mixed);
    return roll(grid, crop(grid, linear(attention.projection(), path + ".proj", joined)), 1);
  }

  private String roll(Grid grid, String x, int sign) {
    return grid.isShifted()
        ? statements.set(
            "torch.roll(%s, [%d, %d], [1, 2])",
            x, sign * grid.shiftHeight(), sign * grid.shiftWidth())
        : x;
  }

  private String pad(Grid grid, String x) {
    int bottom = grid.paddedHeight() - grid.height();
    int right = grid.paddedWidth() - grid.width();
    return bottom + right == 0
        ? x
        : statements.set("torch.constant_pad_nd(%s, [0, 0, 0, %d, 0, %d], 0)", x, right, bottom);
  }

  private String crop(Grid grid, String x) {
    return grid.paddedHeight() == grid.height() && grid.paddedWidth() == grid.width()
        ? x
        : statements.set(
            "torch.slice(torch.slice(%s, 1, 0, %d, 1), 2, 0, %d, 1)",
            x, grid.height(), grid.width());
  }

  /** (B, H, W, 3 C) to (3, B * windows, heads, area, C / heads). */
  private String cutIntoWindows(WindowAttention attention, String qkv) {
    Grid grid = attention.grid();
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
    Grid grid = attention.grid();
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

  /** Writes a merge of 2 x 2 pixels. */
  public String mergePatches(PatchMerging merging, String x) {
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
