package io.github.facemask.internal.program;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.github.facemask.label.Attribute;
import io.github.facemask.label.FaceClass;
import java.util.Set;

/** Spreads the probabilities of a model of fewer attributes over the 18 classes. */
public final class ClassProbabilities {

  private ClassProbabilities() {}

  /**
   * Divides the probability of each label equally among the classes that agree with it.
   *
   * @param answers float32 (B, labels), or (B, labels + 1) with the expected age in the last
   *     column; closed here if the result is another array
   * @param attributes the attributes that the labels know
   * @param years whether the last column is the expected age
   * @return float32 (B, 18), or (B, 19) with the expected age in the last column; owned by the
   *     manager of the answers
   */
  public static NDArray of(NDArray answers, Set<Attribute> attributes, boolean years) {
    if (attributes.size() == Attribute.values().length) {
      return answers;
    }
    if (!years) {
      return spread(answers, attributes);
    }
    long labels = answers.getShape().get(1) - 1;
    try (NDArray age = answers.get(":, " + labels + ":");
        NDArray classes = spread(answers.get(":, :" + labels), attributes)) {
      answers.close();
      return classes.concat(age, 1);
    }
  }

  private static NDArray spread(NDArray labels, Set<Attribute> attributes) {
    long rows = labels.getShape().get(0);
    long[] own = {rows, 1, 1, 1};
    long[] whole = {rows, 1, 1, 1};
    for (Attribute attribute : Attribute.values()) {
      int values = attribute.valueNames().size();
      whole[1 + attribute.ordinal()] = values;
      own[1 + attribute.ordinal()] = attributes.contains(attribute) ? values : 1;
    }
    long each = FaceClass.COUNT / (own[1] * own[2] * own[3]);
    try (NDArray divided = labels.div(each);
        NDArray cells = divided.reshape(new Shape(own));
        NDArray spread = cells.broadcast(new Shape(whole))) {
      labels.close();
      return spread.reshape(rows, FaceClass.COUNT);
    }
  }
}
