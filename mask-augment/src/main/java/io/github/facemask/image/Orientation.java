package io.github.facemask.image;

/** The EXIF orientation of a photo, 1 to 8: how its rows and columns were turned when stored. */
final class Orientation {

  private static final int CHANNELS = Pixels.CHANNELS;

  private Orientation() {}

  /** Returns the orientation of a JPEG, 1 if it has none. */
  static int ofJpeg(byte[] bytes) {
    int at = 2;
    while (at + 4 <= bytes.length && bytes[at] == (byte) 0xff) {
      int marker = bytes[at + 1] & 0xff;
      int length = (bytes[at + 2] & 0xff) << 8 | (bytes[at + 3] & 0xff);
      if (marker == 0xff) {
        at++;
        continue;
      }
      if (marker == 0xda || marker == 0xd9 || length < 2) {
        return 1;
      }
      boolean exif =
          marker == 0xe1
              && length >= 8
              && at + 10 <= bytes.length
              && bytes[at + 4] == 'E'
              && bytes[at + 5] == 'x'
              && bytes[at + 6] == 'i'
              && bytes[at + 7] == 'f';
      if (exif) {
        return TiffTags.of(bytes, at + 10, Math.min(bytes.length, at + 2 + length)).orientation();
      }
      at += 2 + length;
    }
    return 1;
  }

  /** Turns stored pixels upright. */
  static Pixels upright(Pixels stored, int orientation) {
    if (orientation == 1) {
      return stored;
    }
    boolean turned = orientation >= 5;
    int height = turned ? stored.width() : stored.height();
    int width = turned ? stored.height() : stored.width();
    boolean fromRight =
        orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
    boolean fromBottom =
        orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
    byte[] from = stored.array();
    byte[] to = new byte[from.length];
    int at = 0;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int row = turned ? x : y;
        int column = turned ? y : x;
        row = fromBottom ? stored.height() - 1 - row : row;
        column = fromRight ? stored.width() - 1 - column : column;
        System.arraycopy(from, (row * stored.width() + column) * CHANNELS, to, at, CHANNELS);
        at += CHANNELS;
      }
    }
    return Pixels.wrap(height, width, to);
  }
}
