package io.github.facemask.prediction;

import static com.google.common.base.Preconditions.checkArgument;

import io.github.facemask.label.FaceClass;
import java.util.Objects;

/**
 * A photo's probabilities. The array is not copied: whoever changes it changes the row.
 *
 * @param id the photo's id
 * @param probabilities its 18 probabilities, which sum to 1 within {@link
 *     PredictionTable#TOLERANCE}
 */
public record PredictionRow(String id, float[] probabilities) {

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if they are not 18, not from 0 to 1, or do not sum to 1
   */
  public PredictionRow {
    Objects.requireNonNull(id, "id");
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
}
