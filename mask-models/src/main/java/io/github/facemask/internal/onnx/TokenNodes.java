package io.github.facemask.internal.onnx;

import io.github.facemask.internal.onnx.OnnxGraph.Attributes;
import io.github.facemask.network.Attention.SelfAttention;
import io.github.facemask.network.Attention.WindowAttention;
import io.github.facemask.network.Attention.WindowAttention.Grid;
import io.github.facemask.network.Linear;
import io.github.facemask.network.Normalization.LayerNorm;
import io.github.facemask.network.TokenLayer.PatchMerging;
import io.github.facemask.network.TokenLayer.Rearrangement;
import io.github.facemask.network.TokenLayer.TokenEmbedding;

/** Writes layers whose features are tokens (N, T, C) or images (N, H, W, C). */
final class TokenNodes {

  private final OnnxGraph graph;
  private final GraphWeights weights;

  TokenNodes(OnnxGraph graph, GraphWeights weights) {
    this.graph = graph;
    this.weights = weights;
  }

  String linear(Linear linear, String path, String x) {
    String product = graph.add("MatMul", path, x, weights.transposed(path + ".weight"));
    return linear.bias() ? graph.add("Add", path, product, weights.get(path + ".bias")) : product;
  }

  String layerNorm(LayerNorm norm, String path, String x) {
    return graph.add(
        "LayerNormalization",
        path,
        Attributes.of("axis", -1).and("epsilon", (float) norm.eps()),
        x,
        weights.get(path + ".weight"),
        weights.get(path + ".bias"));
  }

  String rearrange(Rearrangement layer, String path, String x) {
    return switch (layer.kind()) {
      case IMAGE_TO_TOKENS ->
          transpose(path, graph.add("Reshape", path, x, graph.longs(0, 0, -1)), 0, 2, 1);
      case IMAGE_TO_CHANNELS_LAST -> transpose(path, x, 0, 2, 3, 1);
      case FIRST_TOKEN -> graph.add("Gather", path, Attributes.of("axis", 1), x, graph.scalar(0L));
    };
  }

  /** Adds the class token before the patches, and the position embedding. */
  String embed(TokenEmbedding embedding, String path, String patches) {
    String prefix = path.isEmpty() ? "" : path + ".";
    String batch = graph.add("Shape", path, Attributes.of("start", 0).and("end", 1L), patches);
    String sizes =
        graph.add(
            "Concat", path, Attributes.of("axis", 0), batch, graph.longs(1, embedding.features()));
    String token = graph.add("Expand", path, weights.get(prefix + "cls_token"), sizes);
    String tokens = graph.add("Concat", path, Attributes.of("axis", 1), token, patches);
    return graph.add("Add", path, tokens, weights.get(prefix + "pos_embed"));
  }

  /** Writes attention to all tokens; the queries are already scaled. */
  String selfAttention(SelfAttention attention, String path, String x) {
    int heads = attention.heads();
    int features = attention.features();
    String qkv = linear(attention.qkv(), path + ".qkv", x);
    String split =
        transpose(
            path,
            graph.add("Reshape", path, qkv, graph.longs(0, 0, 3, heads, features / heads)),
            2,
            0,
            3,
            1,
            4);
    String scores =
        graph.add(
            "MatMul",
            path,
            part(path, split, 0),
            transpose(path, part(path, split, 1), 0, 1, 3, 2));
    String mixed = mix(path, scores, part(path, split, 2));
    String joined =
        graph.add("Reshape", path, transpose(path, mixed, 0, 2, 1, 3), graph.longs(0, 0, features));
    return linear(attention.projection(), path + ".proj", joined);
  }

