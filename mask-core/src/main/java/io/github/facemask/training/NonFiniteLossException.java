package io.github.facemask.training;

import com.google.common.collect.ImmutableList;
import io.github.facemask.prediction.PhotoClassifier.NonFiniteAnswerException;
import io.github.facemask.problem.Problem;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;

/**
 * Thrown when the loss of a batch, or of a validation, is NaN or infinite; the run stops. The
 * epochs before are complete: their best model is in the run's folder. No file has the weights of
 * the epoch at fault.
 */
public final class NonFiniteLossException extends RuntimeException {

  private static final long serialVersionUID = 1;

  /** A message names at most this many photos. */
  private static final int MOST_NAMED = 8;

  private final int epoch;
  private final transient OptionalInt batch;
  private final double loss;
  private final transient ImmutableList<String> photoIds;
  private final transient Path run;
  private final Problem problem;

  NonFiniteLossException(int epoch, int batch, double loss, List<String> photoIds, Path run) {
    this(epoch, OptionalInt.of(batch), loss, ImmutableList.copyOf(photoIds), run);
  }

  /** A loss in validation. */
  NonFiniteLossException(int epoch, double loss, List<String> photoIds, Path run) {
    this(epoch, OptionalInt.empty(), loss, ImmutableList.copyOf(photoIds), run);
  }

  /** Answers in validation that are not finite. */
  NonFiniteLossException(int epoch, Path run, NonFiniteAnswerException cause) {
    this(epoch, Double.NaN, cause.photoIds(), run);
    initCause(cause);
  }

  private NonFiniteLossException(
      int epoch, OptionalInt batch, double loss, ImmutableList<String> photoIds, Path run) {
    this(epoch, batch, loss, photoIds, run, problem(epoch, batch, loss, photoIds));
  }

  private NonFiniteLossException(
      int epoch,
      OptionalInt batch,
      double loss,
      ImmutableList<String> photoIds,
      Path run,
      Problem problem) {
    super(problem.message());
    this.epoch = epoch;
    this.batch = batch;
    this.loss = loss;
    this.photoIds = photoIds;
    this.run = run;
    this.problem = problem;
  }

  private static Problem problem(
      int epoch, OptionalInt batch, double loss, ImmutableList<String> photoIds) {
    StringBuilder value = new StringBuilder().append(loss).append(" in epoch ").append(epoch);
    if (batch.isPresent()) {
      value.append(", batch ").append(batch.getAsInt());
    }
    if (!photoIds.isEmpty()) {
      value.append(" (photos ");
      value.append(String.join(", ", photoIds.subList(0, Math.min(MOST_NAMED, photoIds.size()))));
      int more = photoIds.size() - MOST_NAMED;
      value.append(more > 0 ? " and " + more + " more)" : ")");
    }
    return Problem.of(
            batch.isPresent() ? "trainingLoss" : "validationLoss",
            value.toString(),
            "a finite number")
        .withRemedy("lower the learning rate or limit the gradient norm");
  }

  /** Returns the epoch at fault, from 1; those before it are complete. */
  public int epoch() {
    return epoch;
  }

  /** Returns the batch in the epoch, from 1; empty for a loss in validation. */
  public OptionalInt batch() {
    return batch;
  }

  /** Returns the loss: NaN, or infinite. */
  public double loss() {
    return loss;
  }

  /** Returns the ids of the batch's photos, or of those without a finite loss in validation. */
  public List<String> photoIds() {
    return photoIds;
  }

  /** Returns the run's folder. */
  public Path run() {
    return run;
  }

  /** Returns what is wrong, as fields. */
  public Problem problem() {
    return problem;
  }
}
