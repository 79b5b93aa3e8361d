package io.github.facemask.curation;

import static com.google.common.base.Preconditions.checkArgument;
import static io.github.facemask.problem.InvalidArgumentException.check;

import io.github.facemask.dataset.Photo;
import io.github.facemask.label.FaceClass;
import java.util.List;

/**
 * A photo and the class that a model guessed.
 *
 * @param photo the photo
 * @param guess the class
 * @param probability how probable the model held the class, 0 to 1
 * @param runs the ids of the runs that trained the model, one or more
 */
public record PseudoLabel(Photo photo, FaceClass guess, double probability, List<String> runs) {

  /** Checks the values. */
  public PseudoLabel {
    runs = List.copyOf(runs);
    check(probability >= 0 && probability <= 1.001, "probability", probability, "0 to 1");
    checkArgument(
        !runs.isEmpty() && runs.stream().noneMatch(String::isBlank),
        "photo '%s' has no run, expected the run that guessed its class",
        photo.id());
  }

  String line() {
    return photo.id() + '\t' + guess.id() + '\t' + String.join(" ", runs);
  }
}
