package io.github.facemask.backbone;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import io.github.facemask.network.Conv2d;
import io.github.facemask.network.Layer;
import java.util.List;

/**
 * Square patches of pixels, projected linearly.
 *
 * @param size side of a patch in pixels
 */
record PixelPatches(int size) implements PatchSource {

  @Override
  public int along(int pixels) {
    checkArgument(
        pixels % size == 0, "input side is %s pixels, expected a multiple of %s", pixels, size);
    return pixels / size;
  }

  @Override
  public List<Layer> layers(int features) {
    return ImmutableList.of(new Conv2d("proj", 3, features, size, size, 0, 1, true));
  }
}
