package io.github.facemask.image;

/** A Huffman table of a JPEG (ITU-T T.81, annex C). Immutable. */
final class HuffmanTable {

  /** The bits that are looked up at once; longer codes take a step for each bit. */
  private static final int FAST = 9;

  private static final int LONGEST = 16;

  private final short[] fast = new short[1 << FAST]; // length * 256 + symbol, 0 for longer codes
  private final int[] lastCode = new int[LONGEST + 1]; // of a length; -1 for none
  private final int[] offset = new int[LONGEST + 1]; // index of a symbol less its code
  private final byte[] symbols;

  /**
   * Makes the table.
   *
   * @param bytes a file
   * @param at the place of the 16 numbers of codes of a length, before the symbols
   * @param count the number of symbols
   */
  HuffmanTable(byte[] bytes, int at, int count) {
    symbols = new byte[count];
    System.arraycopy(bytes, at + LONGEST, symbols, 0, count);
    int code = 0;
    int index = 0;
    for (int length = 1; length <= LONGEST; length++) {
      int codes = bytes[at + length - 1] & 0xff;
      offset[length] = index - code;
      for (int i = 0; i < codes; i++, code++, index++) {
        if (length <= FAST) {
          int first = code << (FAST - length);
          for (int k = 0; k < 1 << (FAST - length) && first + k < fast.length; k++) {
            fast[first + k] = (short) (length << 8 | (symbols[index] & 0xff));
          }
        }
      }
      lastCode[length] = codes == 0 ? -1 : code - 1;
      code <<= 1;
    }
  }

  /** Returns a table of a scan; refuses a scan whose table is missing. */
  static HuffmanTable of(HuffmanTable[] tables, int slot) {
    if (tables[slot] == null) {
      throw new ArrayIndexOutOfBoundsException("no table");
    }
    return tables[slot];
  }

  /**
   * Finds the code at the front of 16 bits.
   *
   * @param bits the next 16 bits
   * @return the code's length times 256 plus its symbol; 0 if there is no such code
   */
  int find(int bits) {
    int quick = fast[bits >> (LONGEST - FAST)];
    if (quick != 0) {
      return quick;
    }
    for (int length = FAST + 1; length <= LONGEST; length++) {
      int code = bits >> (LONGEST - length);
      if (lastCode[length] >= 0 && code <= lastCode[length] && code + offset[length] >= 0) {
        return length << 8 | (symbols[code + offset[length]] & 0xff);
      }
    }
    return 0;
  }
}
