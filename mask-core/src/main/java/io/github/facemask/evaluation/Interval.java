package io.github.facemask.evaluation;

/**
 * The 95 % confidence interval of a score.
 *
 * @param low the 2.5 % quantile
 * @param high the 97.5 % quantile
 * @param resamples the number of bootstrap resamples of people
 * @param seed the seed of the bootstrap
 */
public record Interval(double low, double high, int resamples, long seed) {}
