package io.github.facemask.dataset;

import static com.google.common.base.Preconditions.checkArgument;
import static io.github.facemask.problem.InvalidArgumentException.check;

import io.github.facemask.dataset.PhotoSet.Part;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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

  /**
   * Returns a given split: the photos to train on, and those for validation. Photos of the part
   * {@link Part#TEST} are left out; without photos for validation, they are used for it.
   *
   * @param photos the photos, for instance of {@link PhotoSet.Reading}
   * @param parts the part of each photo by its id; photos that it lacks are left out
   * @return the split
   * @throws IllegalArgumentException if a side has no photo, or a person is on both sides
   */
  public static Split given(PhotoSet photos, Map<String, Part> parts) {
    Part held = parts.containsValue(Part.VALIDATION) ? Part.VALIDATION : Part.TEST;
    PhotoSet train = photos.filter(p -> parts.get(p.photo().id()) == Part.TRAIN);
    PhotoSet validation = photos.filter(p -> parts.get(p.photo().id()) == held);
    check(
        train.size() > 0 && validation.size() > 0,
        "givenSplit",
        parts.isEmpty()
            ? ""
            : train.size() + " photos of train and " + validation.size() + " of val or test",
        "photos in folders or rows of train, and of val or test");
    return new Split(train, validation, List.of());
  }
}
