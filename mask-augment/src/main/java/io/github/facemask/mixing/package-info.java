/**
 * Training batches whose photos are mixed with each other, targets included: {@link
 * io.github.facemask.mixing.CutMix}, {@link io.github.facemask.mixing.MixUp}, {@link
 * io.github.facemask.mixing.HalfFace}, all {@link io.github.facemask.mixing.Mixing}.
 */
package io.github.facemask.mixing;
