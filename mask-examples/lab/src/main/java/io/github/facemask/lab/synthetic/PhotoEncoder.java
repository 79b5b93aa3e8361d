package io.github.facemask.lab.synthetic;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Writes pictures to files. Not thread-safe. */
final class PhotoEncoder implements AutoCloseable {

  private final ImageWriter jpeg = ImageIO.getImageWritersByFormatName("jpeg").next();
  private final ImageWriter png = ImageIO.getImageWritersByFormatName("png").next();
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 17);

  /**
   * Writes a picture as PNG if the name ends with png, otherwise as JPEG with a quality from 0 to
   * 1.
   */
  void write(BufferedImage image, Path file, double quality) throws IOException {
    boolean lossless = file.getFileName().toString().endsWith(".png");
    ImageWriter writer = lossless ? png : jpeg;
    bytes.reset();
    try (ImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      ImageWriteParam choice = writer.getDefaultWriteParam();
      choice.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      choice.setCompressionQuality(lossless ? 0.6f : (float) quality);
      writer.setOutput(out);
      writer.write(null, new IIOImage(image, null, null), choice);
    }
    Files.write(file, bytes.toByteArray());
  }

  @Override
  public void close() {
    jpeg.dispose();
    png.dispose();
  }
}
