package io.github.facemask.classifier;

import io.github.facemask.preprocessing.Preprocessing;
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
