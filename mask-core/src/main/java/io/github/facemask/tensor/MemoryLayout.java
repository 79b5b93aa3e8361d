package io.github.facemask.tensor;

/** How an array's elements follow each other in the engine's memory. */
public enum MemoryLayout {
  /** Row-major. */
  CONTIGUOUS,
  /** For four dimensions (N, C, H, W): the channel varies fastest. */
  CHANNELS_LAST
}
