package io.github.facemask.internal.program;

import static io.github.facemask.internal.torchscript.ScriptModule.reference;

import io.github.facemask.internal.torchscript.ScalarType;
import io.github.facemask.network.Attention.SelfAttention;
import io.github.facemask.network.Attention.WindowAttention;
import io.github.facemask.network.Attention.WindowAttention.Grid;
import io.github.facemask.network.Linear;
import java.util.Locale;

/** Kernels for training, made of libtorch's operations over the module's float32 weights. */
final class PlainTokenKernels implements TokenKernels {

  private final Statements statements;

  PlainTokenKernels(Statements statements) {
    this.statements = statements;
  }

  @Override
  public String linear(Linear linear, String path, String x) {
    if (linear.head()) {
      // Logits are float32, because bfloat16 is too coarse for the loss of a confident class.
      return statements.set(
          "torch.linear(%s, %s, %s)",
          ScalarType.FLOAT32.cast(x), reference(path + ".weight"), reference(path + ".bias"));
    }
    return statements.set(
        "torch.linear(%s, %s, %s)",
        x,
        statements.weight(path + ".weight"),
        linear.bias() ? statements.weight(path + ".bias") : "None");
  }

  /**
   * Writes attention. In bfloat16 on a CPU it is three operations: forward and backward take 41 ms,
   * the fused kernel takes 106 ms (2 photos, 12 heads, 577 tokens, 2 cores). In float32 the fused
   * kernel is faster.
   */
  @Override
  public String attend(SelfAttention attention, String query, String key, String value) {
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

  /**
   * Writes attention within windows: on a GPU the fused kernel, which never writes the scores to
   * memory, and on a CPU single operations.
   */
  @Override
  public String attend(
      WindowAttention attention, String path, String query, String key, String value) {
    String bias = bias(attention, path);
    return statements.choose(
        "ops.prim.is_cuda(" + query + ")",
        () -> fused(attention, bias, query, key, value),
        () -> {
          String scores =
              statements.set("torch.matmul(%s, torch.transpose(%s, -2, -1))", query, key);
          String shares = statements.set("torch.softmax(%s, -1)", biased(attention, bias, scores));
          return statements.set("torch.matmul(%s, %s)", shares, value);
        });
  }

  /** Writes the fused kernel, with one lane for each different bias. */
  private String fused(
      WindowAttention attention, String bias, String query, String key, String value) {
    Grid grid = attention.grid();
    int depth = attention.features() / attention.heads();
    int windows = grid.isShifted() ? grid.rows() * grid.columns() : 1;
    int lanes = windows * attention.heads();
    String shape = String.format(Locale.ROOT, "[-1, %d, %d, %d]", lanes, grid.area(), depth);
    // The kernel reads a bias that lies in memory as its shape says.
    String mixed =
        statements.set(
            "torch.scaled_dot_product_attention(torch.reshape(%2$s, %1$s),"
                + " torch.reshape(%3$s, %1$s), torch.reshape(%4$s, %1$s),"
                + " torch.contiguous(torch.reshape(%5$s, [1, %6$d, %7$d, %7$d])))",
            shape, query, key, value, bias, lanes, grid.area());
    return statements.set(
        "torch.reshape(%s, [-1, %d, %d, %d])", mixed, attention.heads(), grid.area(), depth);
  }

  /**
   * Writes the bias of each relative position (heads, area, area), with the mask of shifted windows
   * (windows, heads, area, area).
   */
  private String bias(WindowAttention attention, String path) {
    Grid grid = attention.grid();
    String bias =
        statements.set(
            "torch.index_select(%s, 0, %s)",
            statements.weight(path + ".relative_position_bias_table"),
            reference(WindowConstants.indexName(grid)));
    String byHead =
        statements.set(
            "torch.permute(torch.reshape(%s, [%d, %d, %d]), [2, 0, 1])",
            bias, grid.area(), grid.area(), attention.heads());
    return grid.isShifted()
        ? statements.set(
            "torch.add(%s, %s)", byHead, statements.weight(WindowConstants.maskName(grid)))
        : byHead;
  }

  /** Adds the bias to the scaled scores. */
  private String biased(WindowAttention attention, String bias, String scores) {
    Grid grid = attention.grid();
    double scale = 1 / Math.sqrt((double) attention.features() / attention.heads());
    if (!grid.isShifted()) {
      return statements.set("torch.add(%s, %s, alpha=%s)", bias, scores, scale);
    }
    String byWindow =
        statements.set(
            "torch.reshape(%s, [-1, %d, %d, %d, %d])",
            scores, grid.rows() * grid.columns(), attention.heads(), grid.area(), grid.area());
    String sum = statements.set("torch.add(%s, %s, alpha=%s)", bias, byWindow, scale);
    return statements.set(
        "torch.reshape(%s, [-1, %d, %d, %d])", sum, attention.heads(), grid.area(), grid.area());
  }
}
