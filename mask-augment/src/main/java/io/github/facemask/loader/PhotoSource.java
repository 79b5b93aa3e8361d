package io.github.facemask.loader;

import com.google.common.collect.ImmutableList;
import io.github.facemask.dataset.Photo;
import io.github.facemask.image.PhotoDecoder;
import io.github.facemask.image.Pixels;
import io.github.facemask.internal.cache.MappedPixelCache;
import io.github.facemask.internal.cache.MemoryPixelCache;
import io.github.facemask.internal.cache.PixelCache;
import io.github.facemask.internal.pipeline.StoredForm;
import io.github.facemask.preprocessing.Preprocessing;
import io.github.facemask.provenance.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntConsumer;

/**
 * The photos as the transforms get them: decoded, cropped to the face's region and, with a cache,
 * shrunk to the stored size, even if the cache has no room for the photo.
 */
final class PhotoSource {

  private final ImmutableList<Photo> photos;
  private final PhotoDecoder decoder;
  private final CropRegions regions;
  private final CacheChoice choice;
  private final boolean shrinks;
  private final Preprocessing preprocessing;
  private volatile Optional<PixelCache> cache; // null until it is opened

  /**
   * The options of the cache.
   *
   * @param bytes the size on the heap, 0 for none
   * @param folder the folder of the cache file, null for none
   * @param threads the number of threads that build it
   */
  record CacheChoice(long bytes, Path folder, int threads) {

    boolean keeps() {
      return bytes > 0 || folder != null;
    }
  }

  PhotoSource(
      ImmutableList<Photo> photos,
      PhotoDecoder decoder,
      CropRegions regions,
      CacheChoice choice,
      boolean shrinks,
      Preprocessing preprocessing) {
    this.photos = photos;
    this.decoder = decoder;
    this.regions = regions;
    this.choice = choice;
    this.shrinks = shrinks;
    this.preprocessing = preprocessing;
  }

  Pixels read(int index) throws IOException {
    Optional<PixelCache> opened = cache != null ? cache : open(done -> {});
    if (opened.isEmpty()) {
      Pixels photo = readRegion(index);
      return shrinks ? StoredForm.of(photo, preprocessing) : photo;
    }
    Optional<Pixels> kept = opened.get().find(index);
    if (kept.isPresent()) {
      return kept.get();
    }
    Pixels stored = StoredForm.of(readRegion(index), preprocessing);
    opened.get().offer(index, stored);
    return stored;
  }

  /** Opens the cache, and builds its file if needed, on the first request; other threads wait. */
  synchronized Optional<PixelCache> open(IntConsumer progress) throws IOException {
    if (cache == null) {
      if (choice.folder() != null) {
        cache = Optional.of(openFile(progress));
      } else if (choice.bytes() > 0) {
        cache = Optional.of(MemoryPixelCache.of(photos.size(), choice.bytes()));
      } else {
        cache = Optional.empty();
      }
    }
    return cache;
  }

  private PixelCache openFile(IntConsumer progress) throws IOException {
    Digest key = key();
    Path file = choice.folder().resolve("photos-" + key.shortHex() + ".pixels");
    Optional<MappedPixelCache> present = MappedPixelCache.open(file, key, photos.size());
    if (present.isPresent()) {
      return present.get();
    }
    MappedPixelCache.Reader reader = index -> StoredForm.of(readRegion(index), preprocessing);
    try {
      return MappedPixelCache.build(file, key, photos.size(), reader, choice.threads(), progress);
    } catch (IOException e) {
      throw new IOException("the cache " + file + " cannot be built: " + e.getMessage(), e);
    }
  }

  /**
   * The digest of the content of the file: the photos' names, sizes and modification times, and how
   * they are read.
   */
  private Digest key() throws IOException {
    StringBuilder text = new StringBuilder();
    text.append(new TreeMap<>(decoder.parameters())).append('\n');
    text.append(new TreeMap<>(regions.parameters())).append('\n');
    text.append(StoredForm.side(preprocessing))
        .append(' ')
        .append(preprocessing.interpolation())
        .append('\n');
    for (Photo photo : photos) {
      text.append(photo.id()).append('\t').append(Files.size(photo.file())).append('\t');
      text.append(Files.getLastModifiedTime(photo.file()).toMillis()).append('\n');
    }
    return Digest.ofText(text.toString());
  }

  private Pixels readRegion(int index) throws IOException {
    return regions.cut(index, decoder.decode(photos.get(index).file()));
  }
}
