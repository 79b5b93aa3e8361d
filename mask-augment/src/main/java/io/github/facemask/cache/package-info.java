/**
 * Decoded photos that are kept from one epoch to the next; see {@link
 * io.github.facemask.cache.PixelCache}.
 */
package io.github.facemask.cache;
