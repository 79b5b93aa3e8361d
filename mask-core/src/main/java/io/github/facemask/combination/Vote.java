package io.github.facemask.combination;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.primitives.Doubles;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.evaluation.F1Difference;
import io.github.facemask.label.Attribute;
import io.github.facemask.label.FaceClass;
import io.github.facemask.prediction.PredictionOrigin;
import io.github.facemask.prediction.PredictionReader.Row;
import io.github.facemask.prediction.PredictionTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Combines several tables of probabilities into one. Immutable. The order of the members affects
 * only the rounding of the sums.
 *
 * @param combination how
 * @param voters how each member votes, in the order of the tables
 */
public record Vote(Combination combination, ImmutableList<Voter> voters) {

  /**
   * Checks the voters.
   *
   * @throws IllegalArgumentException if there are none, if an attribute has no voter, or if a voter
   *     has an attribute and the combination is not by attribute
   */
  public Vote {
    checkArgument(!voters.isEmpty(), "no members, expected at least one model");
    for (Voter voter : voters) {
      checkArgument(
          (combination == Combination.BY_ATTRIBUTE) == voter.attribute().isPresent(),
          combination == Combination.BY_ATTRIBUTE
              ? "a member has no attribute, expected mask, gender or age for each"
              : "a member answers for %s, which goes with the combination 'by attribute' only",
          voter.attribute().map(Attribute::name).orElse(""));
    }
    if (combination == Combination.BY_ATTRIBUTE) {
      for (Attribute attribute : Attribute.values()) {
        checkArgument(
            voters.stream().anyMatch(v -> v.attribute().equals(Optional.of(attribute))),
            "no member answers for %s, expected at least one for mask, gender and age each",
            attribute.name().toLowerCase(java.util.Locale.ROOT));
      }
    }
  }

  /**
   * Returns the attributes that the members answer together.
   *
   * @param ofMembers the attributes that each member answers, in order
   * @throws IllegalArgumentException if members answer different attributes, or in a combination by
   *     attribute if one does not answer its attribute
   */
  public ImmutableSet<Attribute> answered(List<ImmutableSet<Attribute>> ofMembers) {
    if (combination == Combination.BY_ATTRIBUTE) {
      for (int m = 0; m < voters.size(); m++) {
        Attribute attribute = voters.get(m).attribute().orElseThrow();
        checkArgument(
            ofMembers.get(m).contains(attribute),
            "member %s does not answer for %s, expected a model that does",
            m + 1,
            attribute.word());
      }
      return ImmutableSet.copyOf(Attribute.values());
    }
    ImmutableSet<Attribute> first = ofMembers.get(0);
    for (ImmutableSet<Attribute> other : ofMembers) {
      checkArgument(
          other.equals(first),
          "members answer different attributes, %s and %s; combine them by attribute",
          words(first),
          words(other));
    }
    return first;
  }

