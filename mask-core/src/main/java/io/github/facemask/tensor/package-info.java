/**
 * Tensors in host memory, independent of the engine; see {@link
 * io.github.facemask.tensor.HostTensor}.
 */
package io.github.facemask.tensor;
