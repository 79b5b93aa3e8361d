package io.github.facemask.training;

import static com.google.common.base.Preconditions.checkArgument;

import io.github.facemask.batch.BatchSource;
import io.github.facemask.dataset.PhotoSet;
import java.util.HashSet;
import java.util.Set;

/**
 * The photos that a run trains and validates on, with no person on both sides.
 *
 * @param training the photos to train on
 * @param trainingBatches the same photos, sampled and augmented
 * @param validation the photos to validate on
 * @param validationBatches the same photos, each once, without augmentation
 */
public record TrainingData(
    PhotoSet training,
    BatchSource trainingBatches,
    PhotoSet validation,
    BatchSource validationBatches) {

  /** Checks that the batches show the photos and that no person is on both sides. */
  public TrainingData {
    checkArgument(training.size() > 0, "no training photos, expected some");
    checkArgument(validation.size() > 0, "no validation photos, expected some");
    checkArgument(
        trainingBatches.photos().equals(training.photos()),
        "the training batches show other photos than the training set");
    checkArgument(
        validationBatches.photos().equals(validation.photos())
            && validationBatches.photosPerEpoch() == validation.size(),
        "the validation batches must show each validation photo once; leave out the sampler");
    checkArgument(
        trainingBatches.faces().equals(validationBatches.faces()),
        "training photos are cropped as %s and validation photos as %s, expected the same",
        trainingBatches.faces(),
        validationBatches.faces());
    Set<String> shared = new HashSet<>(training.people());
    shared.retainAll(new HashSet<>(validation.people()));
    checkArgument(
        shared.isEmpty(),
        "%s people are in training and validation, for instance %s; split by person",
        shared.size(),
        shared.stream().findFirst().orElse(""));
  }
}
