/**
 * Which photos an epoch shows, and in what order; see {@link
 * io.github.facemask.sampling.PhotoSampler}.
 */
package io.github.facemask.sampling;
