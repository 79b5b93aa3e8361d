package io.github.facemask.model;

import ai.djl.Device;
import java.util.Locale;

/** What a deployed program runs on. */
public enum Target {
  /** An x86-64 CPU: oneDNN's fused kernels over weights packed for them. */
  CPU,
  /** Anything that runs libtorch, GPUs and Arm too: its common operations only. */
  PORTABLE;

  /**
   * Returns the fastest target of a device.
   *
   * @param device a device of this machine
   * @return the CPU's form on an x86-64 CPU
   */
  public static Target of(Device device) {
    String processor = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    boolean x86 = processor.equals("amd64") || processor.equals("x86_64");
    return x86 && !device.isGpu() ? CPU : PORTABLE;
  }
}