  /**
   * Returns whether the members answer the age in years together: all that vote on the age do.
   *
   * @param ofMembers whether each member does, in order
   */
  public boolean answersYears(List<Boolean> ofMembers) {
    for (int m = 0; m < voters.size(); m++) {
      if (votesOnAge(voters.get(m)) && !ofMembers.get(m)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Returns the mean of the members' expected ages, by the shares of those who vote on the age.
   *
   * @param years the age of each member in years, in order; NaN if one does not answer it
   * @return the age in years, or NaN if a member that votes on the age does not answer it
   */
  public float years(List<Float> years) {
    double[] shares = normalizedWeights();
    double sum = 0;
    for (int m = 0; m < shares.length; m++) {
      sum += votesOnAge(voters.get(m)) ? shares[m] * years.get(m) : 0;
    }
    return (float) sum;
  }

  private static boolean votesOnAge(Voter voter) {
    return voter.attribute().isEmpty() || voter.attribute().get() == Attribute.AGE;
  }

  private static String words(Set<Attribute> attributes) {
    return attributes.stream().map(Attribute::word).collect(Collectors.joining(", "));
  }

  /**
   * Makes a vote.
   *
   * @param combination how
   * @param voters how each member votes, in the order of the tables
   */
  public static Vote of(Combination combination, List<Voter> voters) {
    return new Vote(combination, ImmutableList.copyOf(voters));
  }

  /**
   * Returns the members' shares. They sum to 1, or to 1 for each attribute if the combination is by
   * attribute.
   */
  public ImmutableList<Double> shares() {
    return ImmutableList.copyOf(Doubles.asList(normalizedWeights()));
  }

  private double[] normalizedWeights() {
    double[] totals = new double[Attribute.values().length + 1];
    for (Voter voter : voters) {
      totals[slot(voter)] += voter.weight();
    }
    double[] shares = new double[voters.size()];
    for (int m = 0; m < shares.length; m++) {
      shares[m] = voters.get(m).weight() / totals[slot(voters.get(m))];
    }
    return shares;
  }

  private static int slot(Voter voter) {
    return voter.attribute().map(attribute -> attribute.ordinal() + 1).orElse(0);
  }

  /**
   * Combines one photo's rows.
   *
   * @param rows the 18 probabilities of each member, in order
   * @return 18 probabilities, a new array
   */
  public float[] row(List<float[]> rows) {
    double[] sums = probabilities(rows.stream().map(Vote::widened).toList());
    float[] combined = new float[sums.length];
    for (int c = 0; c < combined.length; c++) {
      combined[c] = (float) sums[c];
    }
    return combined;
  }

  private static float yearsOf(PredictionTable table, String id) {
    return (float) table.years(table.row(id).orElseThrow()).orElse(Double.NaN);
  }

  /**
   * Combines one photo's rows.
   *
   * @param rows the 18 probabilities of each member, in order
   * @return 18 probabilities, a new array
   */
  public double[] probabilities(List<double[]> rows) {
    checkArgument(
        rows.size() == voters.size(),
        "%s rows for %s members, expected one for each",
        rows.size(),
        voters.size());
    double[] shares = normalizedWeights();
    double[] sums =
        combination == Combination.BY_ATTRIBUTE
            ? ByAttribute.combine(rows, voters, shares)
            : new double[FaceClass.COUNT];
    if (combination != Combination.BY_ATTRIBUTE) {
      for (int m = 0; m < rows.size(); m++) {
        double[] row = contribution(rows.get(m), m);
        for (int c = 0; c < sums.length; c++) {
          sums[c] += shares[m] * row[c];
        }
      }
    }
    combination.finish(sums);
    return sums;
  }

  /**
   * Combines tables, matched by photo.
   *
   * @param tables one for each member, in order, of the same photos in any order
   * @param origin the origin of the result
   * @return a row for each photo, in the order of the first table
   * @throws IllegalArgumentException if the tables are not of the same photos
   */
  public PredictionTable table(List<PredictionTable> tables, PredictionOrigin origin) {
    checkArgument(
        tables.size() == voters.size(),
        "%s tables for %s members, expected one for each",
        tables.size(),
        voters.size());
    List<String> ids = tables.get(0).ids();
    for (PredictionTable table : tables) {
      checkArgument(
          table.size() == ids.size(),
          "a member predicted %s photos, the first %s; expected the same",
          table.size(),
          ids.size());
    }
    PredictionTable.Builder combined =
        PredictionTable.builder(
            origin
                .withAttributes(
                    answered(tables.stream().map(t -> t.origin().attributes()).toList()))
                .withYears(answersYears(tables.stream().map(t -> t.origin().years()).toList())),
            ids.size());
    for (String id : ids) {
      combined.add(
          new Row(
              id,
              row(tables.stream().map(table -> rowOf(table, id)).toList()),
              years(tables.stream().map(table -> yearsOf(table, id)).toList())));
    }
    return combined.build();
  }

  /**
   * Combines files of predictions row by row, in constant memory.
   *
   * @param members one file for each member, in order, of the same photos in the same order
   * @param to the file to write or replace atomically; its origin names the models of all members
   * @throws IOException if a file cannot be read or written, or the photos or their order differ;
   *     an existing file is then unchanged
   */
  public void file(List<Path> members, Path to) throws IOException {
    VoteFile.write(this, members, to);
  }

  /** The contribution of a member to a row, before it is multiplied by its share. */
  double[] contribution(double[] probabilities, int member) {
    double[] row = probabilities.clone();
    Voter.temper(row, voters.get(member).temperature());
    combination.contribute(row);
    return row;
  }

  static double[] widened(float[] probabilities) {
    double[] row = new double[probabilities.length];
    for (int c = 0; c < row.length; c++) {
      row[c] = probabilities[c];
    }
    return row;
  }

  static float[] rowOf(PredictionTable table, String id) {
    return table.probabilities(
        table
            .row(id)
            .orElseThrow(
                () -> new IllegalArgumentException("a member did not predict photo " + id)));
  }

  /**
   * The gain of a member: the macro F1 of all members minus the macro F1 without it (leave one
   * out).
   *
   * @param member the index of the member
   * @param gain the difference with its interval by person; above 0 where the member helps
   */
  public record MemberGain(int member, F1Difference gain) {

    /**
     * Computes the gain of each member by leaving it out.
     *
     * @param vote how they vote
     * @param tables one for each member, of at least these photos
     * @param truth the photos with their classes
     * @return a value for each member; empty if there is only one member, or if the vote is by
     *     attribute and needs every member
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
}
