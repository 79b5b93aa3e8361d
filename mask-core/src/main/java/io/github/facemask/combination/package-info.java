/**
 * Combines several tables of probabilities into one: votes, fitted weights and temperatures, and
 * the gain of each member; start with {@link io.github.facemask.combination.Vote}.
 */
package io.github.facemask.combination;
