package io.github.facemask.serve;

import io.github.facemask.serve.RequestProblem.Kind;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/** The places of requests in work, and the memory of their bodies. Thread-safe. */
final class Places {

  private final Semaphore free;
  private final int all;
  private final long most;
  private final AtomicLong held = new AtomicLong();

  Places(Limits limits) {
    this.all = limits.requests();
    this.free = new Semaphore(all);
    this.most = limits.memory();
  }

  /**
   * Takes a place.
   *
   * @return the place, which is closed when the request is answered
   * @throws RequestProblem if none is free
   */
  Place take() throws RequestProblem {
    if (!free.tryAcquire()) {
      throw RequestProblem.of(
          Kind.TOO_MANY_REQUESTS, all + " requests are in work; send this one again later");
    }
    return new Place();
  }

  /** Returns the number of taken places. */
  int taken() {
    return all - free.availablePermits();
  }

  /** Returns the bytes of all bodies. */
  long held() {
    return held.get();
  }

  /** The place of one request. Not thread-safe. */
  final class Place implements AutoCloseable {
    private long mine;

    private Place() {}

    /**
     * Counts more bytes of the body.
     *
     * @throws RequestProblem if the bodies of all requests would hold too much
     */
    void hold(int bytes) throws RequestProblem {
      if (held.addAndGet(bytes) > most) {
        held.addAndGet(-bytes);
        throw RequestProblem.of(
            Kind.TOO_MANY_REQUESTS,
            "the photos of the requests in work fill the memory for them; send this one again"
                + " later");
      }
      mine += bytes;
    }

    @Override
    public void close() {
      held.addAndGet(-mine);
      mine = 0;
      free.release();
    }
  }
}
