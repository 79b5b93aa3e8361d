package io.github.facemask.training;

/** What makes one epoch better than another. */
public enum Monitor {
  /** The mean F1 over all classes; higher is better. */
  MACRO_F1,
  /** The share of photos that are classified right; higher is better. */
  ACCURACY,
  /** The mean cross entropy of the validation photos; lower is better. */
  VALIDATION_LOSS;

  /** Returns a number that is higher for a better epoch. */
  double score(EpochMetrics metrics) {
    return switch (this) {
      case MACRO_F1 -> metrics.macroF1();
      case ACCURACY -> metrics.accuracy();
      case VALIDATION_LOSS -> -metrics.validationLoss();
    };
  }
}
