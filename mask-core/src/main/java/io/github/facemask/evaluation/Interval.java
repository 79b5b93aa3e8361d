package io.github.facemask.evaluation;

/**
 * Where a score lies with 95 % confidence.
 *
 * @param low the 2.5 % quantile
 * @param high the 97.5 % quantile
 * @param resamples how many times the people were drawn anew
 * @param seed the seed of the draws
 */
public record Interval(double low, double high, int resamples, long seed) {}
