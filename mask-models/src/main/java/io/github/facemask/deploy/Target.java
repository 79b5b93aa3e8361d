package io.github.facemask.deploy;

/** What a deployed program runs on. */
public enum Target {
  /** An x86-64 CPU: oneDNN's fused kernels over weights packed for them. */
  CPU,
  /** Anything that runs libtorch, GPUs and Arm too: its common operations only. */
  PORTABLE
}
