package io.github.facemask.ensemble;

import static com.google.common.base.Preconditions.checkArgument;

import io.github.facemask.model.ModelFolder;

/**
 * A model of an ensemble.
 *
 * @param model the model
 * @param weight its share of the vote, above 0; shares are divided by their sum
 */
public record Member(ModelFolder model, double weight) {

  /** Checks the weight. */
  public Member {
    checkArgument(
        weight > 0 && Double.isFinite(weight),
        "weight of %s is %s, expected a finite number above 0",
        model.path(),
        weight);
  }
}
