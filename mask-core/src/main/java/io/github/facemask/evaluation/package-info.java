/** How good predictions are; start with {@link io.github.facemask.evaluation.Evaluation}. */
package io.github.facemask.evaluation;
