/**
 * What is done to a photo between decoding and the network: parameters are drawn once into a value,
 * and applying that value is pure. Start with {@link
 * io.github.facemask.internal.pipeline.PhotoPipeline}, then {@link
 * io.github.facemask.transform.PhotoTransform}.
 */
package io.github.facemask.transform;
