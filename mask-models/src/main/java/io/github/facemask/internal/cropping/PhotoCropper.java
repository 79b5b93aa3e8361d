package io.github.facemask.internal.cropping;

import ai.djl.modality.cv.Image;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.github.facemask.image.PhotoDecoder;
import io.github.facemask.image.Pixels;
import java.awt.image.BufferedImage;
import java.io.IOException;

/** Decodes photos. Each is then cropped as the network expects. Thread-safe. */
public final class PhotoCropper {

  private final PhotoDecoder decoder;

  /** Decodes with the usual limits of pixels. */
  public PhotoCropper() {
    this(PhotoDecoder.create());
  }

  /**
   * Decodes with other limits of pixels.
   *
   * @param decoder decodes the files
   */
  public PhotoCropper(PhotoDecoder decoder) {
    this.decoder = decoder;
  }

  /**
   * Decodes a photo.
   *
   * @param file the bytes of a file
   * @param name the name in messages
   * @return the photo
   * @throws IOException if it is not a readable photo; the message begins with the name
   */
  public CroppedPhoto decode(byte[] file, String name) throws IOException {
    return new CroppedPhoto(decoder.decode(file, name));
  }

  /**
   * Wraps a decoded photo.
   *
   * @param rgb height * width * 3 bytes, row by row
   * @param height in pixels
   * @param width in pixels
   * @return the photo, which keeps the array
   */
  public CroppedPhoto wrap(byte[] rgb, int height, int width) {
    return new CroppedPhoto(Pixels.wrap(height, width, rgb));
  }

  /**
   * Converts a photo of the JDK. Its alpha channel is ignored.
   *
   * @param image the photo
   * @return its pixels
   */
  public CroppedPhoto wrap(BufferedImage image) {
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
   * Converts a photo of DJL.
   *
   * @param image the photo
   * @return its pixels
   */
  public CroppedPhoto wrap(Image image) {
    if (image.getWrappedImage() instanceof BufferedImage buffered) {
      return wrap(buffered);
    }
    try (NDManager scope = NDManager.newBaseManager();
        NDArray pixels = image.toNDArray(scope, Image.Flag.COLOR)) {
      byte[] rgb = pixels.toType(DataType.UINT8, true).toByteArray();
      return wrap(rgb, image.getHeight(), image.getWidth());
    }
  }
}
