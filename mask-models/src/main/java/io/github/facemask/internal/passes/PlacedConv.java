package io.github.facemask.internal.passes;

import io.github.facemask.network.Conv2d;

/**
 * A convolution and what it reads.
 *
 * @param layer the convolution
 * @param path its dotted path, under which its weights are found
 * @param input the size of its input
 */
record PlacedConv(Conv2d layer, String path, FeatureSize input) {

  /** Returns the shape (B, C, H, W) of the input, for which oneDNN packs the weights. */
  String inputShape(int photos) {
    return "[" + photos + ", " + layer.in() + ", " + input.height() + ", " + input.width() + "]";
  }
}
