package io.github.facemask.loader;

import com.google.common.collect.ImmutableList;
import io.github.facemask.cache.PixelCache;
import io.github.facemask.dataset.Photo;
import io.github.facemask.image.Box;
import io.github.facemask.image.PhotoDecoder;
import io.github.facemask.image.Pixels;
import io.github.facemask.image.Resampler;
import io.github.facemask.preprocessing.Preprocessing;
import java.io.IOException;
import java.util.Optional;

/**
 * A data set's photos as the transforms get them: decoded, cut to the face's region, and with a
 * cache shrunk to the stored form, whether the cache had room for the photo or not.
 */
final class PhotoSource {

  private final ImmutableList<Photo> photos;
  private final PhotoDecoder decoder;
  private final CropRegions regions;
  private final Optional<PixelCache> cache;
  private final int storedSide;
  private final Preprocessing preprocessing;

  PhotoSource(
      ImmutableList<Photo> photos,
      PhotoDecoder decoder,
      CropRegions regions,
      Optional<PixelCache> cache,
      int storedSide,
      Preprocessing preprocessing) {
    this.photos = photos;
    this.decoder = decoder;
    this.regions = regions;
    this.cache = cache;
    this.storedSide = storedSide;
    this.preprocessing = preprocessing;
  }

  Pixels read(int index) throws IOException {
    if (cache.isEmpty()) {
      return readRegion(index);
    }
    Optional<Pixels> kept = cache.get().find(index);
    if (kept.isPresent()) {
      return kept.get();
    }
    Pixels stored = storedForm(readRegion(index));
    cache.get().offer(index, stored);
    return stored;
  }

  private Pixels readRegion(int index) throws IOException {
    Pixels photo = decoder.decode(photos.get(index).file());
    Optional<Box> region = regions.find(index, photo);
    return region.isPresent() ? cut(photo, region.get()) : photo;
  }

  private static Pixels cut(Pixels photo, Box region) {
    int left = (int) Math.max(0, Math.min(photo.width() - 1, Math.rint(region.left())));
    int top = (int) Math.max(0, Math.min(photo.height() - 1, Math.rint(region.top())));
    int right = (int) Math.max(left + 1, Math.min(photo.width(), Math.rint(region.right())));
    int bottom = (int) Math.max(top + 1, Math.min(photo.height(), Math.rint(region.bottom())));
    return photo.crop(top, left, bottom - top, right - left);
  }

  /** Shrinks a photo so that its shorter side is the stored side; never enlarges it. */
  private Pixels storedForm(Pixels photo) {
    int shorter = Math.min(photo.height(), photo.width());
    if (shorter <= storedSide) {
      return photo;
    }
    double scale = (double) storedSide / shorter;
    int height = (int) Math.rint(photo.height() * scale);
    int width = (int) Math.rint(photo.width() * scale);
    return Resampler.resize(photo, height, width, preprocessing.interpolation());
  }
}
