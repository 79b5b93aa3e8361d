/**
 * All that is done to a photo of a batch; start with {@link
 * io.github.facemask.internal.pipeline.PhotoPipeline}. Not part of the public API.
 */
package io.github.facemask.internal.pipeline;
