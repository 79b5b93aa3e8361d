package io.github.facemask.lab.report;

import io.github.facemask.image.PhotoDecoder;
import io.github.facemask.image.Pixels;
import io.github.facemask.image.Resampler;
import io.github.facemask.image.UnreadablePhotoException;
import io.github.facemask.internal.encoding.PhotoEncoder;
import io.github.facemask.preprocessing.Preprocessing.Interpolation;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A small photo with a caption.
 *
 * @param image the photo as a data URI; empty if it cannot be shown
 * @param caption lines of text below it, the first the most important
 * @param tone the mark of the card
 * @param problem why there is no image, with the photo's name; empty if there is one
 */
public record PhotoCard(Optional<String> image, List<String> caption, Tone tone, String problem) {

  private static final int WIDTH = 132;
  private static final int HEIGHT = 4 * WIDTH;
  private static final int QUALITY = 72;

  /** The marks of cards. */
  public enum Tone {
    PLAIN,
    GOOD,
    BAD
  }

  /** Copies the list. */
  public PhotoCard {
    caption = List.copyOf(caption);
  }

  /**
   * Returns a card of a picture.
   *
   * @param image the picture as a data URI
   * @param tone the mark of the card
   * @param caption lines of text below it
   */
  public static PhotoCard ofImage(String image, Tone tone, List<String> caption) {
    return new PhotoCard(Optional.of(image), caption, tone, "");
  }

  /**
   * Returns a card that says why a photo is not shown.
   *
   * @param problem the photo's name and why it is not shown
   * @param tone the mark of the card
   * @param caption lines of text below it
   */
  public static PhotoCard placeholder(String problem, Tone tone, List<String> caption) {
    return new PhotoCard(Optional.empty(), caption, tone, problem);
  }

  /**
   * Decodes a photo as training does, turned by its EXIF orientation, and scales it down. A photo
   * that cannot be decoded gives a card with its file name and the reason.
   *
   * @param file the photo
   * @param tone the mark of the card
   * @param caption lines of text below it
   */
  public static PhotoCard of(Path file, Tone tone, String... caption) {
    try {
      Pixels small = small(PhotoDecoder.builder().optMaxPixels(500_000_000).build().decode(file));
      return ofImage(PhotoEncoder.jpegDataUri(small, QUALITY), tone, List.of(caption));
    } catch (IOException e) {
      return placeholder(problem(file, e), tone, List.of(caption));
    }
  }

  /**
   * Returns why a photo is not shown, with its file name but without its folder.
   *
   * @param file the photo
   * @param failure the failure to read it
   */
  public static String problem(Path file, IOException failure) {
    String why =
        failure instanceof UnreadablePhotoException unreadable
            ? unreadable.reason()
            : failure instanceof NoSuchFileException
                ? "there is no such file"
                : "the file cannot be read";
    return file.getFileName() + ": " + why;
  }

  private static Pixels small(Pixels photo) {
    double scale =
        Math.min(1, Math.min(WIDTH / (double) photo.width(), HEIGHT / (double) photo.height()));
    int height = (int) Math.max(1, Math.round(scale * photo.height()));
    int width = (int) Math.max(1, Math.round(scale * photo.width()));
    return Resampler.resize(photo, height, width, Interpolation.BILINEAR);
  }
}
