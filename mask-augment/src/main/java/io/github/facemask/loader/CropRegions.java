package io.github.facemask.loader;

import com.google.common.collect.ImmutableList;
import io.github.facemask.dataset.Photo;
import io.github.facemask.facecrop.CropDecision;
import io.github.facemask.facecrop.CropRun;
import io.github.facemask.facecrop.CropTable;
import io.github.facemask.facecrop.FaceCrop;
import io.github.facemask.facecrop.FaceDetector.Detection;
import io.github.facemask.image.Box;
import io.github.facemask.image.Pixels;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/** The crop of each photo. Thread-safe. */
final class CropRegions {

  private final ImmutableList<Photo> photos;
  private final Optional<CropRun> run;
  private final Map<String, Object> parameters;
  private CropTable table; // guarded by this; null until decided, or for whole photos

  private CropRegions(
      ImmutableList<Photo> photos,
      Optional<CropRun> run,
      CropTable table,
      Map<String, Object> parameters) {
    this.photos = photos;
    this.run = run;
    this.table = table;
    this.parameters = parameters;
  }

  static CropRegions none() {
    return new CropRegions(ImmutableList.of(), Optional.empty(), null, Map.of("rule", "whole"));
  }

  static CropRegions of(ImmutableList<Photo> photos, CropTable table) {
    for (Photo photo : photos) {
      if (table.find(photo.id()).isEmpty()) {
        throw new IllegalArgumentException(
            "the crop table has no decision on photo '"
                + photo.id()
                + "', expected one for each photo; make it with CropRun");
      }
    }
    return new CropRegions(photos, Optional.empty(), table, Map.of("table", table.digest().hex()));
  }

  static CropRegions decidedLater(
      CropRun run, ImmutableList<Photo> photos, FaceCrop faceCrop, int threads) {
    return new CropRegions(
        photos,
        Optional.of(run.withThreads(threads)),
        null,
        Map.of("settings", faceCrop.settings()));
  }

  /** Cuts the region out of a photo, which may be decoded at a reduced scale. */
  Pixels cut(int index, Pixels photo) throws IOException {
    CropTable decided = decided();
    return decided == null ? photo : decided.find(photos.get(index).id()).orElseThrow().cut(photo);
  }

  /** Returns a face as it lies in the region of a photo, which may have been shrunk. */
  Detection locate(int index, CropDecision found, Pixels region) throws IOException {
    CropTable decided = decided();
    Detection face = found.faces().get(found.chosen());
    if (decided == null) {
      Box whole = Box.whole(found.height(), found.width());
      return face.inPart(whole, 0, region.height(), region.width());
    }
    CropDecision cut = decided.find(photos.get(index).id()).orElseThrow();
    return face.inPart(cut.crop(), cut.roll(), region.height(), region.width());
  }

  /** Returns the table that the caller gave. */
  Optional<CropTable> given() {
    return run.isPresent() ? Optional.empty() : Optional.ofNullable(table);
  }

  Map<String, Object> parameters() {
    return parameters;
  }

  /**
   * Crops all photos on the first request, with the threads of the crop run; other threads wait.
   */
  private synchronized CropTable decided() throws IOException {
    if (table == null && run.isPresent()) {
      try {
        table = run.get().run();
      } catch (IOException e) {
        throw new IOException("crops cannot be decided: " + e.getMessage(), e);
      }
    }
    return table;
  }
}
