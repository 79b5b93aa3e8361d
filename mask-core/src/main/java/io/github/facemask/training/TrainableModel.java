package io.github.facemask.training;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import io.github.facemask.batch.PhotoBatch;
import io.github.facemask.label.Attribute;
import io.github.facemask.prediction.PhotoClassifier;
import io.github.facemask.provenance.ModelOrigin;
import io.github.facemask.tensor.HostTensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** A loaded network that can be trained. Not thread-safe. */
public interface TrainableModel extends PhotoClassifier {

  /**
   * Runs forward and backward on a batch; gradients accumulate until {@link #optimizerStep}.
   *
   * @param batch the photos and targets
   * @param scale the factor of the loss before backward: 1 / (batches in a step)
   * @return the loss (unscaled), the logits and the number of correct photos, which the caller
   *     closes
   */
  StepOutput trainStep(PhotoBatch batch, double scale);

  /**
   * Updates the weights with the gradients and clears the gradients.
   *
   * @param learningRate the rate of this step
   * @param momentum the momentum of this step, {@link
   *     io.github.facemask.optimizer.FusedOptimizer#momentum} if it does not change
   */
  void optimizerStep(double learningRate, double momentum);

  /**
   * Begins an epoch, before its first batch. A model that learns differently in later epochs, or
   * draws random numbers for each batch, changes over here.
   *
   * @param epoch the epoch, from 1
   * @throws IOException if the engine cannot load the network of the epoch
   */
  default void startEpoch(int epoch) throws IOException {}

  /**
   * Returns what its weights started from, and what of a file fitted, for the run's record; plain
   * JSON values.
   */
  default Map<String, Object> startedFrom() {
    return Map.of();
  }

  /** Returns the DJL model that holds the network; owned by this object. */
  Model djlModel();

  /**
   * Writes the current weights as a model that can be opened and deployed.
   *
   * @param folder the target folder; made if missing, an older model there is replaced
   * @param origin the run and the data that the model was trained on
   * @param temperatures the temperatures that calibrate the probabilities of attributes, as fitted
   *     on the validation photos; empty for none
   * @throws IOException if it cannot be written; an older model there is then unchanged
   */
  void save(Path folder, ModelOrigin origin, Map<Attribute, Double> temperatures)
      throws IOException;

  /**
   * Runs an action with the moving average in place of the weights and statistics, and then
   * restores the trained ones, also if the action fails. Without an average, it only runs the
   * action.
   *
   * @param action the action; it may read the weights, classify and save, but not train
   * @param <T> the type of the result
   * @return what the action returned
   * @throws IOException if the action throws it
   */
  <T> T withAverage(AverageAction<T> action) throws IOException;

  /**
   * An action that uses the averaged weights.
   *
   * @param <T> the type of the result
   */
  @FunctionalInterface
  interface AverageAction<T> {
    /** Runs the action. */
    T run() throws IOException;
  }

  /**
   * Writes the training state for resuming: weights, optimizer, average.
   *
   * @param file the file, written atomically
   * @param progress texts to store with it
   * @throws IOException if it cannot be written; an older file is then unchanged
   */
  void saveState(Path file, Map<String, String> progress) throws IOException;

  /**
   * Restores the state that {@link #saveState} wrote.
   *
   * @param file the file
   * @return the texts stored with it
   * @throws IOException if it cannot be read or belongs to another network or optimizer; the model
   *     may then be in a mixed state
   */
  Map<String, String> restoreState(Path file) throws IOException;

  /** Returns a copy of all weights and buffers by their names. */
  Map<String, HostTensor> weights();

  /**
   * The result of a batch, still on the device.
   *
   * @param loss float32 scalar
   * @param logits float32 (B, classes)
   * @param correct float32 scalar: the number of photos whose largest logit is at their largest
   *     target
   */
  record StepOutput(NDArray loss, NDArray logits, NDArray correct) implements AutoCloseable {
    @Override
    public void close() {
      loss.close();
      logits.close();
      correct.close();
    }
  }
}
