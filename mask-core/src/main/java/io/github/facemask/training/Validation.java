package io.github.facemask.training;

import io.github.facemask.batch.BatchSource;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.evaluation.ClassificationScores;
import io.github.facemask.evaluation.ConfusionMatrix;
import io.github.facemask.label.FaceClass;
import io.github.facemask.prediction.PhotoClassifier;
import java.io.IOException;

/**
 * The scores of a model on the validation photos.
 *
 * @param loss mean cross entropy
 * @param scores accuracy and F1
 */
record Validation(double loss, ClassificationScores scores) {

  static Validation of(PhotoClassifier model, BatchSource batches, PhotoSet truth)
      throws IOException {
    float[][] probabilities = model.classifyAll(batches, done -> {});
    ConfusionMatrix.Builder matrix = ConfusionMatrix.builder(FaceClass.COUNT);
    double loss = 0;
    for (int i = 0; i < probabilities.length; i++) {
      int expected = truth.get(i).faceClass().id();
      matrix.add(expected, argmax(probabilities[i]));
      loss -= Math.log(Math.max(probabilities[i][expected], 1e-12));
    }
    return new Validation(loss / probabilities.length, ClassificationScores.of(matrix.build()));
  }

  private static int argmax(float[] values) {
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      if (values[i] > values[best]) {
        best = i;
      }
    }
    return best;
  }
}
