package io.github.facemask.image;

import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Decodes JPEGs with damaged data by the JDK's reader, which holds the same libjpeg, but does not
 * write to standard error. Blocks without data are grey.
 */
final class DamagedJpeg {

  private DamagedJpeg() {}

  /**
   * Decodes a photo of grey or colour.
   *
   * @param bytes the file
   * @param name its name in messages
   * @param scale the divisor of both sides
   * @param damage what is wrong with it
   * @return its pixels, upright
   * @throws UnreadablePhotoException if nothing can be decoded
   */
  static Pixels decode(byte[] bytes, String name, int scale, String damage)
      throws UnreadablePhotoException {
    Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName("jpeg");
    if (!readers.hasNext()) {
      throw new UnreadablePhotoException(name, damage);
    }
    ImageReader reader = readers.next();
    try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
      reader.setInput(in, true, true);
      ImageReadParam param = reader.getDefaultReadParam();
      param.setSourceSubsampling(scale, scale, 0, 0);
      Raster raster = reader.read(0, param).getRaster();
      return Orientation.upright(pixels(raster), Orientation.ofJpeg(bytes));
    } catch (IOException | RuntimeException e) { // CMYK, and data that libjpeg refuses
      throw new UnreadablePhotoException(name, damage, e);
    } finally {
      reader.dispose();
    }
  }

  private static Pixels pixels(Raster raster) {
    int height = raster.getHeight();
    int width = raster.getWidth();
    int bands = raster.getNumBands();
    byte[] rgb = new byte[height * width * Pixels.CHANNELS];
    int[] row = new int[width * bands];
    int to = 0;
    for (int y = 0; y < height; y++) {
      raster.getPixels(0, y, width, 1, row);
      for (int x = 0; x < width; x++) {
        for (int c = 0; c < Pixels.CHANNELS; c++) {
          rgb[to++] = (byte) row[x * bands + Math.min(c, bands - 1)];
        }
      }
    }
    return Pixels.wrap(height, width, rgb);
  }
}
