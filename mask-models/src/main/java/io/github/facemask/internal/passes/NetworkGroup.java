package io.github.facemask.internal.passes;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import io.github.facemask.combination.Combination;
import io.github.facemask.combination.Vote;
import io.github.facemask.combination.Voter;
import io.github.facemask.label.Attribute;
import io.github.facemask.label.FaceLabel;
import io.github.facemask.network.Network;
import io.github.facemask.network.Sequential;
import io.github.facemask.preprocessing.Preprocessing;
import io.github.facemask.problem.InvalidArgumentException;
import io.github.facemask.problem.Problem;
import io.github.facemask.tensor.HostTensor;
import java.util.List;
import java.util.Map;

/**
 * Networks of the same input whose answers are combined by a vote; a single network is a group of
 * one. Immutable.
 *
 * @param parts the members, at least one
 * @param vote how they vote, in the order of the parts
 */
public record NetworkGroup(ImmutableList<Part> parts, Vote vote) {

  /**
   * A member.
   *
   * @param network its network
   * @param weights its tensors by name; members with the same map share a network
   * @param mirrored whether it sees photos mirrored
   */
  public record Part(Network network, Map<String, HostTensor> weights, boolean mirrored) {}

  /**
   * Checks that a program can compute the vote.
   *
   * @throws IllegalArgumentException if it is a mean of ranks, if a hard vote is of models that
   *     answer fewer attributes, or if the inputs differ
   */
  public NetworkGroup {
    if (vote.combination() == Combination.RANK_MEAN) {
      throw new InvalidArgumentException(
          Problem.of(
                  "combination",
                  vote.combination().displayName(),
                  "soft vote, hard vote, geometric mean or by attribute for one program, as ranks"
                      + " of nearly equal probabilities change with rounding")
              .withRemedy("make the ensemble with a soft vote"));
    }
    Preprocessing first = parts.get(0).network().preprocessing();
    for (Part part : parts) {
      Preprocessing other = part.network().preprocessing();
      checkArgument(
          sameCrop(first, other),
          "members see other photos, %s and %s; one program expects members of the same input size"
              + " and crop: train or choose members of one size",
          text(first),
          text(other));
    }
    checkArgument(
        vote.combination() != Combination.HARD_VOTE || answered(parts, vote).size() == 3,
        "the members of a hard vote answer %s, expected mask, gender and age for one program; make"
            + " the ensemble with a soft vote",
        String.join(" and ", answered(parts, vote).stream().map(Attribute::word).toList()));
  }

  /**
   * Makes a group of one network.
   *
   * @param network the network
   * @param weights all its tensors by name
   */
  public static NetworkGroup of(Network network, Map<String, HostTensor> weights) {
    return new NetworkGroup(
        ImmutableList.of(new Part(network, weights, false)),
        Vote.of(Combination.SOFT_VOTE, List.of(Voter.of(1))));
  }

  /** Returns whether the answer is that of one network alone. */
  public boolean isSingle() {
    return parts.size() == 1
        && !parts.get(0).mirrored()
        && vote.combination() == Combination.SOFT_VOTE
        && vote.voters().get(0).temperature() == 1;
  }

  /** Returns the attributes that the members answer together. */
  public ImmutableSet<Attribute> attributes() {
    return answered(parts, vote);
  }

  /** Returns whether the members answer the age in years together. */
  public boolean answersYears() {
    return vote.answersYears(parts.stream().map(p -> p.network().answersYears()).toList());
  }

  /** Returns the number of classes of the answer. */
  public int classes() {
    return FaceLabel.knowing(attributes()).size();
  }

  /** Returns the preprocessing of the group; members may normalise differently. */
  public Preprocessing preprocessing() {
    return parts.get(0).network().preprocessing();
  }

  /** Returns the index of the first part with the same network. */
  int first(int part) {
    for (int i = 0; i < part; i++) {
      if (parts.get(i).weights() == parts.get(part).weights()) {
        return i;
      }
    }
    return part;
  }

  /**
   * Returns the network of a part under a name of its own, so that the tensors of several can stand
   * side by side.
   *
   * @param part the index of the part
   * @return its network and weights, below {@code memberI} unless it is the only one
   */
  public Part placed(int part) {
    Part found = parts.get(part);
    if (isSingle()) {
      return found;
    }
    String name = name(part);
    Network network = found.network();
    ImmutableMap.Builder<String, HostTensor> weights = ImmutableMap.builder();
    found.weights().forEach((key, tensor) -> weights.put(Network.join(name, key), tensor));
    return new Part(
        new Network(
            network.architecture(),
            Sequential.of(name, network.layers()),
            network.classes(),
            network.heads(),
            network.attributes(),
            network.preprocessing()),
        weights.buildOrThrow(),
        found.mirrored());
  }

  /**
   * Returns the name of a part's network; parts with the same network share it.
   *
   * @param part the index of the part
   */
  public String name(int part) {
    return "member" + first(part);
  }

  private static ImmutableSet<Attribute> answered(List<Part> parts, Vote vote) {
    return vote.answered(parts.stream().map(p -> p.network().attributes()).toList());
  }

  private static boolean sameCrop(Preprocessing one, Preprocessing other) {
    return one.height() == other.height()
        && one.width() == other.width()
        && one.interpolation() == other.interpolation()
        && one.cropRatio() == other.cropRatio()
        && one.cropMode() == other.cropMode();
  }

  private static String text(Preprocessing input) {
    return input.height()
        + " x "
        + input.width()
        + " pixels ("
        + input.interpolation()
        + ", "
        + input.cropMode()
        + " "
        + input.cropRatio()
        + ")";
  }
}
