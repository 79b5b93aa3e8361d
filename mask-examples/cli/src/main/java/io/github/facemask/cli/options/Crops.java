package io.github.facemask.cli.options;

import static com.google.common.base.Preconditions.checkArgument;

import io.github.facemask.dataset.Photo;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.facecrop.CropReview;
import io.github.facemask.facecrop.CropRun;
import io.github.facemask.facecrop.CropTable;
import io.github.facemask.facecrop.FaceCrop;
import io.github.facemask.image.PhotoDecoder;
import io.github.facemask.problem.InvalidFileException;
import io.github.facemask.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the face crops of photos, with a progress bar. */
public final class Crops {

  private Crops() {}

  /** Returns the crops of labelled photos. Crops of an earlier table are reused. */
  public static CropTable of(
      PhotoSet photos,
      FaceCrop how,
      PhotoDecoder decoder,
      Optional<Path> known,
      Optional<Path> review,
      int threads)
      throws IOException {
    CropRun run = CropRun.of(photos, how).withDecoder(decoder);
    return run(run, photos.size(), known, review, threads);
  }

  /** Returns the crops of photos without labels. */
  private static CropTable of(List<Photo> photos, FaceCrop how, PhotoDecoder decoder, int threads)
      throws IOException {
    CropRun run = CropRun.of(photos, how).withDecoder(decoder);
    return run(run, photos.size(), Optional.empty(), Optional.empty(), threads);
  }

  /** Reads a table that {@code mask crop} wrote. */
  public static CropTable read(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new InvalidFileException(
          file,
          Problem.saying("there is no such table of crops")
              .withRemedy("'mask crop --data DIR --out FILE' writes one"));
    }
    return CropTable.read(file);
  }

  /** Reads a table that {@code mask crop} wrote, and checks that it has each photo. */
  public static CropTable read(Path file, PhotoSet photos) throws IOException {
    CropTable table = read(file);
    for (Photo photo : photos.photos()) {
      checkArgument(
          table.find(photo.id()).isPresent(),
          "%s: has no crop of photo %s; run 'mask crop' on these photos again",
          file,
          photo.id());
    }
    return table;
  }

  /**
   * Reads a table that has all photos except those with pseudo-labels. These are cropped now and
   * need no audit.
   */
  public static CropTable read(
      Path file, PhotoSet photos, CropOptions faces, PhotoDecoder decoder, int threads)
      throws IOException {
    CropTable table = read(file, photos.filter(p -> !p.isPseudoLabelled()));
    List<Photo> missing =
        photos.photos().stream().filter(p -> table.find(p.id()).isEmpty()).toList();
    if (missing.isEmpty()) {
      return table;
    }
    FaceCrop how = table.settings().isPresent() ? faces.crop(table.settings().get()) : faces.crop();
    CropTable all =
        CropTable.of(
            Stream.concat(
                    table.decisions().stream(),
                    of(missing, how, decoder, threads).decisions().stream())
                .toList());
    return table.audited() ? all.asAudited() : all;
  }

  private static CropTable run(
      CropRun run, int total, Optional<Path> known, Optional<Path> review, int threads)
      throws IOException {
    CropRun ready = run.withThreads(threads);
    if (known.isPresent() && Files.exists(known.get())) {
      ready = ready.withKnown(CropTable.read(known.get()));
    }
    if (review.isPresent()) {
      ready = ready.withReview(CropReview.read(review.get()));
    }
    try (Progress progress = Progress.of("crop", total, "photos")) {
      return ready.withProgress(progress::to).run();
    }
  }
}
