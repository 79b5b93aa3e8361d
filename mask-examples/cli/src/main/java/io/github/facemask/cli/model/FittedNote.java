package io.github.facemask.cli.model;

import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.ensemble.Ensemble;
import io.github.facemask.ensemble.Ensemble.Fitting;
import java.util.Optional;

/** The note that an ensemble is evaluated on people that its weights were fitted on. */
public final class FittedNote {

  private FittedNote() {}

  /** Returns the note; empty if nothing was fitted or if it was fitted on other people. */
  public static Optional<String> of(Ensemble ensemble, PhotoSet judges) {
    return ensemble.fitting().flatMap(fitting -> note(fitting, judges));
  }

  private static Optional<String> note(Fitting fitting, PhotoSet judges) {
    int fitted = fitting.among(judges.people()).size();
    if (fitted == 0) {
      return Optional.empty();
    }
    return Optional.of(
        "how the members vote was fitted on "
            + fitted
            + " of these "
            + judges.people().size()
            + " people, so the scores are too high; evaluate it on others");
  }
}
