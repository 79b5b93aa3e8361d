package io.github.facemask.internal.passes;

/** Rewrites a plan into a faster one with the same result up to rounding. */
public interface Pass {

  /** Returns a short description. */
  String description();

  /**
   * Rewrites a plan.
   *
   * @param plan the plan
   * @return a plan with the same result
   */
  Plan apply(Plan plan);
}
