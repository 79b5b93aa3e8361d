package io.github.facemask.training;

import ai.djl.Model;
import io.github.facemask.batch.PhotoBatch;
import io.github.facemask.training.TrainableModel.StepOutput;
import java.nio.file.Path;

/** Receives the events of a run, on the training thread. */
public interface TrainingListener {

  /**
   * Wraps listeners.
   *
   * @param listeners for instance {@code TrainingListener.Defaults.logging()}
   * @return a listener for {@link Training.Builder#optListener}
   */
  static TrainingListener ofDjl(ai.djl.training.listener.TrainingListener... listeners) {
    return DjlListeners.of(listeners);
  }

  /** A listener that ignores all events. */
  TrainingListener NONE = new TrainingListener() {};

  /**
   * Called when the run's folder and record are written, before the first step.
   *
   * @param run the run's plan
   */
  default void onStart(RunPlan run) {}

  /**
   * Called after each batch.
   *
   * @param progress the progress of the run
   */
  default void onBatch(BatchProgress progress) {}

  /**
   * Called after each batch, before {@link #onBatch}, with the result of the batch.
   *
   * @param batch the photos and targets, valid until this returns
   * @param result the loss and the logits, valid until this returns
   */
  default void onTrainStep(PhotoBatch batch, StepOutput result) {}

  /**
   * Called after each epoch's validation.
   *
   * @param metrics the metrics of the epoch
   * @param best whether it is the best epoch so far
   */
  default void onEpoch(EpochMetrics metrics, boolean best) {}

  /**
   * Called when the engine goes on with another number of threads, and at the start of a resumed
   * run whose last epoch was computed with another number.
   *
   * @param change the change
   */
  default void onThreads(ThreadChange change) {}

  /** Called after each epoch; returns true to end the run there, as if it were complete. */
  default boolean endsRun() {
    return false;
  }

  /** Called when the run has ended without an error. */
  default void onEnd() {}

  /**
   * The size of the run.
   *
   * @param folder the run's folder
   * @param epochs the number of epochs
   * @param completedEpochs the number of epochs that an earlier process completed; 0 for a new run
   * @param complete whether it has no epoch left to train
   * @param batchesPerEpoch the number of batches in each
   * @param photosLeftOut the number of photos that are left out at the end of each epoch, because
   *     their batch would be smaller than {@link TrainableNetwork#smallestBatch}; mostly 0
   * @param model the DJL model in training; owned by the run
   */
  record RunPlan(
      Path folder,
      int epochs,
      int completedEpochs,
      boolean complete,
      int batchesPerEpoch,
      int photosLeftOut,
      Model model) {}

  /**
   * The progress of a run.
   *
   * @param epoch the epoch, from 1
   * @param batch the batch in the epoch, from 1
   * @param loss the mean training loss of the epoch so far
   * @param learningRate the rate of the last step
   * @param photosPerSecond speed of training in this epoch
   */
  record BatchProgress(
      int epoch, int batch, double loss, double learningRate, double photosPerSecond) {}

  /**
   * A change of the number of threads with which the engine computes.
   *
   * @param before the number before
   * @param now the number from now on
   * @param reason a clause for people, for instance "other processes leave 1.1 of 2 cores"
   */
  record ThreadChange(int before, int now, String reason) {}
}
