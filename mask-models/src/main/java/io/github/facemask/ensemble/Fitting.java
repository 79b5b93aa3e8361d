package io.github.facemask.ensemble;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.github.facemask.provenance.Digest;
import java.util.Collection;
import java.util.Set;

/**
 * How an ensemble's weights and temperatures were found.
 *
 * @param search the search, for instance {@code "greedy"}, or {@code "none"} where only
 *     temperatures were fitted
 * @param temperatures whether the temperatures were fitted too
 * @param macroF1 the ensemble's score on the photos that it was fitted to; too high for a judgement
 * @param bestSingle the best single member's score there
 * @param photos how many photos they were
 * @param people the people on them; empty in the manifests of earlier versions
 * @param data the digest of their labels
 * @param tables the digests of the predictions, one for each member that was offered
 */
public record Fitting(
    String search,
    boolean temperatures,
    double macroF1,
    double bestSingle,
    int photos,
    ImmutableList<String> people,
    Digest data,
    ImmutableList<Digest> tables) {

  /**
   * Returns those of some people on whom the weights or temperatures were fitted, so that scores on
   * them are too high.
   *
   * @param judges the people who are to judge
   */
  public ImmutableList<String> among(Collection<String> judges) {
    Set<String> known = ImmutableSet.copyOf(people);
    return judges.stream().filter(known::contains).collect(ImmutableList.toImmutableList());
  }
}
