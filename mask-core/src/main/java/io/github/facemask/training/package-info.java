/**
 * The loop that learns, and what it asks of a network; start with {@link
 * io.github.facemask.training.TrainableNetwork}.
 */
package io.github.facemask.training;
