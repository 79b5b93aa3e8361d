package io.github.facemask.loader;

import ai.djl.ndarray.NDArray;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * A pool of direct buffers for batches. A buffer is reused only after the array over it was closed.
 * New memory for each batch would cost page faults and wait for garbage collection.
 */
final class BufferPool {

  private record Lent(ByteBuffer buffer, NDArray array) {}

  private final int mostIdle;
  private final List<ByteBuffer> idle = new ArrayList<>();
  private final List<Lent> lent = new ArrayList<>();

  BufferPool(int mostIdle) {
    this.mostIdle = mostIdle;
  }

  /** Returns a buffer of at least a number of bytes with undefined content, for one batch. */
  synchronized ByteBuffer take(int bytes) {
    for (Iterator<Lent> it = lent.iterator(); it.hasNext(); ) {
      Lent one = it.next();
      if (one.array().isReleased()) {
        it.remove();
        giveBack(one.buffer());
      }
    }
    for (int i = idle.size() - 1; i >= 0; i--) {
      if (idle.get(i).capacity() >= bytes) {
        return idle.remove(i);
      }
    }
    // All idle buffers are too small; one of them makes room.
    if (!idle.isEmpty()) {
      idle.remove(idle.size() - 1);
    }
    return ByteBuffer.allocateDirect(bytes);
  }

  /** Registers an array over a buffer; keeps the buffer alive until the array is closed. */
  synchronized void lend(ByteBuffer buffer, NDArray array) {
    lent.add(new Lent(buffer, array));
  }

  /** Takes back a buffer without an array. */
  synchronized void giveBack(ByteBuffer buffer) {
    if (idle.size() < mostIdle) {
      idle.add(buffer);
    }
  }
}
