package io.github.facemask.loader;

import java.nio.ByteBuffer;

/** A batch that is being filled; guarded by its stream's lock, except the buffer's content. */
final class LoadingBatch {

  final int number;
  final int firstPosition;
  final int size;
  final ByteBuffer buffer;
  final float[][] targets;

  private int missing;
  private boolean complete;
  private Throwable failure;
  private int failedPosition = Integer.MAX_VALUE;

  LoadingBatch(int number, int firstPosition, int size, ByteBuffer buffer, float[][] targets) {
    this.number = number;
    this.firstPosition = firstPosition;
    this.size = size;
    this.buffer = buffer;
    this.targets = targets;
    this.missing = size;
  }

  /** Records the failure of a photo; the one with the lowest position is kept. */
  void fail(int position, Throwable cause) {
    if (position < failedPosition) {
      failedPosition = position;
      failure = cause;
    }
  }

  /** Counts one photo as done, loaded or failed; returns whether it was the last. */
  boolean photoDone() {
    return --missing == 0;
  }

  void setComplete() {
    complete = true;
  }

  boolean isComplete() {
    return complete;
  }

  Throwable failure() {
    return failure;
  }

  int failedPosition() {
    return failedPosition;
  }
}
