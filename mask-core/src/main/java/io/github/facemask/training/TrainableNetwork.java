package io.github.facemask.training;

import ai.djl.Device;
import io.github.facemask.batch.BatchSource;
import io.github.facemask.prediction.PhotoClassifier;
import io.github.facemask.preprocessing.Preprocessing;
import io.github.facemask.tensor.HostTensor;
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
}
