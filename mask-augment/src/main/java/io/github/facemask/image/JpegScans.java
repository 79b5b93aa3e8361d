package io.github.facemask.image;

import com.google.common.math.IntMath;
import io.github.facemask.image.EntropyBits.DamagedDataException;
import java.io.ByteArrayOutputStream;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Walks over the data of a JPEG's scans (ITU-T T.81, annexes F and G) as libjpeg does, without
 * computing pixels. libjpeg decodes damaged data and only writes a line without the file's name to
 * the process's standard error. This finds the damage before, so that such files are not given to
 * it.
 */
final class JpegScans {

  private static final int START_OF_SCAN = 0xda;
  private static final int END_OF_IMAGE = 0xd9;
  private static final int HUFFMAN_TABLES = 0xc4;
  private static final int RESTART_INTERVAL = 0xdd;
  private static final int LAST = 63; // the last coefficient of a block

  /** Writers may pad a scan. More bytes than this are data that belongs to no block. */
  private static final int PADDING = 16;

  /** A component of the frame. */
  private static final class Component {
    private final int id;
    private final int across;
    private final int down;
    private int blocksWide; // of a scan of its own
    private int blocksHigh;
    private int stride; // blocks in a row of a scan of all components
    private long[] nonZero = {}; // of a progressive JPEG: a bit for each coefficient of a block
    private final int[] sentTo = new int[LAST + 1]; // the lowest bit sent of a coefficient, or -1

    private Component(int id, int across, int down) {
      this.id = id;
      this.across = across;
      this.down = down;
      Arrays.fill(sentTo, -1);
    }
  }

  /** A component in a scan, with its tables. */
  private record Part(Component component, int dc, int ac) {}

  /** A scan's components, coefficients and bits. */
  private record Scan(List<Part> parts, int first, int last, int high, int low) {}

  private byte[] bytes; // the file, or a copy with repaired headers
  private final HuffmanTable[] dc = new HuffmanTable[4];
  private final HuffmanTable[] ac = new HuffmanTable[4];
  private final ByteArrayOutputStream kept = new ByteArrayOutputStream(0);
  private final List<Component> components = new ArrayList<>();
  private Optional<String> damage = Optional.empty();
  private boolean progressive;
  private int height;
  private int width;
  private int restartInterval;
  private int keptTo;
  private int adobeTransform; // its place, 0 for none
  private int endOfBand; // how many blocks have no more coefficients in this band

