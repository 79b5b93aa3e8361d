/**
 * The preprocessing and augmentation of a photo; start with {@link
 * io.github.facemask.internal.pipeline.PhotoPipeline}. Not part of the public API.
 */
package io.github.facemask.internal.pipeline;
