package io.github.facemask.internal.passes;

import com.google.common.collect.ImmutableMap;

/**
 * The quantization parameters of a network. Immutable.
 *
 * @param parameters the parameters of convolution outputs and linear layer inputs, by the paths of
 *     the layers
 * @param photos the number of calibration photos
 */
public record Calibration(ImmutableMap<String, QuantizationParameters> parameters, int photos) {}
