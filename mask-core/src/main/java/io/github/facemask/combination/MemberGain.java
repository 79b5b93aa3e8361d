package io.github.facemask.combination;

import com.google.common.collect.ImmutableList;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.evaluation.F1Difference;
import io.github.facemask.prediction.PredictionOrigin;
import io.github.facemask.prediction.PredictionTable;
import java.util.ArrayList;
import java.util.List;

/**
 * What a member is worth: the macro F1 of all members less that of all others (leave one out).
 *
 * @param member the member's place
 * @param gain the difference with its interval by person; above 0 where the member helps
 */
public record MemberGain(int member, F1Difference gain) {

  /**
   * Leaves out one member after the other.
   *
   * @param vote how they vote
   * @param tables one for each member, of at least these photos
   * @param truth the photos with their classes
   * @return a value for each member; empty if there is one member, or if the vote goes by attribute
   *     and cannot do without
   */
  public static ImmutableList<MemberGain> of(
      Vote vote, List<PredictionTable> tables, PhotoSet truth) {
    if (tables.size() < 2 || vote.combination() == Combination.BY_ATTRIBUTE) {
      return ImmutableList.of();
    }
    PredictionTable all = vote.table(tables, PredictionOrigin.unknown());
    ImmutableList.Builder<MemberGain> gains = ImmutableList.builder();
    for (int m = 0; m < tables.size(); m++) {
      List<PredictionTable> others = new ArrayList<>(tables);
      List<Voter> voters = new ArrayList<>(vote.voters());
      others.remove(m);
      voters.remove(m);
      PredictionTable without =
          Vote.of(vote.combination(), voters).table(others, PredictionOrigin.unknown());
      gains.add(new MemberGain(m, F1Difference.between(without, all, truth)));
    }
    return gains.build();
  }
}
