/**
 * What training minimises, over soft targets; start with {@link
 * io.github.facemask.loss.SoftTargetLoss}.
 */
package io.github.facemask.loss;
