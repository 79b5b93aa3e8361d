package io.github.facemask.program;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;

/** Sets what the engine keeps for each thread. */
final class EngineThread {

  private EngineThread() {}

  /**
   * Runs programs as written on this thread. libtorch's profiling executor would re-derive the
   * backward pass by itself, slower and in another order of operations than the eager kernels.
   */
  static void prepare() {
    Engine.getEngine("PyTorch");
    JniUtils.setGraphExecutorOptimize(false);
  }
}
