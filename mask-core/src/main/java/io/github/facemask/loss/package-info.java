/** Training losses for soft targets; start with {@link io.github.facemask.loss.TrainingLoss}. */
package io.github.facemask.loss;
