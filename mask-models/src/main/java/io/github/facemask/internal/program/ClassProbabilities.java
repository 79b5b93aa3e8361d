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
   * @param labels float32 (B, labels); closed here if the result is another array
   * @param attributes the attributes that the labels know
   * @return float32 (B, 18), owned by the manager of the labels
   */
  public static NDArray of(NDArray labels, Set<Attribute> attributes) {
    if (attributes.size() == Attribute.values().length) {
      return labels;
    }
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
