package io.github.facemask.export;

import io.github.facemask.internal.passes.Calibration;
import io.github.facemask.tensor.Precision;

/** The numbers that a deployed program computes with; its head computes in float32 always. */
public enum ExportPrecision {
  /** All in float32. */
  FLOAT32,
  /** Weights and features in bfloat16. */
  BFLOAT16,
  /**
   * Convolutions of ResNets, and linear maps of transformers, with bytes: weights rounded once, a
   * scale for each output channel, and features by a {@link Calibration}; what else transformers
   * compute, in bfloat16. For x86-64 processors with VNNI: the sums of others overflow, so that
   * they refuse such programs.
   */
  INT8;

  /** Returns the precision in which models are trained and opened. */
  public static ExportPrecision of(Precision precision) {
    return valueOf(precision.name());
  }
}
