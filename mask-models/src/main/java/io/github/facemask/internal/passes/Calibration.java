package io.github.facemask.internal.passes;

import com.google.common.collect.ImmutableMap;

/**
 * How bytes stand for what a network computes of real photos.
 *
 * @param grids by the paths of its layers: of the outputs of convolutions, of the inputs of linear
 *     maps
 * @param photos how many photos were looked at
 */
public record Calibration(ImmutableMap<String, QuantizationParameters> grids, int photos) {}
