/**
 * Reads files of weights and fits them to a network; start with {@link
 * io.github.facemask.internal.weights.WeightFile}. Not part of the public API.
 */
package io.github.facemask.internal.weights;
