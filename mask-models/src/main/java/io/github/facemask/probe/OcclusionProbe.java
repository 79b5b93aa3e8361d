package io.github.facemask.probe;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import io.github.facemask.dataset.FacePhoto;
import io.github.facemask.dataset.Photo;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.evaluation.Evaluation;
import io.github.facemask.evaluation.F1Difference;
import io.github.facemask.facecrop.CropTable;
import io.github.facemask.image.Box;
import io.github.facemask.image.PhotoDecoder;
import io.github.facemask.image.Pixels;
import io.github.facemask.internal.encoding.PhotoEncoder;
import io.github.facemask.prediction.PredictionTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Hides clothes, background or face on labelled photos and measures the change in macro F1. A model
 * that loses nothing when faces are hidden does not use the face.
 */
public final class OcclusionProbe {

  private OcclusionProbe() {}

  /** Predicts photos with the probed model. */
  @FunctionalInterface
  public interface Predictor {
    /**
     * Predicts photos.
     *
     * @param photos the photos, original or with a part hidden; the ids are the same
     * @return a row for each photo
     * @throws IOException if a photo cannot be read
     */
    PredictionTable predict(PhotoSet photos) throws IOException;
  }

  /**
   * The loss of macro F1 by hiding a part.
   *
   * @param part the hidden part
   * @param macroF1 macro F1 with the part hidden
   * @param change the change of macro F1, negative for a loss, with its interval
   */
  public record Loss(HiddenPart part, double macroF1, F1Difference change) {}

  /**
   * The result of a probe.
   *
   * @param macroF1 macro F1 with nothing hidden
   * @param losses one for each part
   */
  public record Result(double macroF1, ImmutableList<Loss> losses) {}

  /**
   * Probes a model.
   *
   * @param photos labelled photos of people that the model was not trained on
   * @param faces the face of each photo by its id, in pixels of the photo
   * @param predictor the model
   * @return the result
   * @throws IOException if a photo cannot be read, or changed copies cannot be written
   * @throws IllegalArgumentException if a photo has no face
   */
  public static Result run(PhotoSet photos, Map<String, Box> faces, Predictor predictor)
      throws IOException {
    for (var photo : photos) {
      checkArgument(
          faces.containsKey(photo.photo().id()),
          "no face is known of photo %s",
          photo.photo().id());
    }
    PredictionTable plain = predictor.predict(photos);
    ImmutableList.Builder<Loss> losses = ImmutableList.builder();
    for (HiddenPart part : HiddenPart.values()) {
      Path folder = Files.createTempDirectory("facemask-probe");
      try {
        PredictionTable hidden = predictor.predict(part.hide(photos, faces, folder));
        losses.add(
            new Loss(
                part,
                Evaluation.of(hidden, photos).macroF1(),
                F1Difference.between(plain, hidden, photos)));
      } finally {
        MoreFiles.deleteRecursively(folder, RecursiveDeleteOption.ALLOW_INSECURE);
      }
    }
    return new Result(Evaluation.of(plain, photos).macroF1(), losses.build());
  }

  /** A part of a portrait, derived from the face's box. */
  public enum HiddenPart {
    /** Below the chin, over the whole width. */
    CLOTHES,
    /** Above the chin, except the head: the face's box extended by half on each side. */
    BACKGROUND,
    /** The face's box extended by a tenth on each side. */
    FACE;

    private static final byte GREY = 127;
    private static final int STEP = 3;

    /** Writes the photos with this part hidden; they keep their ids and labels. */
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
      return photo.withPhoto(new Photo(photo.photo().id(), file));
    }

    /**
     * Returns the mean share of this part in the photos' crops.
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

    /** Whether a pixel belongs to this part. */
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
}
