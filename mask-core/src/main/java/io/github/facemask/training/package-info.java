/**
 * The training loop and the interface of a trainable network; start with {@link
 * io.github.facemask.training.TrainableNetwork}.
 */
package io.github.facemask.training;
