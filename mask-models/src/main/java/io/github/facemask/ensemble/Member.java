package io.github.facemask.ensemble;

import io.github.facemask.combination.Voter;
import io.github.facemask.model.ModelFolder;

/**
 * A model of an ensemble.
 *
 * @param model the model, or a program that was exported from one
 * @param voter its weight, temperature and, in an ensemble by attribute, what it answers for
 * @param view how it looks at photos
 */
public record Member(MemberModel model, Voter voter, View view) {

  /**
   * Makes a member that looks at photos as they are.
   *
   * @param model the model
   * @param weight its share of the vote, above 0; shares are divided by their sum
   */
  public Member(MemberModel model, double weight) {
    this(model, voter(model, weight), View.PLAIN);
  }

  /**
   * Makes a member that looks at photos as they are.
   *
   * @param model the model
   * @param weight its share of the vote, above 0; shares are divided by their sum
   */
  public Member(ModelFolder model, double weight) {
    this(MemberModel.of(model), weight);
  }

  /** Returns the member's share of the vote, above 0, before it is divided by the sum. */
  public double weight() {
    return voter.weight();
  }

  Member withVoter(Voter other) {
    return new Member(model, other, view);
  }

  private static Voter voter(MemberModel model, double weight) {
    try {
      return Voter.of(weight);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(model.path() + ": " + e.getMessage(), e);
    }
  }
}
