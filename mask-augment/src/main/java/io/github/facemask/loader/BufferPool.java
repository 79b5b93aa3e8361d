package io.github.facemask.loader;

import ai.djl.ndarray.NDArray;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Direct buffers that batches lie in. A buffer is used again only after the array over it was
 * closed; fresh memory for every batch would cost its page faults, and wait for a collection.
 */
final class BufferPool {

  private record Lent(ByteBuffer buffer, NDArray array) {}

  private final int bytes;
  private final int mostIdle;
  private final List<ByteBuffer> idle = new ArrayList<>();
  private final List<Lent> lent = new ArrayList<>();

  BufferPool(int bytes, int mostIdle) {
    this.bytes = bytes;
    this.mostIdle = mostIdle;
  }

  /** Returns a buffer of the pool's size with any content, for one batch. */
  synchronized ByteBuffer take() {
    for (Iterator<Lent> it = lent.iterator(); it.hasNext(); ) {
      Lent one = it.next();
      if (one.array().isReleased()) {
        it.remove();
        giveBack(one.buffer());
      }
    }
    return idle.isEmpty() ? ByteBuffer.allocateDirect(bytes) : idle.remove(idle.size() - 1);
  }

  /**
   * Says that an array now lies over a buffer; keeps the buffer alive until the array is closed.
   */
  synchronized void lend(ByteBuffer buffer, NDArray array) {
    lent.add(new Lent(buffer, array));
  }

  /** Takes a buffer back over which no array lies. */
  synchronized void giveBack(ByteBuffer buffer) {
    if (idle.size() < mostIdle) {
      idle.add(buffer);
    }
  }
}
