package io.github.facemask.image;

/** The markers of a JPEG file (ITU-T T.81, annex B). */
final class JpegFile {

  private static final int START_OF_SCAN = 0xda;
  private static final int END_OF_IMAGE = 0xd9;

  private JpegFile() {}

  static PhotoHeader read(FileBytes file) throws UnreadablePhotoException {
    PhotoHeader header = null;
    boolean endsWell = file.startsWith(file.length() - 2, 0xff, END_OF_IMAGE);
    long at = 2;
    while (true) {
      int marker = marker(file, at);
      at += 2;
      if (marker == 0xff) {
        at--; // a fill byte
      } else if (marker == END_OF_IMAGE) {
        if (header == null) {
          throw file.broken("the JPEG has no image");
        }
        return header;
      } else if (!standsAlone(marker)) {
        int length = file.u16BigEndian(at);
        if (length < 2) {
          throw file.broken("a JPEG segment has the length " + length);
        }
        if (isFrame(marker) && header == null) {
          header =
              file.header(
                  PhotoHeader.Format.JPEG, file.u16BigEndian(at + 3), file.u16BigEndian(at + 5));
        }
        at += length;
        if (marker == START_OF_SCAN) {
          if (header == null) {
            throw file.broken("the JPEG's scan comes before its frame");
          }
          if (endsWell) {
            return header; // the common case: no need to look at every byte
          }
          at = afterScan(file, at);
        }
      }
    }
  }

  private static int marker(FileBytes file, long at) throws UnreadablePhotoException {
    if (file.u8(at) != 0xff) {
      throw file.broken("the JPEG has no marker at byte " + at);
    }
    return file.u8(at + 1);
  }

  /** Walks over entropy-coded data: a 0xff in it is followed by 0 or by a restart marker. */
  private static long afterScan(FileBytes file, long from) throws UnreadablePhotoException {
    for (long at = from; ; at++) {
      if (file.u8(at) == 0xff) {
        int next = file.u8(at + 1);
        if (next != 0 && next != 0xff && !(next >= 0xd0 && next <= 0xd7)) {
          return at;
        }
      }
    }
  }

  private static boolean standsAlone(int marker) {
    return marker == 0x01 || (marker >= 0xd0 && marker <= 0xd8);
  }

  private static boolean isFrame(int marker) {
    return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
  }
}
