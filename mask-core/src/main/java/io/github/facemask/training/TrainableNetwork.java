package io.github.facemask.training;

import static io.github.facemask.problem.InvalidArgumentException.check;

import ai.djl.Device;
import io.github.facemask.batch.BatchSource;
import io.github.facemask.loss.TrainingLoss;
import io.github.facemask.optimizer.FusedOptimizer;
import io.github.facemask.prediction.PhotoClassifier;
import io.github.facemask.preprocessing.Preprocessing;
import io.github.facemask.tensor.HostTensor;
import io.github.facemask.tensor.MemoryLayout;
import io.github.facemask.tensor.Precision;
import java.io.IOException;
import java.util.Map;

/** A network that can be made to learn. Immutable. */
public interface TrainableNetwork {

  /** Returns the architecture's name, for instance {@code "resnet18"}. */
  String architecture();

  /** Returns what it expects of its photos. */
  Preprocessing preprocessing();

  /** Returns the crops that it expects, in the words of {@link BatchSource#faces}. */
  default Map<String, Object> faces() {
    return Map.of();
  }

  /** Returns its choices for the run's record; plain JSON values. */
  Map<String, Object> parameters();

  /**
   * Loads the network onto a device with its starting weights.
   *
   * @param setup how it is to learn
   * @return the live model, which the caller closes
   * @throws IOException if weights cannot be read or the engine cannot load it
   */
  TrainableModel prepare(TrainingConfig setup) throws IOException;

  /**
   * Loads the network with given weights as the program that applications run. An epoch is
   * validated with it, so that training, evaluation and applications give one model one score.
   *
   * @param weights all tensors of the network by name
   * @param device where to run it
   * @param precision the precision to compute in
   * @return the classifier, which the caller closes
   * @throws IOException if the engine cannot load it
   */
  PhotoClassifier classifier(Map<String, HostTensor> weights, Device device, Precision precision)
      throws IOException;

  /**
   * How a network is to learn.
   *
   * @param device where
   * @param precision with which numbers
   * @param loss what it minimises
   * @param optimizer how gradients change weights
   * @param gradientNormLimit the largest global norm of the gradients, infinite for none
   * @param averageDecay how much of the weights' moving average a step keeps, in [0, 1); 0 for no
   *     average
   * @param layout how features and kernels lie in memory; channels-last is the faster, row-major is
   *     what timm's references were computed with
   * @param seed names the starting weights
   */
  record TrainingConfig(
      Device device,
      Precision precision,
      TrainingLoss loss,
      FusedOptimizer optimizer,
      double gradientNormLimit,
      double averageDecay,
      MemoryLayout layout,
      long seed) {

    /** Checks the limit. */
    public TrainingConfig {
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
