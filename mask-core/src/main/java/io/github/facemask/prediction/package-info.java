/**
 * Predicted probabilities of photos, and the models that made them; start with {@link
 * io.github.facemask.prediction.PredictionTable}.
 */
package io.github.facemask.prediction;
