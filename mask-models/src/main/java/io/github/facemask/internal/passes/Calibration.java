package io.github.facemask.internal.passes;

import com.google.common.collect.ImmutableMap;

/**
 * How the quantized tensors of a network stand for real numbers. Immutable.
 *
 * @param parameters by the paths of its layers: of the outputs of convolutions, of the inputs of
 *     linear maps
 * @param photos how many photos were looked at
 */
public record Calibration(ImmutableMap<String, QuantizationParameters> parameters, int photos) {}
