package io.github.facemask.internal.passes;

import io.github.facemask.internal.program.TokenKernels;
import io.github.facemask.network.Linear;
import io.github.facemask.network.Pooling.MaxPool2d;

/** Generates the code of the costly layers of a plan. */
interface Kernels extends TokenKernels {

  /**
   * Writes a convolution.
   *
   * @param conv the convolution and the size of its input
   * @param x its input (B, in, H, W)
   * @param postOp computed on its result
   * @return its output (B, out, H', W')
   */
  Value conv(PlacedConv conv, Value x, PostOp postOp);

  /**
   * Writes a convolution that adds its result to another tensor in place.
   *
   * @param conv the convolution and the size of its input
   * @param x its input (B, in, H, W)
   * @param other the other tensor (B, out, H', W'); it is not read later
   * @param postOp computed on the sum
   * @return the sum
   */
  Value convAndSum(PlacedConv conv, Value x, Value other, PostOp postOp);

  /**
   * Writes a linear layer.
   *
   * @param linear the layer
   * @param path its dotted path
   * @param x its input (..., in)
   * @param postOp computed on its result
   * @return its output (..., out)
   */
  Value linear(Linear linear, String path, Value x, PostOp postOp);

  /**
   * Writes a max-pooling.
   *
   * @param pool the pooling
   * @param x its input (B, C, H, W)
   * @return its output, quantized like the input
   */
  Value maxPool(MaxPool2d pool, Value x);

  @Override
  default String linear(Linear linear, String path, String x) {
    return linear(linear, path, Value.ofFloats(x), PostOp.NONE).variable();
  }
}
