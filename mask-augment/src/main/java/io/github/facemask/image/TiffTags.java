package io.github.facemask.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** The first directory of a TIFF, which is also the form of EXIF data. Broken data has no tags. */
final class TiffTags {

  static final int SUB_IFDS = 0x014a;
  static final int MAKE = 0x010f;
  static final int DNG_VERSION = 0xc612;
  private static final int ORIENTATION = 0x0112;

  private static final int ENTRY = 12;
  private static final int SHORT = 3;

  private final ByteBuffer tiff;
  private final Map<Integer, Integer> entries; // by tag: the place of its entry

  private TiffTags(ByteBuffer tiff, Map<Integer, Integer> entries) {
    this.tiff = tiff;
    this.entries = entries;
  }

  /** Reads the tags of the TIFF in bytes from a place on, up to an end. */
  static TiffTags of(byte[] bytes, int from, int to) {
    Map<Integer, Integer> entries = new HashMap<>();
    if (from < 0 || to > bytes.length || to - from < 8) {
      return new TiffTags(ByteBuffer.allocate(0), entries);
    }
    ByteBuffer tiff = ByteBuffer.wrap(bytes, from, to - from).slice();
    tiff.order(tiff.get(0) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    boolean known = tiff.get(0) == tiff.get(1) && (tiff.get(0) == 'I' || tiff.get(0) == 'M');
    int at = tiff.getInt(4);
    if (known && tiff.getShort(2) == 42 && at >= 8 && at <= tiff.limit() - 2) {
      int count = tiff.getShort(at) & 0xffff;
      for (int i = 0; i < count && at + 2 + (i + 1) * ENTRY <= tiff.limit(); i++) {
        int entry = at + 2 + i * ENTRY;
        entries.putIfAbsent(tiff.getShort(entry) & 0xffff, entry);
      }
    }
    return new TiffTags(tiff, entries);
  }

  boolean has(int tag) {
    return entries.containsKey(tag);
  }

  /** Returns a tag's text without its end; empty if there is none. */
  String text(int tag) {
    Integer entry = entries.get(tag);
    if (entry == null) {
      return "";
    }
    int length = tiff.getInt(entry + 4);
    int at = length <= 4 ? entry + 8 : tiff.getInt(entry + 8);
    if (length < 1 || at < 0 || at > tiff.limit() - length) {
      return "";
    }
    byte[] text = new byte[length];
    tiff.get(at, text);
    return new String(text, StandardCharsets.ISO_8859_1).replace("\0", " ").strip();
  }

  /** Returns the orientation, 1 to 8; 1 (upright) if it is missing or none of these. */
  int orientation() {
    Integer entry = entries.get(ORIENTATION);
    if (entry == null || tiff.getShort(entry + 2) != SHORT) {
      return 1;
    }
    int value = tiff.getShort(entry + 8) & 0xffff;
    return value >= 1 && value <= 8 ? value : 1;
  }
}
