package io.github.facemask.training;

import static io.github.facemask.problem.InvalidArgumentException.check;

import ai.djl.Device;
import io.github.facemask.batch.BatchSource;
import io.github.facemask.loss.TrainingLoss;
import io.github.facemask.optimizer.FusedOptimizer;
import io.github.facemask.prediction.PhotoClassifier;
import io.github.facemask.preprocessing.Preprocessing;
import io.github.facemask.problem.InvalidArgumentException;
import io.github.facemask.problem.Problem;
import io.github.facemask.tensor.HostTensor;
import io.github.facemask.tensor.MemoryLayout;
import io.github.facemask.tensor.Precision;
import java.io.IOException;
import java.util.Map;

/** A network that can be trained. Immutable. */
public interface TrainableNetwork {

  /** Returns the architecture's name, for instance {@code "resnet18"}. */
  String architecture();

  /** Returns the input that it expects. */
  Preprocessing preprocessing();

  /** Returns the crops that it expects, in the form of {@link BatchSource#faces}. */
  default Map<String, Object> faces() {
    return Map.of();
  }

  /** Returns whether it learns the age in years, see {@link BatchSource#showsYears}. */
  default boolean learnsYears() {
    return false;
  }

  /**
   * Returns the smallest number of photos in a batch that it can learn from. Batch norm over
   * features of 1 x 1 pixel needs two, because the variance of one number is not defined. A smaller
   * last batch of an epoch is left out.
   */
  default int smallestBatch() {
    return 1;
  }

  /** Returns its parameters for the run's record; plain JSON values. */
  Map<String, Object> parameters();

  /**
   * Loads the network onto a device with its starting weights.
   *
   * @param setup how to train it
   * @return the loaded model, which the caller closes
   * @throws IOException if weights cannot be read or the engine cannot load it
   */
  TrainableModel prepare(TrainingConfig setup) throws IOException;

  /**
   * Loads the network with given weights as the program that applications run. Each epoch is
   * validated with this program, so that training, evaluation and applications give the same score.
   *
   * @param weights all tensors of the network by name
   * @param device the device to run it on
   * @param precision the precision to compute in
   * @return the classifier, which the caller closes
   * @throws IOException if the engine cannot load it
   */
  PhotoClassifier classifier(Map<String, HostTensor> weights, Device device, Precision precision)
      throws IOException;

  /**
   * How to train a network.
   *
   * @param device the device
   * @param precision the precision to compute in
   * @param loss the loss to minimise
   * @param optimizer the optimizer
   * @param gradientNormLimit the largest global norm of the gradients, infinite for none
   * @param averageDecay the decay of the weights' moving average in each step, in [0, 1); 0 for no
   *     average
   * @param layout the memory layout of features and kernels; channels-last is faster, timm's
   *     references were computed row-major
   * @param seed the seed of the starting weights
   * @param partialLabels whether attributes of training photos are unknown: targets are then (B,
   *     48) over the labels instead of (B, 18) over the classes, or (B, 149) of a network that
   *     learns years
   */
  record TrainingConfig(
      Device device,
      Precision precision,
      TrainingLoss loss,
      FusedOptimizer optimizer,
      double gradientNormLimit,
      double averageDecay,
      MemoryLayout layout,
      long seed,
      boolean partialLabels) {

    /**
     * Trains on photos whose attributes are all known.
     *
     * @param device the device
     * @param precision the precision to compute in
     * @param loss the loss to minimise
     * @param optimizer the optimizer
     * @param gradientNormLimit the largest global norm of the gradients
     * @param averageDecay the decay of the weights' moving average
     * @param layout the memory layout
     * @param seed the seed of the starting weights
     */
    public TrainingConfig(
        Device device,
        Precision precision,
        TrainingLoss loss,
        FusedOptimizer optimizer,
        double gradientNormLimit,
        double averageDecay,
        MemoryLayout layout,
        long seed) {
      this(
          device, precision, loss, optimizer, gradientNormLimit, averageDecay, layout, seed, false);
    }

    /** Checks the limit. */
    public TrainingConfig {
      if (partialLabels && loss instanceof TrainingLoss.DjlLoss outside) {
        throw new InvalidArgumentException(
            Problem.of(
                    "loss",
                    outside.loss().getName(),
                    "a loss of this library for photos with unknown attributes")
                .withRemedy(
                    "leave out the photos with unknown attributes, or choose another loss"));
      }
      check(precision.trains(), "precision", precision, "FLOAT32 or BFLOAT16 to train");
      check(
          gradientNormLimit > 0,
          "gradientNormLimit",
          gradientNormLimit,
          "above 0, or infinite for none");
      check(
          averageDecay >= 0 && averageDecay < 1,
          "emaDecay",
          averageDecay,
          "0 for no average, or below 1");
    }
  }
}
