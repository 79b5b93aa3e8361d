/**
 * Probabilities made to mean what they say, on photos of known labels; start with {@link
 * io.github.facemask.internal.calibration.Temperature}. Not part of the public API.
 */
package io.github.facemask.internal.calibration;
