package io.github.facemask.tensor;

/** The element types that weights come in. */
public enum ElementType {
  FLOAT32(4),
  FLOAT64(8),
  FLOAT16(2),
  BFLOAT16(2),
  INT64(8),
  INT32(4),
  INT16(2),
  INT8(1),
  UINT8(1),
  UINT16(2),
  UINT32(4),
  UINT64(8),
  BOOL(1);

  private final int bytes;

  ElementType(int bytes) {
    this.bytes = bytes;
  }

  /** Returns the bytes of one element. */
  public int bytes() {
    return bytes;
  }

  /** Returns whether the elements are floating-point numbers. */
  public boolean isFloating() {
    return switch (this) {
      case FLOAT32, FLOAT64, FLOAT16, BFLOAT16 -> true;
      default -> false;
    };
  }
}
