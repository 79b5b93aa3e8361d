package io.github.facemask.loader;

import com.google.common.collect.ImmutableMap;
import io.github.facemask.dataset.FacePhoto;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.facecrop.CropDecision;
import io.github.facemask.facecrop.CropTable;
import io.github.facemask.facecrop.FaceDetector.Detection;
import io.github.facemask.image.Pixels;
import io.github.facemask.label.MaskState;
import io.github.facemask.overlay.MaskOverlay;
import io.github.facemask.random.RandomStream;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/** The photos of a loader, with masks laid on in each epoch. Thread-safe. */
final class MaskedPhotos {

  private final MaskOverlay overlay;
  private final CropTable faces;
  private final PhotoSet photos;
  private final CropRegions regions;
  private final long seed;
  private volatile Epoch last;

  /** The photos with their labels in an epoch. */
  private record Epoch(int number, PhotoSet photos) {}

  MaskedPhotos(
      MaskOverlay overlay, CropTable faces, PhotoSet photos, CropRegions regions, long seed) {
    this.overlay = overlay;
    this.faces = faces;
    this.photos = photos;
    this.regions = regions;
    this.seed = seed;
  }

  CropTable faces() {
    return faces;
  }

  /** Returns the photos with their labels in an epoch. */
  PhotoSet labels(int epoch) {
    Epoch kept = last;
    if (kept == null || kept.number() != epoch) {
      kept = new Epoch(epoch, overlay.labels(photos, faces, seed, epoch));
      last = kept;
    }
    return kept.photos();
  }

  /** Lays a mask on a photo, if it gets one in this epoch. */
  Pixels paint(int epoch, int position, int index, Pixels pixels) throws IOException {
    FacePhoto photo = photos.get(index);
    Optional<CropDecision> found = faces.find(photo.photo().id());
    Optional<MaskState> state = found.flatMap(d -> overlay.state(photo, d, seed, epoch));
    if (state.isEmpty()) {
      return pixels;
    }
    Detection face = regions.locate(index, found.orElseThrow(), pixels);
    RandomStream random = RandomStream.of(seed, "overlay", epoch, position);
    return overlay.paint(pixels, face, state.get(), random);
  }

  /** Returns the overlay, and how many labels it changes in the first epoch. */
  Map<String, Object> parameters() {
    PhotoSet changed = labels(0);
    int bare = 0;
    int worn = 0;
    int wrongly = 0;
    for (int i = 0; i < photos.size(); i++) {
      Optional<MaskState> before = photos.get(i).label().mask();
      Optional<MaskState> after = changed.get(i).label().mask();
      bare += before.equals(Optional.of(MaskState.NOT_WORN)) ? 1 : 0;
      if (!before.equals(after)) {
        worn += after.equals(Optional.of(MaskState.WORN)) ? 1 : 0;
        wrongly += after.equals(Optional.of(MaskState.WORN_WRONGLY)) ? 1 : 0;
      }
    }
    return ImmutableMap.<String, Object>builder()
        .putAll(overlay.parameters())
        .put("faces", faces.digest().hex())
        .put("firstEpoch", ImmutableMap.of("bareFaces", bare, "worn", worn, "wornWrongly", wrongly))
        .buildOrThrow();
  }
}
