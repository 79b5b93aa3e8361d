package io.github.facemask.facecrop;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Native objects that one thread at a time may use, at most one for each processor. More threads
 * wait, so that thousands of threads need no more memory than a few. An object is made when it is
 * first needed, and freed when the pool is collected.
 *
 * @param <T> the native object
 */
final class NativePool<T> {

  private final Supplier<T> maker;
  private final Semaphore permits = new Semaphore(Runtime.getRuntime().availableProcessors());
  private final Deque<T> idle = new ArrayDeque<>(); // guarded by itself

  NativePool(Supplier<T> maker) {
    this.maker = maker;
  }

  /** Uses an object; it goes back afterwards, even after an exception. */
  <R> R with(Function<T, R> use) {
    permits.acquireUninterruptibly();
    try {
      T object = take();
      try {
        return use.apply(object);
      } finally {
        synchronized (idle) {
          idle.push(object);
        }
      }
    } finally {
      permits.release();
    }
  }

  private T take() {
    synchronized (idle) {
      if (!idle.isEmpty()) {
        return idle.pop();
      }
    }
    return maker.get();
  }
}
