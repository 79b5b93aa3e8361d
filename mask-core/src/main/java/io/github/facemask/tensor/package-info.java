/**
 * Numbers in host memory, apart from any engine; see {@link io.github.facemask.tensor.HostTensor}.
 */
package io.github.facemask.tensor;
