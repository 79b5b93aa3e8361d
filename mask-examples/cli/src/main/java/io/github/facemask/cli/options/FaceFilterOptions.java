package io.github.facemask.cli.options;

import io.github.facemask.classify.FaceClassifier;
import picocli.CommandLine.Option;

/** Which of the found faces are answered. */
@HelpHeading(HelpHeading.Heading.FACES)
public class FaceFilterOptions {

  @Option(
      names = "--min-face",
      paramLabel = "PIXELS",
      description = "Leave smaller faces out; the root of the box's area.")
  Double minFace;

  @Option(
      names = "--min-score",
      paramLabel = "S",
      description = "Leave faces of a lower score of the detector out, 0 to 1.")
  Double minScore;

  /** Returns whether an option is given. */
  public boolean given() {
    return minFace != null || minScore != null;
  }

  /** Passes the options to a classifier. */
  public void applyTo(FaceClassifier.Builder builder) {
    if (minFace != null) {
      builder.optMinFace(minFace);
    }
    if (minScore != null) {
      builder.optMinScore(minScore);
    }
  }
}
