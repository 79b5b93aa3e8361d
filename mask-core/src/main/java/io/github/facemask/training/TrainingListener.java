package io.github.facemask.training;

/** Told how a run goes, on the thread that trains. */
public interface TrainingListener {

  /** Hears nothing. */
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
   * @param progress where the run stands
   */
  default void onBatch(BatchProgress progress) {}

  /**
   * Called after each epoch's validation.
   *
   * @param metrics what the epoch gave
   * @param best whether it is the best so far
   */
  default void onEpoch(EpochMetrics metrics, boolean best) {}

  /**
   * How long the run is.
   *
   * @param folder the run's folder
   * @param epochs the number of epochs
   * @param batchesPerEpoch the number of batches in each
   */
  record RunPlan(java.nio.file.Path folder, int epochs, int batchesPerEpoch) {}

  /**
   * Where the run stands.
   *
   * @param epoch the epoch, from 1
   * @param batch the batch in the epoch, from 1
   * @param loss the mean training loss of the epoch so far
   * @param learningRate the rate of the last step
   * @param photosPerSecond speed of training in this epoch
   */
  record BatchProgress(
      int epoch, int batch, double loss, double learningRate, double photosPerSecond) {}
}
