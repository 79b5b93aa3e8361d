package io.github.facemask.catalog;

import io.github.facemask.network.Network;

/** Describes a backbone's network. */
@FunctionalInterface
interface BackboneSource {

  /**
   * Describes the network.
   *
   * @param classes the number of logits
   * @param height input height in pixels, 0 for the architecture's own
   * @param width input width in pixels, 0 for the architecture's own
   * @return the network
   */
  Network network(int classes, int height, int width);
}
