package io.github.facemask.tensor;

import ai.djl.Device;
import io.github.facemask.internal.processor.Processor;

/** The data type that a network computes in. */
public enum Precision {
  /** Everything in float32. */
  FLOAT32,
  /**
   * Convolutions and linear maps in bfloat16; norms, losses, training weights and the optimizer in
   * float32.
   */
  BFLOAT16,
  /**
   * Convolutions of ResNets and linear maps of transformers in int8, quantized after training, with
   * a scale for each output channel. Only for exported programs, on x86-64 processors with VNNI.
   */
  INT8;

  /** Returns whether networks can be trained and opened in this precision without an export. */
  public boolean trains() {
    return this != INT8;
  }

  /**
   * Returns the fastest precision of a device.
   *
   * @param device a device of this machine
   * @return bfloat16 on GPUs and on processors with bfloat16 instructions (detected on Linux only);
   *     otherwise float32
   */
  public static Precision fastestOn(Device device) {
    return device.isGpu() || Processor.here().multipliesBfloat16() ? BFLOAT16 : FLOAT32;
  }
}
