package io.github.facemask.internal.passes;

/** A rewriting of a plan that computes the same, up to rounding, with less work. */
public interface Pass {

  /** Returns a short description. */
  String description();

  /**
   * Rewrites a plan.
   *
   * @param plan the plan
   * @return another that computes the same
   */
  Plan apply(Plan plan);
}
