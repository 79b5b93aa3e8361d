/**
 * How gradients change weights, as one call of the engine a step; start with {@link
 * io.github.facemask.optimizer.FusedOptimizer}.
 */
package io.github.facemask.optimizer;
