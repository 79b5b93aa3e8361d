package io.github.facemask.classifier;

import ai.djl.modality.cv.Image;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.github.facemask.preprocessing.Preprocessing;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Decodes photos and cuts out what networks see; mask-augment provides one as a service. Safe for
 * several threads.
 */
public interface PhotoFramer {

  /**
   * Decodes a photo.
   *
   * @param file the bytes of a file
   * @param name what messages call it
   * @return the photo
   * @throws IOException if it is no photo that can be read; the message begins with the name
   */
  Decoded decode(byte[] file, String name) throws IOException;

  /**
   * Takes a photo that is decoded already.
   *
   * @param rgb height * width * 3 bytes, row by row
   * @param height in pixels
   * @param width in pixels
   * @return the photo, which keeps the array
   */
  Decoded wrap(byte[] rgb, int height, int width);

  /**
   * Takes a photo of the JDK; its alpha is not looked at.
   *
   * @param image the photo
   * @return its pixels
   */
  default Decoded wrap(BufferedImage image) {
    int height = image.getHeight();
    int width = image.getWidth();
    int[] row = new int[width];
    byte[] rgb = new byte[3 * height * width];
    int to = 0;
    for (int y = 0; y < height; y++) {
      image.getRGB(0, y, width, 1, row, 0, width);
      for (int pixel : row) {
        rgb[to++] = (byte) (pixel >> 16);
        rgb[to++] = (byte) (pixel >> 8);
        rgb[to++] = (byte) pixel;
      }
    }
    return wrap(rgb, height, width);
  }

  /**
   * Takes a photo of DJL.
   *
   * @param image the photo
   * @return its pixels
   */
  default Decoded wrap(Image image) {
    if (image.getWrappedImage() instanceof BufferedImage buffered) {
      return wrap(buffered);
    }
    try (NDManager scope = NDManager.newBaseManager();
        NDArray pixels = image.toNDArray(scope, Image.Flag.COLOR)) {
      byte[] rgb = pixels.toType(DataType.UINT8, true).toByteArray();
      return wrap(rgb, image.getHeight(), image.getWidth());
    }
  }

  /** A photo in memory. Safe for several threads. */
  interface Decoded {
    /**
     * Writes what a network sees of the photo: as evaluation does, of the main face for networks of
     * faces.
     *
     * @param preprocessing the network's input
     * @param view which look at it
     * @param into takes height * width * 3 bytes, RGB, row by row, from its position on
     */
    void frame(Preprocessing preprocessing, View view, ByteBuffer into);
  }
}
