package io.github.facemask.lab.report;

import io.github.facemask.problem.InvalidFileException;
import io.github.facemask.problem.Problem;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * A small photo with a caption.
 *
 * @param image the photo as a data URI; empty if it cannot be read
 * @param caption lines of text below it, the first the most important
 * @param tone the mark of the card
 */
public record PhotoCard(Optional<String> image, List<String> caption, Tone tone) {

  private static final int WIDTH = 132;
  private static final float QUALITY = 0.72f;

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
   * Reads a photo and scales it down. An unreadable photo gives a card with a note.
   *
   * @param file the photo
   * @param tone the mark of the card
   * @param caption lines of text below it
   */
  public static PhotoCard of(Path file, Tone tone, String... caption) {
    try {
      return new PhotoCard(Optional.of(dataUri(small(file))), List.of(caption), tone);
    } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException e) {
      return new PhotoCard(Optional.empty(), List.of(caption), tone);
    }
  }

  private static BufferedImage small(Path file) throws IOException {
    try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
      if (in == null) {
        throw new InvalidFileException(file, Problem.saying("cannot be opened"));
      }
      Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
      if (!readers.hasNext()) {
        throw new InvalidFileException(file, Problem.saying("is not a photo that Java can read"));
      }
      ImageReader reader = readers.next();
      try {
        reader.setInput(in, true, true);
        ImageReadParam choice = reader.getDefaultReadParam();
        // Skipping pixels while decoding is fast. Twice the width is kept for smooth scaling.
        int step = Math.max(1, reader.getWidth(0) / (2 * WIDTH));
        choice.setSourceSubsampling(step, step, 0, 0);
        return scaled(reader.read(0, choice));
      } finally {
        reader.dispose();
      }
    }
  }

  private static BufferedImage scaled(BufferedImage image) {
    int height = Math.max(1, Math.round(image.getHeight() * WIDTH / (float) image.getWidth()));
    BufferedImage scaled = new BufferedImage(WIDTH, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = scaled.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    graphics.drawImage(image, 0, 0, WIDTH, height, null);
    graphics.dispose();
    return scaled;
  }

  private static String dataUri(BufferedImage image) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    try (ImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      ImageWriteParam choice = writer.getDefaultWriteParam();
      choice.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      choice.setCompressionQuality(QUALITY);
      writer.setOutput(out);
      writer.write(null, new IIOImage(image, null, null), choice);
    } finally {
      writer.dispose();
    }
    return "data:image/jpeg;base64," + Base64.getEncoder().encodeToString(bytes.toByteArray());
  }
}
