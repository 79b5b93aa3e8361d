package io.github.facemask.classifier;

import ai.djl.Device;
import com.google.common.collect.ImmutableList;
import io.github.facemask.combination.Vote;
import io.github.facemask.inference.PhotoClassifier;
import io.github.facemask.preprocessing.Preprocessing;
import io.github.facemask.training.Precision;
import java.io.IOException;
import java.nio.file.Path;

/** Opens trained networks; mask-models provides one as a service. Safe for several threads. */
public interface NetworkOpener {

  /**
   * Opens the network or networks of a folder.
   *
   * @param folder a model, a run or an ensemble
   * @param device where to run them
   * @param precision with which numbers
   * @return them, which the caller closes
   * @throws IOException if the folder holds none, or its weights were changed
   */
  Opened open(Path folder, Device device, Precision precision) throws IOException;

  /**
   * Networks that answer together.
   *
   * @param networks at least one
   * @param vote how they answer, in the order of the networks
   */
  record Opened(ImmutableList<OpenNetwork> networks, Vote vote) {}

  /**
   * A network that is ready.
   *
   * @param classifier the network, safe for several threads
   * @param preprocessing what it expects of photos
   * @param share its share of the answer; shares sum to 1
   */
  record OpenNetwork(PhotoClassifier classifier, Preprocessing preprocessing, double share) {}
}
