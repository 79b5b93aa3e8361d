/**
 * Encodes pixels as PNG and JPEG files; see {@link
 * io.github.facemask.internal.encoding.PhotoEncoder}. Not part of the public API.
 */
package io.github.facemask.internal.encoding;
