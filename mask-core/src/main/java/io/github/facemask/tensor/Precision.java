package io.github.facemask.tensor;

import ai.djl.Device;
import io.github.facemask.internal.processor.Processor;

/** The data type that a network computes in. */
public enum Precision {
  /** All in float32. */
  FLOAT32,
  /**
   * Convolutions and linear maps in bfloat16; norms, losses, weights of training and the optimizer
   * in float32.
   */
  BFLOAT16,
  /**
   * Convolutions of ResNets and linear maps of transformers in int8, quantized after training, with
   * a scale for each output channel. For exported programs alone, on x86-64 processors with VNNI.
   */
  INT8;

  /** Returns whether networks can be trained and opened in it without an export. */
  public boolean trains() {
    return this != INT8;
  }

  /**
   * Returns the fastest precision of a device.
   *
   * @param device a device of this machine
   * @return bfloat16 on GPUs and on processors that multiply it, which is known on Linux alone;
   *     else float32
   */
  public static Precision fastestOn(Device device) {
    return device.isGpu() || Processor.here().multipliesBfloat16() ? BFLOAT16 : FLOAT32;
  }
}
