package io.github.facemask.tensor;

/** The order of an array's elements in the engine's memory (PyTorch's memory format). */
public enum MemoryLayout {
  /** Row-major. */
  CONTIGUOUS(0),
  /** For four dimensions (N, C, H, W): the channel varies fastest. */
  CHANNELS_LAST(2);

  private final int code;

  MemoryLayout(int code) {
    this.code = code;
  }

  /** Returns libtorch's number of the layout, as {@code c10/core/MemoryFormat.h} has it. */
  public int code() {
    return code;
  }
}
