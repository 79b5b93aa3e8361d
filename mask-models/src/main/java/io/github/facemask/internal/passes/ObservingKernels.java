package io.github.facemask.internal.passes;

import io.github.facemask.network.Linear;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Records the variables to quantize: outputs of convolutions and inputs of linear layers. One
 * instance writes one program. Not thread-safe.
 */
final class ObservingKernels extends ForwardingKernels {

  private final QuantizedLayers layers;
  private final Map<String, String> variables = new LinkedHashMap<>();

  /**
   * Creates the writer.
   *
   * @param kernels writes the program in floating-point numbers
   * @param layers the layers to quantize
   */
  ObservingKernels(Kernels kernels, QuantizedLayers layers) {
    super(kernels);
    this.layers = layers;
  }

  /** Returns the variables by the layers' paths, in the order of computation. */
  Map<String, String> variables() {
    return variables;
  }

  @Override
  public Value conv(PlacedConv conv, Value x, PostOp postOp) {
    return note(conv.path(), super.conv(conv, x, postOp));
  }

  @Override
  public Value convAndSum(PlacedConv conv, Value x, Value other, PostOp postOp) {
    return note(conv.path(), super.convAndSum(conv, x, other, postOp));
  }

  @Override
  public Value linear(Linear linear, String path, Value x, PostOp postOp) {
    return super.linear(linear, path, note(path, x), postOp);
  }

  private Value note(String path, Value value) {
    if (layers.contains(path)) {
      variables.put(path, value.variable());
    }
    return value;
  }
}
