package io.github.facemask.internal.weights;

import com.google.common.collect.ImmutableMap;
import io.github.facemask.tensor.HostTensor;

/**
 * Weights that fit a network.
 *
 * @param tensors every tensor of the network, in its order and of its types and shapes
 * @param report how the file fitted
 */
public record LoadedWeights(ImmutableMap<String, HostTensor> tensors, LoadReport report) {}
