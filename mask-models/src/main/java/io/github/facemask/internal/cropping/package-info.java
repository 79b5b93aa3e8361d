/**
 * The crops of photos that a network gets; start with {@link
 * io.github.facemask.internal.cropping.PhotoCropper}. Not part of the public API.
 */
package io.github.facemask.internal.cropping;
