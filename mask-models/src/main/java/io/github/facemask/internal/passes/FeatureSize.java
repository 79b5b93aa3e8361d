package io.github.facemask.internal.passes;

import io.github.facemask.network.Conv2d;
import io.github.facemask.network.Layer;
import io.github.facemask.network.MaxPool2d;
import io.github.facemask.network.SamePadding;
import io.github.facemask.preprocessing.Preprocessing;

/**
 * Height and width of features.
 *
 * @param height in pixels
 * @param width in pixels
 */
record FeatureSize(int height, int width) {

  /** One pixel, as means over all pixels are. */
  static final FeatureSize PIXEL = new FeatureSize(1, 1);

  /** Returns the size of a network's photos. */
  static FeatureSize of(Preprocessing preprocessing) {
    return new FeatureSize(preprocessing.height(), preprocessing.width());
  }

  /** Returns the size of what a layer makes of such features. */
  FeatureSize after(Layer layer) {
    if (layer instanceof Conv2d conv) {
      return after(conv.kernel(), conv.stride(), conv.padding());
    } else if (layer instanceof MaxPool2d pool) {
      return after(pool.kernel(), pool.stride(), pool.padding());
    } else if (layer instanceof SamePadding padding) {
      return new FeatureSize(height + border(height, padding), width + border(width, padding));
    }
    return this;
  }

  private FeatureSize after(int kernel, int stride, int padding) {
    return new FeatureSize(
        (height + 2 * padding - kernel) / stride + 1, (width + 2 * padding - kernel) / stride + 1);
  }

  private static int border(int size, SamePadding padding) {
    int last = (size - 1) / padding.stride() * padding.stride();
    return Math.max(0, last + padding.kernel() - size);
  }

  boolean isEven() {
    return height % 2 == 0 && width % 2 == 0;
  }

  boolean isOdd() {
    return height % 2 == 1 && width % 2 == 1;
  }
}
