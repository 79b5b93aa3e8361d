package io.github.facemask.image;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;

/** JPEGs of any size, made without their pixels. */
public final class TestJpegs {

  private TestJpegs() {}

  /**
   * Returns a mid-grey JPEG of the usual form: baseline, in colour, chroma at half the sides. The
   * data of 16 x 16 pixels is 32 bits in the standard's tables: four times the difference 0 and the
   * block's end for brightness (001010), and twice for colour (0000).
   */
  public static byte[] flat(int height, int width) {
    byte[] small = small();
    int scan = find(small, 0xda);
    int frame = find(small, 0xc0);
    ByteArrayOutputStream jpeg = new ByteArrayOutputStream();
    jpeg.write(small, 0, scan + 2 + u16(small, scan + 2));
    for (int unit = (height + 15) / 16 * ((width + 15) / 16); unit > 0; unit--) {
      jpeg.writeBytes(new byte[] {0x28, (byte) 0xa2, (byte) 0x8a, 0});
    }
    jpeg.writeBytes(new byte[] {(byte) 0xff, (byte) 0xd9});
    byte[] bytes = jpeg.toByteArray();
    bytes[frame + 5] = (byte) (height >> 8);
    bytes[frame + 6] = (byte) height;
    bytes[frame + 7] = (byte) (width >> 8);
    bytes[frame + 8] = (byte) width;
    return bytes;
  }

  private static byte[] small() {
    ByteArrayOutputStream jpeg = new ByteArrayOutputStream();
    try {
      ImageIO.write(new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB), "jpeg", jpeg);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return jpeg.toByteArray();
  }

  private static int find(byte[] jpeg, int marker) {
    int at = 2;
    while ((jpeg[at + 1] & 0xff) != marker) {
      at += 2 + u16(jpeg, at + 2);
    }
    return at;
  }

  private static int u16(byte[] bytes, int at) {
    return (bytes[at] & 0xff) << 8 | (bytes[at + 1] & 0xff);
  }
}
