package io.github.facemask.internal.passes;

import com.google.common.primitives.Longs;
import io.github.facemask.combination.Combination;
import io.github.facemask.combination.Vote;
import io.github.facemask.combination.Voter;
import io.github.facemask.label.Attribute;
import io.github.facemask.label.FaceClass;
import io.github.facemask.label.FaceLabel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Writes a {@link Vote} as operations of a program. The result agrees with the vote over tables up
 * to rounding.
 */
public final class VoteWriter {

  private static final double LEAST = 1e-12;
  private static final double TIE_SHARE = 1e-3;

  private final VoteOperations operations;
  private final NetworkGroup group;

  /**
   * Creates the writer.
   *
   * @param operations writes the single operations
   * @param group the members and their vote
   */
  public VoteWriter(VoteOperations operations, NetworkGroup group) {
    this.operations = operations;
    this.group = group;
  }

  /**
   * The answer of a member, or of all.
   *
   * @param probabilities the variable of the labels' probabilities (photos, labels)
   * @param years the variable of the expected age (photos, 1), if it is answered
   */
  public record Answer(String probabilities, Optional<String> years) {}

  /**
   * Writes the vote.
   *
   * @param answers the answer of each member, in order
   * @return the answer of all
   */
  public Answer write(List<Answer> answers) {
    Vote vote = group.vote();
    List<String> rows = new ArrayList<>();
    for (int m = 0; m < answers.size(); m++) {
      Set<Attribute> known = group.parts().get(m).network().attributes();
      rows.add(temper(classes(answers.get(m).probabilities(), known), vote.voters().get(m)));
    }
    String combined =
        vote.combination() == Combination.BY_ATTRIBUTE ? byAttribute(rows) : mean(rows);
    return new Answer(labels(combined), group.answersYears() ? years(answers) : Optional.empty());
  }

  /** Spreads the probability of each label over the classes that agree with it. */
  private String classes(String labels, Set<Attribute> known) {
    if (known.size() == Attribute.values().length) {
      return labels;
    }
    long each = FaceClass.COUNT / FaceLabel.knowing(known).size();
    String cells = operations.reshape(operations.scale(labels, 1.0 / each), sizes(known));
    return operations.reshape(
        operations.spread(cells, sizes(Set.of(Attribute.values()))), -1, FaceClass.COUNT);
  }

  private String temper(String row, Voter voter) {
    return voter.temperature() == 1
        ? row
        : operations.softmax(operations.scale(operations.log(row), 1 / voter.temperature()));
  }

  private String mean(List<String> rows) {
    Combination combination = group.vote().combination();
    String sum = null;
    for (int m = 0; m < rows.size(); m++) {
      String part =
          operations.scale(contribution(combination, rows.get(m)), group.vote().shares().get(m));
      sum = sum == null ? part : operations.add(sum, part);
    }
    return combination == Combination.GEOMETRIC_MEAN
        ? operations.softmax(sum)
        : operations.divide(sum, operations.sum(sum, 1));
  }

  private String contribution(Combination combination, String row) {
    return switch (combination) {
      case SOFT_VOTE -> row;
      case HARD_VOTE ->
          operations.add(
              operations.scale(operations.largest(row), 1 - TIE_SHARE),
              operations.scale(row, TIE_SHARE));
      case GEOMETRIC_MEAN -> operations.log(operations.atLeast(row, LEAST));
      case RANK_MEAN, BY_ATTRIBUTE -> throw new IllegalStateException(combination.displayName());
    };
  }

  /** The product of the attributes' mean marginals, at each class. */
  private String byAttribute(List<String> rows) {
    String product = null;
    for (Attribute attribute : Attribute.values()) {
      String marginal = null;
      for (int m = 0; m < rows.size(); m++) {
        if (group.vote().voters().get(m).attribute().equals(Optional.of(attribute))) {
          String cells = operations.reshape(rows.get(m), sizes(Set.of(Attribute.values())));
          String own =
              operations.scale(
                  operations.sum(cells, others(Set.of(attribute))), group.vote().shares().get(m));
          marginal = marginal == null ? own : operations.add(marginal, own);
        }
      }
      product = product == null ? marginal : operations.multiply(product, marginal);
    }
    String classes = operations.reshape(product, -1, FaceClass.COUNT);
    return operations.divide(classes, operations.sum(classes, 1));
  }

  /** Sums the probabilities of the classes of each label that the group answers. */
  private String labels(String classes) {
    Set<Attribute> known = group.attributes();
    if (known.size() == Attribute.values().length) {
      return classes;
    }
    String cells = operations.reshape(classes, sizes(Set.of(Attribute.values())));
    return operations.reshape(operations.sum(cells, others(known)), -1, group.classes());
  }

  private Optional<String> years(List<Answer> answers) {
    String sum = null;
    for (int m = 0; m < answers.size(); m++) {
      Optional<Attribute> own = group.vote().voters().get(m).attribute();
      if (own.isEmpty() || own.get() == Attribute.AGE) {
        String part =
            operations.scale(answers.get(m).years().orElseThrow(), group.vote().shares().get(m));
        sum = sum == null ? part : operations.add(sum, part);
      }
    }
    return Optional.ofNullable(sum);
  }

  /** The shape of labels with a dimension for each attribute; 1 for those that are not known. */
  private static long[] sizes(Set<Attribute> known) {
    List<Long> sizes = new ArrayList<>(List.of(-1L));
    for (Attribute attribute : Attribute.values()) {
      sizes.add(known.contains(attribute) ? (long) attribute.valueNames().size() : 1L);
    }
    return Longs.toArray(sizes);
  }

  private static long[] others(Set<Attribute> known) {
    List<Long> dimensions = new ArrayList<>();
    for (Attribute attribute : Attribute.values()) {
      if (!known.contains(attribute)) {
        dimensions.add(1L + attribute.ordinal());
      }
    }
    return Longs.toArray(dimensions);
  }
}
