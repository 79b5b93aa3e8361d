package io.github.facemask.internal.cache;

import io.github.facemask.image.Pixels;
import java.util.Optional;

/** Keeps decoded photos by their place in a data set. Thread-safe. */
public interface PixelCache {

  /**
   * Looks for a photo.
   *
   * @param index where it stands in the data set
   * @return its pixels, or empty if it is not kept
   */
  Optional<Pixels> find(int index);

  /**
   * Offers a photo, which the cache may keep.
   *
   * @param index where it stands in the data set
   * @param pixels its pixels; the same for the same photo whenever it is offered
   */
  void offer(int index, Pixels pixels);
}
