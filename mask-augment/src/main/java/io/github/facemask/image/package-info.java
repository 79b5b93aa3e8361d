/**
 * Photo bytes to pixels, and pixels to pixels of another size; start with {@link
 * io.github.facemask.image.PhotoDecoder}, then {@link io.github.facemask.image.Pixels} and {@link
 * io.github.facemask.image.Resampler}.
 */
package io.github.facemask.image;
