package io.github.facemask.model;

import ai.djl.Device;
import java.util.Locale;

/** The target of a deployed program. */
public enum Target {
  /** An x86-64 CPU: oneDNN's fused kernels with prepacked weights. */
  CPU,
  /** Any platform with libtorch, including GPUs and Arm: common operations only. */
  PORTABLE;

  /**
   * Returns the fastest target of a device.
   *
   * @param device a device of this machine
   * @return {@link #CPU} on an x86-64 CPU, otherwise {@link #PORTABLE}
   */
  public static Target of(Device device) {
    String processor = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    boolean x86 = processor.equals("amd64") || processor.equals("x86_64");
    return x86 && !device.isGpu() ? CPU : PORTABLE;
  }
}
