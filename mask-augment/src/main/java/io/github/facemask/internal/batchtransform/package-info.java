/**
 * Transforms a whole batch on the device with one program; start with {@link
 * io.github.facemask.internal.batchtransform.BatchTransform}. Not part of the public API.
 */
package io.github.facemask.internal.batchtransform;
