package io.github.facemask.training;

import io.github.facemask.preprocessing.Preprocessing;
import java.io.IOException;
import java.util.Map;

/** A network that can be made to learn. Immutable. */
public interface TrainableNetwork {

  /** Returns the architecture's name, for instance {@code "resnet18"}. */
  String architecture();

  /** Returns what it expects of its photos. */
  Preprocessing preprocessing();

  /** Returns its choices for the run's record; plain JSON values. */
  Map<String, Object> parameters();

  /**
   * Loads the network onto a device with its starting weights.
   *
   * @param setup how it is to learn
   * @return the live model, which the caller closes
   * @throws IOException if weights cannot be read or the engine cannot load it
   */
  LearningModel prepare(LearningSetup setup) throws IOException;
}
