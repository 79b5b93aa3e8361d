package io.github.facemask.ensemble;

import com.google.common.collect.ImmutableList;
import io.github.facemask.provenance.Digest;

/**
 * How an ensemble's weights and temperatures were found.
 *
 * @param search the search, for instance {@code "greedy"}, or {@code "none"} where only
 *     temperatures were fitted
 * @param temperatures whether the temperatures were fitted too
 * @param macroF1 the ensemble's score on the photos that it was fitted to; too high for a judgement
 * @param bestSingle the best single member's score there
 * @param photos how many photos they were
 * @param people how many people were on them
 * @param data the digest of their labels
 * @param tables the digests of the predictions, one for each member that was offered
 */
public record Fitting(
    String search,
    boolean temperatures,
    double macroF1,
    double bestSingle,
    int photos,
    int people,
    Digest data,
    ImmutableList<Digest> tables) {}
