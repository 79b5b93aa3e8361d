/**
 * Samplers: the photos of an epoch and their order; see {@link
 * io.github.facemask.sampling.PhotoSampler}.
 */
package io.github.facemask.sampling;
