package io.github.facemask.internal.program;

import static io.github.facemask.problem.InvalidArgumentException.check;

import com.google.errorprone.annotations.CheckReturnValue;
import io.github.facemask.network.Network;

/**
 * Which parts of a network learn, how fast, and what is dropped in training.
 *
 * @param frozenStages the number of stages that are frozen at first
 * @param unfreezeEvery the number of epochs after which the frozen stage nearest to the head begins
 *     to learn, and so on; 0 if stages stay frozen
 * @param layerDecay the factor of the learning rate for each block away from the head
 * @param headRate the factor of the head's learning rate
 * @param dropRate the share of the head's inputs that are dropped
 * @param dropPathRate the rate at which the last branch is dropped
 */
public record FineTuning(
    int frozenStages,
    int unfreezeEvery,
    double layerDecay,
    double headRate,
    double dropRate,
    double dropPathRate) {

  /** All parts learn alike, and nothing is dropped. */
  public static final FineTuning NONE = new FineTuning(0, 0, 1, 1, 0, 0);

  /** Checks what does not depend on the network. */
  public FineTuning {
    check(unfreezeEvery >= 0, "unfreezeEvery", unfreezeEvery, "0 or more epochs");
    check(
        unfreezeEvery == 0 || frozenStages > 0,
        "unfreezeEvery",
        unfreezeEvery,
        "0 if no stage is frozen");
    check(headRate > 0 && headRate <= 1000, "headRate", headRate, "above 0 to 1000");
  }

  /** Returns this with another number of frozen stages; with none, no stage waits to learn. */
  public FineTuning withFrozenStages(int stages) {
    return new FineTuning(
        stages, stages == 0 ? 0 : unfreezeEvery, layerDecay, headRate, dropRate, dropPathRate);
  }

  /** Returns this with another number of epochs between two stages. */
  public FineTuning withUnfreezeEvery(int epochs) {
    return new FineTuning(frozenStages, epochs, layerDecay, headRate, dropRate, dropPathRate);
  }

  /** Returns this with another decay of the rate by block. */
  public FineTuning withLayerDecay(double decay) {
    return new FineTuning(frozenStages, unfreezeEvery, decay, headRate, dropRate, dropPathRate);
  }

  /** Returns this with another factor of the head's rate. */
  public FineTuning withHeadRate(double factor) {
    return new FineTuning(frozenStages, unfreezeEvery, layerDecay, factor, dropRate, dropPathRate);
  }

  /** Returns this with other rates of dropout and stochastic depth. */
  public FineTuning withDropout(double rate, double pathRate) {
    return new FineTuning(frozenStages, unfreezeEvery, layerDecay, headRate, rate, pathRate);
  }

  /** Returns the number of stages that are frozen in an epoch, counted from 1. */
  int frozenIn(int epoch) {
    return unfreezeEvery == 0
        ? frozenStages
        : Math.max(0, frozenStages - (epoch - 1) / unfreezeEvery);
  }

  /**
   * Returns the plan of an epoch.
   *
   * @param network the network
   * @param epoch the epoch, from 1
   * @throws IllegalArgumentException if a value does not fit the network
   */
  public TrainingPlan plan(Network network, int epoch) {
    return TrainingPlan.of(network, frozenIn(epoch), layerDecay, headRate);
  }

  DropMasks masks(Network network) {
    return DropMasks.of(network, dropRate, dropPathRate);
  }

  /**
   * Checks all values against a network.
   *
   * @param network the network
   * @return this
   * @throws IllegalArgumentException if one does not fit
   */
  @CheckReturnValue
  public FineTuning checked(Network network) {
    plan(network, 1);
    masks(network);
    return this;
  }
}