  private JpegScans(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * Walks over a file.
   *
   * @param bytes a JPEG whose header was read
   */
  static JpegScans of(byte[] bytes) {
    JpegScans scans = new JpegScans(bytes);
    try {
      scans.walk();
    } catch (IndexOutOfBoundsException e) {
      // A broken table or a cut segment: libjpeg refuses these without a line.
    }
    return scans;
  }

  /** Returns what is wrong with the data; empty if it is whole or in a form not looked into. */
  Optional<String> damage() {
    return damage;
  }

  /**
   * Returns the file as libjpeg reads it without a line: without superfluous bytes behind its
   * scans, and with the usual versions in its headers. Mostly the file itself.
   */
  byte[] clean() {
    if (keptTo == 0) {
      return bytes;
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream(bytes.length);
    all.writeBytes(kept.toByteArray());
    all.write(bytes, keptTo, bytes.length - keptTo);
    return all.toByteArray();
  }

  private void walk() {
    int at = 2;
    while (damage.isEmpty()) {
      if (bytes[at] != (byte) 0xff || bytes[at + 1] == 0) {
        at = skip(at);
        continue;
      }
      int marker = bytes[at + 1] & 0xff;
      if (marker == 0xff) {
        at++;
        continue;
      }
      at += 2;
      if (marker == END_OF_IMAGE) {
        return;
      }
      if (marker == 0x01 || (marker >= 0xd0 && marker <= 0xd8)) {
        continue;
      }
      int next = at + u16(at);
      switch (marker) {
        case 0xc0, 0xc1, 0xc2 -> frame(at, marker);
        case HUFFMAN_TABLES -> tables(at + 2, next);
        case RESTART_INTERVAL -> restartInterval = u16(at + 2);
        case 0xe0 -> jfif(at, next);
        case 0xee -> adobeTransform = isText(at + 2, "Adobe") && next >= at + 14 ? at + 13 : 0;
        case START_OF_SCAN -> {
          adobe();
          Optional<Scan> scan = scan(at);
          if (scan.isEmpty()) {
            return;
          }
          next = damage.isPresent() ? next : walk(scan.get(), next);
        }
        default -> {
          if (marker >= 0xc3 && marker <= 0xcf && marker != 0xcc) {
            return; // lossless or arithmetic coding
          }
        }
      }
      at = next;
    }
  }

  private int u16(int at) {
    return (bytes[at] & 0xff) << 8 | (bytes[at + 1] & 0xff);
  }

  private void frame(int at, int marker) {
    progressive = marker == 0xc2;
    if (bytes[at + 2] != 8) {
      throw new ArrayIndexOutOfBoundsException("12 bits");
    }
    height = u16(at + 3);
    width = u16(at + 5);
    components.clear();
    for (int i = 0; i < bytes[at + 7]; i++) {
      int sampling = bytes[at + 9 + 3 * i];
      components.add(new Component(bytes[at + 8 + 3 * i], sampling >> 4 & 15, sampling & 15));
    }
    int across = components.stream().mapToInt(c -> c.across).max().orElse(1);
    int down = components.stream().mapToInt(c -> c.down).max().orElse(1);
    for (Component each : components) {
      if (each.across < 1 || each.across > 4 || each.down < 1 || each.down > 4) {
        throw new ArrayIndexOutOfBoundsException("sampling");
      }
      each.blocksWide = up(up(width * each.across, across), 8);
      each.blocksHigh = up(up(height * each.down, down), 8);
      each.stride = up(width, 8 * across) * each.across;
      if (progressive) {
        each.nonZero = new long[each.stride * up(height, 8 * down) * each.down];
      }
    }
  }

  private static int up(int a, int b) {
    return IntMath.divide(a, b, RoundingMode.CEILING);
  }

  /** libjpeg reads later versions as the first one, with a line. */
  private void jfif(int at, int next) {
    if (isText(at + 2, "JFIF\0") && next >= at + 16 && bytes[at + 7] != 1) {
      change(at + 7, 1);
    }
  }

  /** libjpeg takes an unknown transform for the usual one, with a line. */
  private void adobe() {
    if (adobeTransform > 0) {
      int usual = components.size() == 4 ? 2 : 1;
      if (bytes[adobeTransform] != 0 && bytes[adobeTransform] != usual) {
        change(adobeTransform, usual);
      }
      adobeTransform = 0;
    }
  }

  private boolean isText(int at, String text) {
    for (int i = 0; i < text.length(); i++) {
      if (bytes[at + i] != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private void change(int at, int value) {
    bytes = bytes.clone();
    bytes[at] = (byte) value;
  }

  private void tables(int from, int to) {
    int at = from;
    while (at + 17 <= to) {
      int slot = bytes[at] & 0xff;
      int count = 0;
      for (int i = 1; i <= 16; i++) {
        count += bytes[at + i] & 0xff;
      }
      HuffmanTable[] kind = slot >> 4 == 0 ? dc : ac;
      kind[slot & 15] = new HuffmanTable(bytes, at + 1, count);
      at += 17 + count;
    }
  }

  private Optional<Scan> scan(int at) {
    int count = bytes[at + 2];
    List<Part> parts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int id = bytes[at + 3 + 2 * i];
      int tables = bytes[at + 4 + 2 * i];
      Optional<Component> found = components.stream().filter(c -> c.id == id).findFirst();
      if (found.isEmpty()) {
        return Optional.empty();
      }
      parts.add(new Part(found.get(), tables >> 4 & 15, tables & 15));
    }
    int end = at + 3 + 2 * count;
    Scan scan =
        new Scan(
            parts,
            bytes[end] & 0xff,
            bytes[end + 1] & 0xff,
            bytes[end + 2] >> 4 & 15,
            bytes[end + 2] & 15);
    boolean impossible = scan.last > LAST || scan.first > scan.last;
    if (parts.isEmpty() || (progressive && impossible)) {
      return Optional.empty();
    }
    checkOrder(scan);
    return Optional.of(scan);
  }

  /** Scans of other coefficients or bits than announced are read, but with a line of libjpeg. */
  private void checkOrder(Scan scan) {
    if (!progressive) {
      if (scan.first != 0 || scan.last != LAST || scan.high != 0 || scan.low != 0) {
        damage = Optional.of("a scan of it is not of a sequential JPEG");
      }
      return;
    }
    for (Part part : scan.parts) {
      int[] sentTo = part.component.sentTo;
      boolean orderly = scan.first == 0 || sentTo[0] >= 0;
      for (int k = scan.first; k <= scan.last; k++) {
        orderly &= scan.high == Math.max(0, sentTo[k]);
        sentTo[k] = scan.low;
      }
      if (!orderly) {
        damage = Optional.of("its scans are in the wrong order, or one is missing");
      }
    }
  }

  /** Walks over a scan's data and returns the place of the next marker. */
  private int walk(Scan scan, int from) {
    boolean single = scan.parts.size() == 1;
    Component first = scan.parts.get(0).component;
    int wide = single ? first.blocksWide : first.stride / first.across;
    int high = single ? first.blocksHigh : up(height, 8 * maxDown());
    EntropyBits bits = new EntropyBits(bytes, from);
    endOfBand = 0;
    int left = restartInterval;
    int restart = 0;
    int row = 0;
    try {
      for (; row < high; row++) {
        for (int column = 0; column < wide; column++) {
          if (restartInterval > 0 && left == 0) {
            bits = new EntropyBits(bytes, restart(bits.end(), restart));
            restart = (restart + 1) % 8;
            left = restartInterval;
            endOfBand = 0;
          }
          left--;
          unit(scan, bits, single, row, column);
        }
      }
    } catch (DamagedDataException e) {
      int good = (int) ((long) row * height / high);
      damage =
          Optional.of(
              String.format(
                  Locale.ROOT,
                  "%s: %s are lost or wrong, at the latest from row %d of %d on",
                  e.getMessage(),
                  progressive ? "details" : "pixels",
                  good,
                  height));
      return bytes.length;
    }
    return skip(bits.end());
  }

  private int maxDown() {
    return components.stream().mapToInt(c -> c.down).max().orElse(1);
  }

  private void unit(Scan scan, EntropyBits bits, boolean single, int row, int column)
      throws DamagedDataException {
    for (Part part : scan.parts) {
      Component of = part.component;
      int down = single ? 1 : of.down;
      int across = single ? 1 : of.across;
      for (int y = 0; y < down; y++) {
        for (int x = 0; x < across; x++) {
          if (progressive) {
            progressive(scan, part, bits, (row * down + y) * of.stride + column * across + x);
          } else {
            bits.skipBlock(HuffmanTable.of(dc, part.dc), HuffmanTable.of(ac, part.ac));
          }
        }
      }
    }
  }

  private void progressive(Scan scan, Part part, EntropyBits bits, int block)
      throws DamagedDataException {
    if (scan.first == 0) {
      if (scan.high == 0) {
        bits.read(bits.symbol(HuffmanTable.of(dc, part.dc)) & 15);
      } else {
        bits.read(1);
      }
    } else if (scan.high == 0) {
      firstBits(scan, HuffmanTable.of(ac, part.ac), bits, part.component.nonZero, block);
    } else {
      nextBit(scan, HuffmanTable.of(ac, part.ac), bits, part.component.nonZero, block);
    }
  }

  private void firstBits(Scan scan, HuffmanTable table, EntropyBits bits, long[] nonZero, int block)
      throws DamagedDataException {
    if (endOfBand > 0) {
      endOfBand--;
      return;
    }
    for (int k = scan.first; k <= scan.last; k++) {
      int symbol = bits.symbol(table);
      int run = symbol >> 4;
      int size = symbol & 15;
      if (size > 0) {
        k += run;
        bits.read(size);
        nonZero[block] |= 1L << Math.min(k, LAST);
      } else if (run == 15) {
        k += 15;
      } else {
        endOfBand = (1 << run) + bits.read(run) - 1;
        return;
      }
    }
  }

  private void nextBit(Scan scan, HuffmanTable table, EntropyBits bits, long[] nonZero, int block)
      throws DamagedDataException {
    int k = scan.first;
    if (endOfBand == 0) {
      for (; k <= scan.last; k++) {
        int symbol = bits.symbol(table);
        int run = symbol >> 4;
        int size = symbol & 15;
        if (size > 1) {
          throw new DamagedDataException("it has a coefficient that cannot be");
        }
        if (size == 1) {
          bits.read(1);
        } else if (run != 15) {
          endOfBand = (1 << run) + bits.read(run);
          break;
        }
        for (; k <= scan.last; k++) {
          if ((nonZero[block] >> k & 1) != 0) {
            bits.read(1);
          } else if (--run < 0) {
            break;
          }
        }
        if (size == 1) {
          nonZero[block] |= 1L << Math.min(k, LAST);
        }
      }
    }
    if (endOfBand > 0) {
      for (; k <= scan.last; k++) {
        bits.read((int) (nonZero[block] >> k & 1));
      }
      endOfBand--;
    }
  }

  /** Checks a restart marker and returns the place after it. */
  private int restart(int from, int expected) throws DamagedDataException {
    int at = skip(from);
    if (damage.isPresent() || (bytes[at + 1] & 0xff) != 0xd0 + expected) {
      throw new DamagedDataException("a restart marker of it is missing");
    }
    return at + 2;
  }

  /** Skips bytes up to a marker, and notes that they are superfluous. */
  private int skip(int from) {
    int at = from;
    while (bytes[at] != (byte) 0xff
        || bytes[at + 1] == 0
        || (bytes[at + 1] == (byte) 0xff && bytes[at] == (byte) 0xff)) {
      at++;
    }
    int superfluous = at - from;
    if (superfluous > PADDING) {
      damage = Optional.of("it has " + superfluous + " bytes of image data that belong nowhere");
    } else if (superfluous > 0) {
      kept.write(bytes, keptTo, from - keptTo);
      keptTo = at;
    }
    return at;
  }
}
