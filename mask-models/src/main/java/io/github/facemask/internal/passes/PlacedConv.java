package io.github.facemask.internal.passes;

import io.github.facemask.network.Conv2d;

/**
 * A convolution with its path and input size.
 *
 * @param layer the convolution
 * @param path its dotted path, the prefix of its weights' names
 * @param input the size of its input
 */
record PlacedConv(Conv2d layer, String path, FeatureSize input) {

  /** Returns the input's shape (B, C, H, W), for which oneDNN packs the weights. */
  String inputShape(int photos) {
    return "[" + photos + ", " + layer.in() + ", " + input.height() + ", " + input.width() + "]";
  }
}
