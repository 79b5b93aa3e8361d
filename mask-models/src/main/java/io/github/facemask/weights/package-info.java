/** Weights in files; start with {@link io.github.facemask.weights.Safetensors}. */
package io.github.facemask.weights;
