package io.github.facemask.backbone;

import io.github.facemask.network.Network;
import io.github.facemask.preprocessing.Preprocessing;

/** Describes an architecture's network. */
@FunctionalInterface
interface BackboneSource {

  /**
   * Describes the network.
   *
   * @param classes the number of logits
   * @param preprocessing what it expects of its photos
   * @return the network
   * @throws IllegalArgumentException if the architecture does not allow the input size
   */
  Network network(int classes, Preprocessing preprocessing);
}
