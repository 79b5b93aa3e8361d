package io.github.facemask.internal.parity;

import com.google.common.collect.ImmutableMap;
import java.util.Map;

/**
 * The relative errors of a network against its reference. For arrays this is the largest difference
 * over the largest magnitude of the reference, otherwise the difference over the reference.
 *
 * @param logits error of the logits
 * @param probes error of each probed layer's mean, deviation and first values, by path, beyond the
 *     differences between PyTorch's kernels
 * @param loss error of the training loss; NaN if not compared
 * @param gradientNorms error of each parameter's gradient norm, by name, beyond the differences
 *     between PyTorch's kernels; empty if not compared
 */
public record ParityErrors(
    double logits,
    ImmutableMap<String, Double> probes,
    double loss,
    ImmutableMap<String, Double> gradientNorms) {

  /** Returns the largest error of a probe, 0 if there is none. */
  public double worstProbe() {
    return worst(probes);
  }

  /** Returns the largest error of a gradient norm, 0 if there is none. */
  public double worstGradientNorm() {
    return worst(gradientNorms);
  }

  private static double worst(Map<String, Double> errors) {
    // Math.max keeps NaN, so a NaN is reported.
    return errors.values().stream().mapToDouble(e -> e).reduce(0, Math::max);
  }
}
