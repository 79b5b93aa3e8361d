/**
 * Scores of predictions, with confidence intervals; start with {@link
 * io.github.facemask.evaluation.Evaluation}.
 */
package io.github.facemask.evaluation;
