/**
 * Several tables of probabilities made one: how members vote, with which weights and temperatures,
 * and what each is worth; start with {@link io.github.facemask.combination.Vote}.
 */
package io.github.facemask.combination;
