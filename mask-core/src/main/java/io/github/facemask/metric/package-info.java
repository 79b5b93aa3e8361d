/**
 * Scores of predicted classes against true ones; start with {@link
 * io.github.facemask.metric.ClassificationScores}.
 */
package io.github.facemask.metric;
