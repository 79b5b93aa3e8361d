package io.github.facemask.internal.cache;

import io.github.facemask.image.Pixels;
import java.util.Optional;

/** Keeps decoded photos by their index in a data set. Thread-safe. */
public interface PixelCache {

  /**
   * Finds a photo.
   *
   * @param index the photo's index in the data set
   * @return its pixels; empty if the photo is not in the cache
   */
  Optional<Pixels> find(int index);

  /**
   * Offers a photo, which the cache may keep.
   *
   * @param index the photo's index in the data set
   * @param pixels its pixels; always the same for the same photo
   */
  void offer(int index, Pixels pixels);
}
