package io.github.facemask.internal.onnx;

import ai.djl.ndarray.types.Shape;
import ai.onnx.proto.OnnxMl.TensorProto;
import io.github.facemask.internal.onnx.OnnxGraph.Attributes;
import io.github.facemask.internal.passes.VoteOperations;
import io.github.facemask.label.FaceClass;
import io.github.facemask.tensor.HostTensor;
import java.util.stream.LongStream;

/**
 * Writes the operations of a vote as nodes.
 *
 * @param graph receives the nodes
 */
record OnnxVote(OnnxGraph graph) implements VoteOperations {

  private static final String PATH = "vote";

  @Override
  public String reshape(String x, long... sizes) {
    return graph.add("Reshape", PATH, x, graph.longs(sizes));
  }

  @Override
  public String softmax(String x) {
    return graph.add("Softmax", PATH, Attributes.of("axis", 1), x);
  }

  @Override
  public String log(String x) {
    return graph.add("Log", PATH, x);
  }

  @Override
  public String scale(String x, double factor) {
    return graph.add("Mul", PATH, x, graph.scalar(factor));
  }

  @Override
  public String add(String x, String y) {
    return graph.add("Add", PATH, x, y);
  }

  @Override
  public String multiply(String x, String y) {
    return graph.add("Mul", PATH, x, y);
  }

  @Override
  public String divide(String x, String y) {
    return graph.add("Div", PATH, x, y);
  }

  @Override
  public String sum(String x, long... dimensions) {
    return graph.add("ReduceSum", PATH, Attributes.of("keepdims", 1), x, graph.longs(dimensions));
  }

  @Override
  public String atLeast(String x, double bound) {
    return graph.add("Max", PATH, x, graph.scalar(bound));
  }

  @Override
  public String largest(String x) {
    String best = graph.add("ArgMax", PATH, Attributes.of("axis", 1).and("keepdims", 1L), x);
    String classes =
        graph.tensor(
            "class_numbers",
            HostTensor.ofLongs(
                new Shape(1, FaceClass.COUNT), LongStream.range(0, FaceClass.COUNT).toArray()));
    return graph.add(
        "Cast",
        PATH,
        Attributes.of("to", TensorProto.DataType.FLOAT_VALUE),
        graph.add("Equal", PATH, best, classes));
  }

  @Override
  public String spread(String x, long... sizes) {
    long[] repeats = sizes.clone();
    // A size of 1 means that the input's own is kept.
    repeats[0] = 1;
    return graph.add("Expand", PATH, x, graph.longs(repeats));
  }
}
