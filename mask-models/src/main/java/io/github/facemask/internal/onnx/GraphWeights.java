package io.github.facemask.internal.onnx;

import ai.djl.ndarray.types.Shape;
import io.github.facemask.tensor.HostTensor;
import java.util.Map;

/**
 * The weights of a network as tensors of a graph. Each is added when it is first read.
 *
 * @param graph the graph
 * @param tensors the weights by dotted name
 */
record GraphWeights(OnnxGraph graph, Map<String, HostTensor> tensors) {

  /** Adds a tensor as it is. */
  String get(String name) {
    return graph.tensor(name, tensors.get(name));
  }

  /** Adds a tensor in another shape of as many elements. */
  String reshaped(String name, long... sizes) {
    return graph.tensor(
        name, HostTensor.of(tensors.get(name).type(), new Shape(sizes), tensors.get(name).bytes()));
  }

  /** Adds a matrix (out, in) as (in, out). */
  String transposed(String name) {
    HostTensor matrix = tensors.get(name);
    int rows = Math.toIntExact(matrix.shape().get(0));
    int columns = Math.toIntExact(matrix.shape().get(1));
    float[] from = matrix.toFloats();
    float[] to = new float[from.length];
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        to[c * rows + r] = from[r * columns + c];
      }
    }
    return graph.tensor(name, HostTensor.ofFloats(new Shape(columns, rows), to));
  }
}
