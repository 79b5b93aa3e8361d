package io.github.facemask.internal.weights;

import com.google.common.collect.ImmutableMap;
import io.github.facemask.tensor.HostTensor;

/**
 * Weights that fit a network.
 *
 * @param tensors all tensors of the network, with its order, types and shapes
 * @param report the comparison of file and network
 */
public record LoadedWeights(ImmutableMap<String, HostTensor> tensors, LoadReport report) {}
