package io.github.facemask.internal.program;

import io.github.facemask.network.Attention.SelfAttention;
import io.github.facemask.network.Attention.WindowAttention;
import io.github.facemask.network.Linear;

/** Generates the code of the costly parts of token layers. */
public interface TokenKernels {

  /**
   * Writes a linear layer.
   *
   * @param linear the layer
   * @param path its dotted path
   * @param x the variable that holds its input (..., in)
   * @return the variable that holds its output (..., out)
   */
  String linear(Linear linear, String path, String x);

  /**
   * Writes attention to all tokens.
   *
   * @param attention its sizes
   * @param query the variable of the queries (B, heads, N, C / heads)
   * @param key the variable of the keys
   * @param value the variable of the values
   * @return the variable of the mixed values, of the same shape
   */
  String attend(SelfAttention attention, String query, String key, String value);

  /**
   * Writes attention within windows.
   *
   * @param attention its sizes and windows
   * @param path its dotted path
   * @param query the variable of the queries (B * windows, heads, area, C / heads)
   * @param key the variable of the keys
   * @param value the variable of the values
   * @return the variable of the mixed values, of the same shape
   */
  String attend(WindowAttention attention, String path, String query, String key, String value);
}