  /**
   * Writes attention within windows. The queries are already scaled, and {@code bias} holds the
   * biases of the positions with the mask of shifted windows.
   */
  String windowAttention(WindowAttention attention, String path, String bias, String x) {
    Grid grid = attention.grid();
    int heads = attention.heads();
    int depth = attention.features() / heads;
    String windows =
        pad(
            path,
            roll(grid, path, x, -1),
            grid.paddedHeight() - grid.height(),
            grid.paddedWidth() - grid.width());
    String qkv = linear(attention.qkv(), path + ".qkv", windows);
    String cut =
        graph.add(
            "Reshape",
            path,
            qkv,
            graph.longs(
                -1,
                grid.rows(),
                grid.windowHeight(),
                grid.columns(),
                grid.windowWidth(),
                3,
                heads,
                depth));
    int lanes = (grid.isShifted() ? grid.rows() * grid.columns() : 1) * heads;
    String split =
        graph.add(
            "Reshape",
            path,
            transpose(path, cut, 5, 0, 1, 3, 6, 2, 4, 7),
            graph.longs(3, -1, lanes, grid.area(), depth));
    String products =
        graph.add(
            "MatMul",
            path,
            part(path, split, 0),
            transpose(path, part(path, split, 1), 0, 1, 3, 2));
    String scores = graph.add("Add", path, products, weights.get(bias));
    String mixed = mix(path, scores, part(path, split, 2));
    String pixels =
        graph.add(
            "Reshape",
            path,
            mixed,
            graph.longs(
                -1,
                grid.rows(),
                grid.columns(),
                heads,
                grid.windowHeight(),
                grid.windowWidth(),
                depth));
    String joined =
        graph.add(
            "Reshape",
            path,
            transpose(path, pixels, 0, 1, 4, 2, 5, 3, 6),
            graph.longs(-1, grid.paddedHeight(), grid.paddedWidth(), attention.features()));
    String projected = linear(attention.projection(), path + ".proj", joined);
    return roll(grid, path, crop(grid, path, projected), 1);
  }

  private String mix(String path, String scores, String values) {
    String shares = graph.add("Softmax", path, Attributes.of("axis", -1), scores);
    return graph.add("MatMul", path, shares, values);
  }

  private String part(String path, String split, long index) {
    return graph.add("Gather", path, Attributes.of("axis", 0), split, graph.scalar(index));
  }

  private String roll(Grid grid, String path, String x, int sign) {
    String down = roll(path, x, 1, grid.height(), sign * grid.shiftHeight());
    return roll(path, down, 2, grid.width(), sign * grid.shiftWidth());
  }

  /** Shifts towards higher indices; what leaves at one end comes in at the other. */
  private String roll(String path, String x, int axis, int size, int shift) {
    if (shift == 0) {
      return x;
    }
    int from = Math.floorMod(-shift, size);
    return graph.add(
        "Concat",
        path,
        Attributes.of("axis", axis),
        slice(path, x, axis, from, size),
        slice(path, x, axis, 0, from));
  }

  private String crop(Grid grid, String path, String x) {
    String rows = grid.paddedHeight() == grid.height() ? x : slice(path, x, 1, 0, grid.height());
    return grid.paddedWidth() == grid.width() ? rows : slice(path, rows, 2, 0, grid.width());
  }

  /** Adds zeros at the bottom and to the right. */
  private String pad(String path, String x, long bottom, long right) {
    return bottom + right == 0
        ? x
        : graph.add("Pad", path, x, graph.longs(0, 0, 0, 0, 0, bottom, right, 0));
  }

  String slice(String path, String x, long axis, long from, long to) {
    return graph.add("Slice", path, x, graph.longs(from), graph.longs(to), graph.longs(axis));
  }

  private String transpose(String path, String x, long... order) {
    return graph.add("Transpose", path, Attributes.ofLongs("perm", order), x);
  }

  /** Writes a merge of 2 x 2 pixels. */
  String mergePatches(PatchMerging merging, String path, String x) {
    int height = (merging.height() + 1) / 2;
    int width = (merging.width() + 1) / 2;
    String even = pad(path, x, merging.height() % 2, merging.width() % 2);
    String cut =
        graph.add("Reshape", path, even, graph.longs(-1, height, 2, width, 2, merging.channels()));
    return graph.add(
        "Reshape",
        path,
        transpose(path, cut, 0, 1, 3, 4, 2, 5),
        graph.longs(-1, height, width, 4L * merging.channels()));
  }
}
