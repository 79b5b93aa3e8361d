/**
 * Weights in files. Read any known form with {@link io.github.facemask.weights.WeightFile}, fit
 * what was read to a network with {@link io.github.facemask.weights.WeightLoading}, write with
 * {@link io.github.facemask.weights.Safetensors}.
 */
package io.github.facemask.weights;
