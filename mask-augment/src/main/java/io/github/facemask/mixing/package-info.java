/**
 * Mixes the photos and targets of a training batch: {@link io.github.facemask.mixing.CutMix},
 * {@link io.github.facemask.mixing.MixUp}, {@link io.github.facemask.mixing.HalfFace}, all {@link
 * io.github.facemask.mixing.Mixing}.
 */
package io.github.facemask.mixing;
