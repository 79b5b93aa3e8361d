package io.github.facemask.training;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import io.github.facemask.batch.PhotoBatch;
import io.github.facemask.prediction.PhotoClassifier;
import io.github.facemask.provenance.ModelOrigin;
import io.github.facemask.tensor.HostTensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** A network in the engine that learns. For one thread at a time. */
public interface TrainableModel extends PhotoClassifier {

  /**
   * Runs forward and backward on a batch; gradients add up until {@link #optimizerStep}.
   *
   * @param batch the photos and targets
   * @param scale what the loss is multiplied by before backward: 1 / (batches in a step)
   * @return the loss (unscaled), the logits and what of them is right, which the caller closes
   */
  StepOutput trainStep(PhotoBatch batch, double scale);

  /**
   * Changes the weights by the gradients and clears them.
   *
   * @param learningRate the rate of this step
   * @param momentum the momentum of this step, {@link
   *     io.github.facemask.optimizer.FusedOptimizer#momentum} if it does not change
   */
  void optimizerStep(double learningRate, double momentum);

  /** Returns the DJL model that holds the network; owned by this. */
  Model djlModel();

  /**
   * Writes the weights as they are as a model that can be opened and deployed.
   *
   * @param folder where to; made if missing, an older model there is replaced
   * @param origin what the model learned from
   * @throws IOException if it cannot be written; an older model there then stays
   */
  void save(Path folder, ModelOrigin origin) throws IOException;

  /**
   * Runs an action while the weights and statistics are their moving average, and then puts the
   * trained ones back, also if the action fails. Without an average, it only runs the action.
   *
   * @param action what to do; it may read the weights, classify and save, but not train
   * @param <T> the type of the result
   * @return what the action returned
   * @throws IOException if the action throws it
   */
  <T> T withAverage(AverageAction<T> action) throws IOException;

  /**
   * Something to do with the averaged weights.
   *
   * @param <T> the type of the result
   */
  @FunctionalInterface
  interface AverageAction<T> {
    /** Does it. */
    T run() throws IOException;
  }

  /**
   * Writes everything that training goes on from: weights, optimizer, average.
   *
   * @param file where to; whole or not at all
   * @param progress texts to keep with it
   * @throws IOException if it cannot be written; an older file then stays
   */
  void saveState(Path file, Map<String, String> progress) throws IOException;

  /**
   * Takes back what {@link #saveState} wrote.
   *
   * @param file the file
   * @return the texts kept with it
   * @throws IOException if it cannot be read or belongs to another network or optimizer; the model
   *     may then be in neither state
   */
  Map<String, String> restoreState(Path file) throws IOException;

  /** Returns a copy of all weights and buffers by their names. */
  Map<String, HostTensor> weights();

  /**
   * What a batch gave, still on the device.
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
