package io.github.facemask.backbone;

import com.google.errorprone.annotations.Immutable;
import io.github.facemask.network.Layer;
import java.util.List;

/** Turns a photo into a grid of patches, each a vector. */
@Immutable
sealed interface PatchSource permits PixelPatches, ResNetPatches {

  /**
   * Returns the number of patches along a side.
   *
   * @param pixels the side of the photo
   * @throws IllegalArgumentException if patches do not fit it
   */
  int along(int pixels);

  /**
   * Returns the layers from photos to (B, features, rows, columns).
   *
   * @param features the size of a patch's vector
   */
  List<Layer> layers(int features);
}
