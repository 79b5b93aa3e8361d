package io.github.facemask.internal.passes;

import io.github.facemask.network.Attention.SelfAttention;
import io.github.facemask.network.Attention.WindowAttention;
import io.github.facemask.network.Linear;
import io.github.facemask.network.Pooling.MaxPool2d;

/** Forwards all calls to other kernels; subclasses override some. */
abstract class ForwardingKernels implements Kernels {

  private final Kernels kernels;

  ForwardingKernels(Kernels kernels) {
    this.kernels = kernels;
  }

  @Override
  public Value conv(PlacedConv conv, Value x, PostOp postOp) {
    return kernels.conv(conv, x, postOp);
  }

  @Override
  public Value convAndSum(PlacedConv conv, Value x, Value other, PostOp postOp) {
    return kernels.convAndSum(conv, x, other, postOp);
  }

  @Override
  public Value linear(Linear linear, String path, Value x, PostOp postOp) {
    return kernels.linear(linear, path, x, postOp);
  }

  @Override
  public Value maxPool(MaxPool2d pool, Value x) {
    return kernels.maxPool(pool, x);
  }

  @Override
  public String attend(SelfAttention attention, String query, String key, String value) {
    return kernels.attend(attention, query, key, value);
  }

  @Override
  public String attend(
      WindowAttention attention, String path, String query, String key, String value) {
    return kernels.attend(attention, path, query, key, value);
  }
}
