package io.github.facemask.dataset;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A set of photos in two parts that have no person in common.
 *
 * @param train the photos to train on
 * @param validation the photos to validate on
 * @param warnings what the split could not achieve, for instance a class that one side lacks
 */
public record Split(PhotoSet train, PhotoSet validation, List<String> warnings) {

  /** Checks that no person is on both sides and that no pseudo-label is used for validation. */
  public Split {
    warnings = List.copyOf(warnings);
    Set<String> both = new HashSet<>(train.people());
    both.retainAll(new HashSet<>(validation.people()));
    checkArgument(
        both.isEmpty(),
        "%s people are on both sides, expected none; the first is '%s'",
        both.size(),
        both.stream().sorted().findFirst().orElse(""));
    long guessed = validation.stream().filter(FacePhoto::isPseudoLabelled).count();
    checkArgument(
        guessed == 0,
        "%s validation photos have pseudo-labels, expected none; add these to training alone,"
            + " with PseudoLabels.addTo",
        guessed);
  }
}
