/**
 * Decodes photos and resizes them; start with {@link io.github.facemask.image.PhotoDecoder}, then
 * {@link io.github.facemask.image.Pixels} and {@link io.github.facemask.image.Resampler}.
 */
package io.github.facemask.image;
