/**
 * A cache of decoded photos, in memory or in a file; start with {@link
 * io.github.facemask.internal.cache.PixelCache}. Not part of the public API.
 */
package io.github.facemask.internal.cache;
