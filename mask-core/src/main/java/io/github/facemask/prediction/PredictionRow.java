package io.github.facemask.prediction;

import static com.google.common.base.Preconditions.checkArgument;

import io.github.facemask.label.FaceClass;
import java.util.Objects;

/** A photo's probabilities, of one row of a file. Its array is not copied, in or out. */
public final class PredictionRow {

  private final String id;
  private final float[] probabilities;

  /**
   * Makes a row.
   *
   * @param id the photo's id
   * @param probabilities its 18 probabilities, which sum to 1 within {@link
   *     PredictionTable#TOLERANCE}
   * @throws IllegalArgumentException if they are not 18, not from 0 to 1, or do not sum to 1
   */
  public PredictionRow(String id, float[] probabilities) {
    this.id = Objects.requireNonNull(id, "id");
    this.probabilities = probabilities;
    checkArgument(
        probabilities.length == FaceClass.COUNT,
        "photo '%s' has %s probabilities, expected %s",
        id,
        probabilities.length,
        FaceClass.COUNT);
    double sum = 0;
    for (float p : probabilities) {
      checkArgument(
          p >= 0 && p <= 1 + PredictionTable.TOLERANCE,
          "photo '%s' has the probability %s, expected 0 to 1; are these logits?",
          id,
          p);
      sum += p;
    }
    checkArgument(
        Math.abs(sum - 1) <= PredictionTable.TOLERANCE,
        "the probabilities of photo '%s' sum to %s, expected 1",
        id,
        sum);
  }

  /** Returns the photo's id. */
  public String id() {
    return id;
  }

  /** Returns its 18 probabilities, the very array. */
  public float[] probabilities() {
    return probabilities;
  }
}
