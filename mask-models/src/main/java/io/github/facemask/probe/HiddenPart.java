package io.github.facemask.probe;

import io.github.facemask.dataset.FacePhoto;
import io.github.facemask.dataset.Photo;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.facecrop.CropTable;
import io.github.facemask.image.Box;
import io.github.facemask.image.PhotoDecoder;
import io.github.facemask.image.PhotoEncoder;
import io.github.facemask.image.Pixels;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.IntStream;

/** A part of a portrait, derived from the face's box. */
public enum HiddenPart {
  /** Below the chin, over the whole width. */
  CLOTHES,
  /** Above the chin, but for the head: the face's box with half of it added on each side. */
  BACKGROUND,
  /** The face's box with a tenth added on each side. */
  FACE;

  private static final byte GREY = 127;
  private static final int STEP = 3;

  /** Writes the photos without this part; they keep their ids and labels. */
  PhotoSet hide(PhotoSet photos, Map<String, Box> faces, Path folder) throws IOException {
    try {
      return PhotoSet.of(
          IntStream.range(0, photos.size())
              .parallel()
              .mapToObj(i -> hide(photos.get(i), faces, folder.resolve(i + ".png")))
              .toList());
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private FacePhoto hide(FacePhoto photo, Map<String, Box> faces, Path file) {
    try {
      Pixels pixels = PhotoDecoder.create().decode(photo.photo().file());
      Files.write(file, PhotoEncoder.png(without(pixels, faces.get(photo.photo().id()))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new FacePhoto(
        new Photo(photo.photo().id(), file), photo.person(), photo.ageYears(), photo.faceClass());
  }

  /**
   * Returns the mean share of the photos' crops that this part takes up.
   *
   * @param photos the photos
   * @param faces the face of each photo by its id, in pixels
   * @param crops the crop of each photo
   * @return 0 to 1
   */
  public double share(PhotoSet photos, Map<String, Box> faces, CropTable crops) {
    double sum = 0;
    for (FacePhoto photo : photos) {
      Box crop = crops.find(photo.photo().id()).orElseThrow().crop();
      Box face = faces.get(photo.photo().id());
      int all = 0;
      int covered = 0;
      for (int y = (int) crop.top(); y < crop.bottom(); y += STEP) {
        for (int x = (int) crop.left(); x < crop.right(); x += STEP) {
          all++;
          covered += covers(face, x, y) ? 1 : 0;
        }
      }
      sum += (double) covered / Math.max(all, 1);
    }
    return sum / photos.size();
  }

  private Pixels without(Pixels photo, Box face) {
    byte[] bytes = photo.array().clone();
    for (int y = 0; y < photo.height(); y++) {
      for (int x = 0; x < photo.width(); x++) {
        if (covers(face, x, y)) {
          for (int c = 0; c < Pixels.CHANNELS; c++) {
            bytes[(y * photo.width() + x) * Pixels.CHANNELS + c] = GREY;
          }
        }
      }
    }
    return Pixels.wrap(photo.height(), photo.width(), bytes);
  }

  /** Whether a pixel is of this part. */
  boolean covers(Box face, int x, int y) {
    return switch (this) {
      case CLOTHES -> y >= face.bottom();
      case BACKGROUND -> y < face.bottom() && !inside(face, 0.5, x, y);
      case FACE -> inside(face, 0.1, x, y);
    };
  }

  private static boolean inside(Box face, double margin, int x, int y) {
    double wide = margin * face.width();
    double high = margin * face.height();
    return x >= face.left() - wide
        && x < face.right() + wide
        && y >= face.top() - high
        && y < face.bottom() + high;
  }
}
