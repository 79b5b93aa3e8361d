/**
 * Probabilities predicted for photos, and where they come from; start with {@link
 * io.github.facemask.prediction.PredictionTable}.
 */
package io.github.facemask.prediction;
