package io.github.facemask.tensor;

import ai.djl.Device;
import io.github.facemask.internal.processor.Processor;

/** The precision to compute in; in training, weights and optimizer are float32 always. */
public enum Precision {
  /** All in float32. */
  FLOAT32,
  /** Convolutions and linear maps in bfloat16, norms and losses in float32. */
  BFLOAT16;

  /**
   * Returns the fastest precision of a device.
   *
   * @param device a device of this machine
   * @return bfloat16 on GPUs and on processors that multiply it, which is known on Linux only
   */
  public static Precision fastestOn(Device device) {
    return device.isGpu() || Processor.here().multipliesBfloat16() ? BFLOAT16 : FLOAT32;
  }
}
