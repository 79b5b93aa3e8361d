package io.github.facemask.optimizer;

import com.google.common.collect.ImmutableList;
import java.util.Map;

/**
 * An optimizer with PyTorch's semantics that is compiled into the training program and updates all
 * tensors of a parameter group in one fused kernel. Immutable; the state lives in the program.
 */
public sealed interface FusedOptimizer permits Adam, AdamW, Sgd {

  /** Returns the learning rate that schedules start from. */
  double learningRate();

  /**
   * Returns the value that schedules may change besides the rate: SGD's momentum, or Adam's first
   * beta.
   */
  double momentum();

  /** Returns the weight decay of parameter groups with weight decay. */
  double weightDecay();

  /** Returns the names of the state lists, each with one tensor for each parameter. */
  ImmutableList<String> stateNames();

  /**
   * Returns the statement that updates a group.
   *
   * @param group the TorchScript variables and the decay to use
   * @return one line of source
   */
  String update(GroupVariables group);

  /** Returns the optimizer's name and parameters for the run's record; plain JSON values. */
  Map<String, Object> parameters();

  /**
   * The variables that an update may use.
   *
   * @param weights variable: list of the weights
   * @param gradients variable: list of their gradients
   * @param state variables: lists of their state, in the order of {@link #stateNames}
   * @param steps variable: list of step counts, one for each weight
   * @param rate variable: 0-dimensional learning rate
   * @param momentum variable: float, {@link #momentum} as set by the schedule
   * @param weightDecay the group's decay
   */
  record GroupVariables(
      String weights,
      String gradients,
      ImmutableList<String> state,
      String steps,
      String rate,
      String momentum,
      double weightDecay) {}
}
