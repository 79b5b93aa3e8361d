package io.github.facemask.internal.torchscript;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;
import io.github.facemask.internal.processor.Machine;

/**
 * The number of threads with which libtorch computes an operation on the CPU. It is of the thread
 * that calls the engine; threads that have not called it yet begin with the number that was set
 * last.
 */
public final class EngineThreads {

  private EngineThreads() {}

  /** The limit is applied once, when the engine is first used. */
  private static final class Usual {
    private static final int THREADS = limited();

    private static int limited() {
      int own = engineOwn();
      int most = Machine.here().threads();
      if (own > most) {
        JniUtils.setNumThreads(most);
      }
      return Math.min(own, most);
    }
  }

  /** The engine's own choice does not know the limits of containers, which are a share of time. */
  private static int engineOwn() {
    Engine engine = Engine.getEngine("PyTorch");
    return engine.getEngineName().isEmpty() ? 1 : JniUtils.getNumThreads();
  }

  /**
   * Returns the usual number: the engine's own, which {@code OMP_NUM_THREADS} sets, but no more
   * threads than can run at once within the limits of containers. The first call loads the engine
   * and applies the limit.
   */
  public static int usual() {
    return Usual.THREADS;
  }

  /** Returns the number of this thread. */
  public static int now() {
    return usual() > 0 ? JniUtils.getNumThreads() : 1;
  }

  /**
   * Sets the number of this thread, and of threads that have not called the engine yet.
   *
   * @param threads 1 or more
   */
  public static void set(int threads) {
    if (now() != threads) {
      JniUtils.setNumThreads(threads);
    }
  }
}
