package io.github.facemask.training;

import com.google.common.collect.ImmutableMap;
import io.github.facemask.batch.BatchSource;
import io.github.facemask.dataset.FacePhoto;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.evaluation.LabelMatrix;
import io.github.facemask.internal.calibration.Temperature;
import io.github.facemask.label.Attribute;
import io.github.facemask.label.FaceClass;
import io.github.facemask.label.FaceLabel;
import io.github.facemask.prediction.PhotoClassifier;
import java.io.IOException;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * The scores of a model on the validation photos.
 *
 * @param loss the mean of minus the logarithm of the probability of what is known of a photo
 * @param counts how often each label was predicted as each class
 * @param ageError the mean absolute error of the age in years, of a model that answers it
 * @param temperatures the calibration of each attribute that enough photos know
 */
record Validation(
    double loss,
    LabelMatrix counts,
    OptionalDouble ageError,
    ImmutableMap<Attribute, Double> temperatures) {

  static Validation of(PhotoClassifier model, BatchSource batches, PhotoSet truth)
      throws IOException {
    float[][] probabilities = model.classifyAll(batches, done -> {});
    LabelMatrix.Builder counts = LabelMatrix.builder();
    int scored = 0;
    double years = 0;
    int aged = 0;
    double loss = 0;
    for (int i = 0; i < probabilities.length; i++) {
      FaceLabel label = truth.get(i).label();
      if (!label.known().isEmpty()) {
        counts.add(label, argmax(probabilities[i]));
        loss -= Math.log(Math.max(label.probability(probabilities[i]), 1e-12));
        scored++;
      }
      OptionalInt age = truth.get(i).ageYears();
      if (probabilities[i].length > FaceClass.COUNT && age.isPresent()) {
        years += Math.abs(probabilities[i][FaceClass.COUNT] - age.getAsInt());
        aged++;
      }
    }
    return new Validation(
        loss / scored,
        counts.build(),
        aged == 0 ? OptionalDouble.empty() : OptionalDouble.of(years / aged),
        Temperature.fit(probabilities, truth.stream().map(FacePhoto::label).toList()));
  }

  private static int argmax(float[] values) {
    int best = 0;
    for (int i = 1; i < FaceClass.COUNT; i++) {
      if (values[i] > values[best]) {
        best = i;
      }
    }
    return best;
  }
}
