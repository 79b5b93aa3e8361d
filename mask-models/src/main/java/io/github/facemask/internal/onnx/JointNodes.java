package io.github.facemask.internal.onnx;

import ai.djl.ndarray.types.Shape;
import io.github.facemask.internal.onnx.OnnxGraph.Attributes;
import io.github.facemask.label.AgeGroup;
import io.github.facemask.network.Heads.JointLogits;
import io.github.facemask.tensor.HostTensor;
import java.util.Arrays;
import java.util.Optional;

/** Writes the logits of classes from the heads of attributes. One instance writes one network. */
final class JointNodes {

  private final OnnxGraph graph;
  private Optional<String> years = Optional.empty();

  JointNodes(OnnxGraph graph) {
    this.graph = graph;
  }

  /** Returns the expected age (N, 1) of the heads that were written, if they answer it. */
  Optional<String> years() {
    return years;
  }

  /** Sums each class's log-probabilities by broadcasting, with one dimension for each head. */
  String logits(JointLogits joint, String path, String logits) {
    int heads = joint.sizes().size();
    String sum = null;
    int from = 0;
    for (int head = 0; head < heads; head++) {
      int size = joint.sizes().get(head);
      String slice = slice(path, logits, from, from + size);
      String own = graph.add("LogSoftmax", path, Attributes.of("axis", 1), slice);
      int values = size;
      if (joint.years() && head == heads - 1) {
        years = Optional.of(expectedYears(path, own));
        own = ageGroups(path, own);
        values = AgeGroup.values().length;
      }
      long[] sizes = new long[heads + 1];
      Arrays.fill(sizes, 1);
      sizes[0] = -1;
      sizes[1 + head] = values;
      String spread = graph.add("Reshape", path, own, graph.longs(sizes));
      sum = sum == null ? spread : graph.add("Add", path, sum, spread);
      from += size;
    }
    return graph.add("Flatten", path, Attributes.of("axis", 1), sum);
  }

  /** Sums the probabilities of the years of each age group: (N, 101) to (N, 3) logarithms. */
  private String ageGroups(String path, String logP) {
    AgeGroup[] groups = AgeGroup.values();
    String[] sums = new String[groups.length];
    for (int g = 0; g < groups.length; g++) {
      int end = g == groups.length - 1 ? AgeGroup.YEARS : groups[g + 1].firstYear();
      sums[g] =
          graph.add(
              "ReduceLogSumExp",
              path,
              Attributes.ofLongs("axes", 1).and("keepdims", 1L),
              slice(path, logP, groups[g].firstYear(), end));
    }
    return graph.add("Concat", path, Attributes.of("axis", 1), sums);
  }

  /** The sum of the years, each by its probability (N, 1). */
  private String expectedYears(String path, String logP) {
    float[] ages = new float[AgeGroup.YEARS];
    for (int age = 0; age < ages.length; age++) {
      ages[age] = age;
    }
    String column = graph.tensor("ages", HostTensor.ofFloats(new Shape(AgeGroup.YEARS, 1), ages));
    return graph.add("MatMul", path, graph.add("Exp", path, logP), column);
  }

  private String slice(String path, String x, long from, long to) {
    return graph.add("Slice", path, x, graph.longs(from), graph.longs(to), graph.longs(1));
  }
}
