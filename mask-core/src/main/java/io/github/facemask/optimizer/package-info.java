/**
 * Fused optimizers: one call of the engine for each step; start with {@link
 * io.github.facemask.optimizer.FusedOptimizer}.
 */
package io.github.facemask.optimizer;
