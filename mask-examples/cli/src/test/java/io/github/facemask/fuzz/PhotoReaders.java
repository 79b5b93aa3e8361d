package io.github.facemask.fuzz;

import io.github.facemask.facecrop.CropDecision;
import io.github.facemask.facecrop.CropReview;
import io.github.facemask.facecrop.CropTable;
import io.github.facemask.facecrop.CropTable.AuditMark;
import io.github.facemask.facecrop.FaceCropSettings;
import io.github.facemask.facecrop.FaceDetector.Detection;
import io.github.facemask.facecrop.FaceDetector.Point;
import io.github.facemask.image.Box;
import io.github.facemask.image.PhotoDecoder;
import io.github.facemask.image.Pixels;
import io.github.facemask.internal.cache.MappedPixelCache;
import io.github.facemask.provenance.Digest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Readers of photos, their crops and their cache. */
final class PhotoReaders extends ReaderGroup {

  PhotoReaders(Path folder) {
    super(folder);
  }

  @Override
  void add() throws IOException {
    photos();
    crops();
    cache();
  }

  private void photos() throws IOException {
    PhotoDecoder decoder = PhotoDecoder.create();
    for (String name :
        List.of(
            "q90.jpg",
            "exif_orientation6.jpg",
            "cmyk.jpg",
            "plain.png",
            "palette.png",
            "gray16.png",
            "photo.webp",
            "photo.bmp")) {
      // Fifty million pixels of three bytes are the limit that SECURITY.md names.
      readers.add(
          Reader.bytes(
                  "photo " + name, copy(IMAGES.resolve(name), "photos/" + name), decoder::decode)
              .withCeiling(151));
    }
  }

  private void crops() throws IOException {
    List<CropDecision> decisions = new ArrayList<>();
    List<CropReview.Verdict> verdicts = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Box box = new Box(1, 2, 30, 40);
      decisions.add(
          new CropDecision(
              "photo" + i,
              Digest.ofText("p" + i).hex(),
              64,
              48,
              box,
              CropDecision.Rule.CENTER,
              "no face: centre",
              0,
              List.of(
                  new Detection(
                      new Box(3, 4, 20, 22),
                      0.75,
                      "test",
                      List.of(
                          new Point(5, 8),
                          new Point(15, 8),
                          new Point(10, 12),
                          new Point(6, 16),
                          new Point(14, 16)))),
              FaceCropSettings.of(new FaceCropSettings.Detector("test", "", Map.of()))));
      verdicts.add(new CropReview.Verdict("photo" + i, CropReview.Action.BOX, box));
    }
    Path table = folder.resolve("crops/crops.jsonl");
    CropTable crops = CropTable.of(decisions);
    crops.write(table);
    readers.add(Reader.text("crops", table, file -> CropTable.read(file).digest()));
    Path review = folder.resolve("crops/review.jsonl");
    CropReview.of(verdicts).write(review);
    readers.add(Reader.text("crop review", review, file -> CropReview.read(file).verdicts()));
    Path other = folder.resolve("marked/crops.jsonl");
    crops.write(other);
    new AuditMark(crops.digest().hex(), 4, 1, 4).write(other);
    readers.add(
        Reader.text(
            "audit mark", AuditMark.fileOf(other), file -> CropTable.read(other).audited()));
  }

  private void cache() throws IOException {
    Path file = folder.resolve("pixels.cache");
    Digest key = Digest.ofText("photos");
    int photos = 5;
    MappedPixelCache.build(
        file, key, photos, i -> Pixels.wrap(4, 3 + i, new byte[4 * (3 + i) * 3]), 1, done -> {});
    readers.add(
        Reader.bytes(
            "photo cache",
            file,
            f -> {
              Optional<MappedPixelCache> cache = MappedPixelCache.open(f, key, photos);
              for (int i = 0; cache.isPresent() && i < photos; i++) {
                cache.get().find(i);
              }
              if (cache.isEmpty()) {
                throw new IOException(f + ": is refused and built again");
              }
            }));
  }
}
