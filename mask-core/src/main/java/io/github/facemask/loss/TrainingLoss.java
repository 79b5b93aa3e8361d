package io.github.facemask.loss;

import static io.github.facemask.problem.InvalidArgumentException.check;

import ai.djl.training.loss.Loss;
import com.google.common.collect.ImmutableMap;
import java.util.Map;

/**
 * The loss that training minimises: a {@link SoftTargetLoss}, compiled into the training program,
 * or a {@link DjlLoss}, or one of these after another, {@link Deferred}.
 */
public sealed interface TrainingLoss
    permits SoftTargetLoss, TrainingLoss.Deferred, TrainingLoss.DjlLoss {

  /**
   * Returns the loss of an epoch; this one, unless it changes over the epochs of a run.
   *
   * @param epoch the epoch, from 1
   */
  default TrainingLoss at(int epoch) {
    return this;
  }

  /**
   * Returns the shares of the classes for which the network's answers hold after training: class
   * weights and adjusted logits change the shares that the batches show.
   *
   * @param shares how often the batches show each class: 18 numbers of 0 or more, in any scale
   * @return 18 numbers in any scale
   */
  default double[] learntShares(double[] shares) {
    return shares;
  }

  /** Returns the loss's name and parameters for the run's record; plain JSON values. */
  Map<String, Object> parameters();

  /**
   * A loss for the first epochs and another one from then on, for instance class weights only in
   * the end: deferred re-weighting (Cao et al., "Learning imbalanced datasets with
   * label-distribution-aware margin loss", 2019). The optimizer's state is kept at the change.
   *
   * @param first the loss of the first epochs
   * @param then the loss of all later epochs
   * @param epochs the number of epochs of the first, 1 or more
   */
  record Deferred(SoftTargetLoss first, SoftTargetLoss then, int epochs) implements TrainingLoss {

    /** Checks the number of epochs. */
    public Deferred {
      check(epochs >= 1, "epochs", epochs, "1 or more");
    }

    @Override
    public SoftTargetLoss at(int epoch) {
      return epoch <= epochs ? first : then;
    }

    @Override
    public double[] learntShares(double[] shares) {
      return then.learntShares(shares);
    }

    @Override
    public Map<String, Object> parameters() {
      return ImmutableMap.of(
          "name",
          "deferred",
          "epochs",
          epochs,
          "first",
          first.parameters(),
          "then",
          then.parameters());
    }
  }

  /**
   * A DJL loss, computed outside the training program on its logits. Only the gradient of the
   * logits (B, C) is passed back, so the cost is small. Only one run at a time can use such a loss,
   * because DJL collects gradients globally.
   *
   * @param loss takes the targets (B, C) float32 as the only label and the logits (B, C) float32 as
   *     the only prediction; returns a scalar
   */
  record DjlLoss(Loss loss) implements TrainingLoss {

    @Override
    public Map<String, Object> parameters() {
      return ImmutableMap.of("name", loss.getName(), "class", loss.getClass().getName());
    }
  }
}
