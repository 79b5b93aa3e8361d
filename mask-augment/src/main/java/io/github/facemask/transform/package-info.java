/**
 * Transforms between a decoded photo and the network's input. Random parameters are drawn into an
 * immutable value, which is then applied to the photo. Start with {@link
 * io.github.facemask.internal.pipeline.PhotoPipeline}, then {@link
 * io.github.facemask.transform.PhotoTransform}.
 */
package io.github.facemask.transform;
