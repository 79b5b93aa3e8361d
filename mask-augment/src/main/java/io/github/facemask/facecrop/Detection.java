package io.github.facemask.facecrop;

import static io.github.facemask.problem.InvalidArgumentException.check;

import io.github.facemask.image.Box;

/**
 * A face that a detector found.
 *
 * @param box where, in pixels of the decoded photo
 * @param score how sure the detector is, 0 to 1; comparable for one detector only
 * @param source what found it, for instance {@code "frontal"}
 */
public record Detection(Box box, double score, String source) {

  /** Checks the score. */
  public Detection {
    check(score >= 0 && score <= 1, "score", score, "0 to 1");
  }
}
