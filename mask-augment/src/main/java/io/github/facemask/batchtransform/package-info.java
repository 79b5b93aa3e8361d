/**
 * The changes of photos as one program for a whole batch on the device; start with {@link
 * io.github.facemask.batchtransform.BatchTransform}.
 */
package io.github.facemask.batchtransform;
