package io.github.facemask.loss;

import static io.github.facemask.problem.InvalidArgumentException.check;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.facemask.label.AgeGroup;
import io.github.facemask.label.FaceClass;
import io.github.facemask.label.FaceLabel;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Cross entropy. With class weights it is the weighted mean that PyTorch computes for class
 * indices: {@code sum(w t -log p) / sum(w t)}.
 *
 * @param labelSmoothing the share of each target that is spread over all classes, in [0, 1); for a
 *     photo with unknown attributes over the labels that know the same attributes
 * @param classWeights a weight of 0 or more for each class, or empty for none; a photo with unknown
 *     attributes has the mean weight of the classes that agree with its label
 */
public record CrossEntropy(double labelSmoothing, ImmutableList<Double> classWeights)
    implements SoftTargetLoss {

  /** Checks the values. */
  public CrossEntropy {
    check(
        labelSmoothing >= 0 && labelSmoothing < 1,
        "labelSmoothing",
        labelSmoothing,
        "0 to below 1");
    check(
        classWeights.stream().allMatch(w -> w >= 0 && Double.isFinite(w))
            && (classWeights.isEmpty() || classWeights.stream().anyMatch(w -> w > 0)),
        "classWeights",
        classWeights,
        "finite numbers of 0 or more, not all 0");
  }

  /** Returns plain cross entropy. */
  public static CrossEntropy plain() {
    return new CrossEntropy(0, ImmutableList.of());
  }

  /**
   * Returns cross entropy with smoothed labels (Szegedy et al., 2016).
   *
   * @param share the share of each target that is spread over all classes, in [0, 1)
   * @return the loss
   */
  public static CrossEntropy smoothed(double share) {
    return new CrossEntropy(share, ImmutableList.of());
  }

  @Override
  public String expression(String logits, String targets) {
    String logP = "torch.log_softmax(" + logits + ", 1)";
    String t = targets;
    if (labelSmoothing > 0) {
      t =
          String.format(
              Locale.ROOT,
              "torch.add(torch.mul(%s, %s), torch.div(%s, torch.size(%s, 1)))",
              targets,
              1 - labelSmoothing,
              labelSmoothing,
              targets);
    }
    if (classWeights.isEmpty()) {
      return "torch.neg(torch.mean(torch.sum(torch.mul(" + t + ", " + logP + "), [1])))";
    }
    String weighted = "torch.mul(" + t + ", torch.tensor(" + classWeights + ", device=" + targets;
    weighted += ".device))";
    return "torch.neg(torch.div(torch.sum(torch.mul("
        + weighted
        + ", "
        + logP
        + ")), torch.sum("
        + weighted
        + ")))";
  }

  @Override
  public String labelExpression(String logP, String targets, int columns) {
    String t = targets;
    if (labelSmoothing > 0) {
      t =
          String.format(
              Locale.ROOT,
              "torch.add(torch.mul(%s, %s), torch.mul(%s, %s))",
              targets,
              1 - labelSmoothing,
              LabelBlocks.means(targets, columns),
              labelSmoothing);
    }
    if (classWeights.isEmpty()) {
      return "torch.neg(torch.mean(torch.sum(torch.mul(" + t + ", " + logP + "), [1])))";
    }
    String weighted =
        "torch.mul(" + t + ", torch.tensor(" + columnWeights(columns) + ", device=" + targets;
    weighted += ".device))";
    return "torch.neg(torch.div(torch.sum(torch.mul("
        + weighted
        + ", "
        + logP
        + ")), torch.clamp_min(torch.sum("
        + weighted
        + "), 1e-12)))";
  }

  private List<Double> columnWeights(int columns) {
    List<Double> weights = new ArrayList<>();
    for (FaceLabel label : FaceLabel.values()) {
      weights.add(label.known().isEmpty() ? 0 : weight(label));
    }
    for (int years = 0; weights.size() < columns; years++) {
      weights.add(weight(FaceLabel.UNKNOWN.withAge(Optional.of(AgeGroup.ofYears(years)))));
    }
    return weights;
  }

  private double weight(FaceLabel label) {
    double sum = 0;
    for (FaceClass faceClass : label.classes()) {
      sum += classWeights.get(faceClass.id());
    }
    return sum / label.classes().size();
  }

  @Override
  public double[] learntShares(double[] shares) {
    double[] weighted = shares.clone();
    for (int id = 0; id < classWeights.size(); id++) {
      weighted[id] *= classWeights.get(id);
    }
    return weighted;
  }

  @Override
  public Map<String, Object> parameters() {
    return ImmutableMap.of(
        "name", "cross entropy", "labelSmoothing", labelSmoothing, "classWeights", classWeights);
  }

  /**
   * Cross entropy of adjusted logits (Menon et al., "Long-tail learning via logit adjustment",
   * 2021): {@code logit + log(prior^tau + 1e-12)}, as the authors' code computes it. The network's
   * own answers are then those for classes that are equally frequent (with a tau of 1), so rare
   * classes are not underrated. Prediction does not adjust them.
   *
   * <p>For a photo with unknown attributes, the probability of its label is the sum of the adjusted
   * probabilities over the classes that agree with it. With a head for each attribute the joint
   * probability of the classes is adjusted. So the heads of unknown attributes learn a little, too:
   * the prior joins them.
   *
   * @param tau the strength, 0 or more; 1 is consistent for the balanced error, 0 is cross entropy
   * @param prior the shares of the classes in the batches, 18 numbers of 0 or more with a sum of 1
   */
  public record LogitAdjusted(double tau, ImmutableList<Double> prior) implements SoftTargetLoss {

    /** Checks the values. */
    public LogitAdjusted {
      check(tau >= 0 && Double.isFinite(tau), "tau", tau, "a number of 0 or more");
      check(
          prior.size() == FaceClass.COUNT
              && prior.stream().allMatch(p -> p >= 0)
              && Math.abs(prior.stream().mapToDouble(p -> p).sum() - 1) < 1e-6,
          "prior",
          prior,
          "18 numbers of 0 or more with a sum of 1");
    }

    private List<Double> offsets() {
      return prior.stream().map(p -> Math.log(Math.pow(p, tau) + 1e-12)).toList();
    }

    @Override
    public String expression(String logits, String targets) {
      return AdjustedLogits.crossEntropy(offsets(), logits, targets);
    }

    @Override
    public String labelExpression(String logP, String targets, int columns) {
      return AdjustedLogits.labelCrossEntropy(offsets(), logP, targets, columns);
    }

    @Override
    public double[] learntShares(double[] shares) {
      return AdjustedLogits.learnt(offsets(), shares);
    }

    @Override
    public Map<String, Object> parameters() {
      return ImmutableMap.of("name", "logit adjusted", "tau", tau, "prior", prior);
    }
  }

  /**
   * Balanced softmax (Ren et al., "Balanced meta-softmax for long-tailed visual recognition",
   * 2020): cross entropy of {@code logit + log(count)}, as the authors' code computes it. It equals
   * {@link LogitAdjusted} with a tau of 1, except for classes without photos, whose count is taken
   * as 1e-12.
   *
   * @param counts how often the batches show each class, 18 numbers of 0 or more, not all 0
   */
  public record BalancedSoftmax(ImmutableList<Double> counts) implements SoftTargetLoss {

    /** Checks the counts. */
    public BalancedSoftmax {
      check(
          counts.size() == FaceClass.COUNT
              && counts.stream().allMatch(n -> n >= 0 && Double.isFinite(n))
              && counts.stream().anyMatch(n -> n > 0),
          "counts",
          counts,
          "18 finite numbers of 0 or more, not all 0");
    }

    private List<Double> offsets() {
      return counts.stream().map(n -> Math.log(Math.max(n, 1e-12))).toList();
    }

    @Override
    public String expression(String logits, String targets) {
      return AdjustedLogits.crossEntropy(offsets(), logits, targets);
    }

    @Override
    public String labelExpression(String logP, String targets, int columns) {
      return AdjustedLogits.labelCrossEntropy(offsets(), logP, targets, columns);
    }

    @Override
    public double[] learntShares(double[] shares) {
      return AdjustedLogits.learnt(offsets(), shares);
    }

    @Override
    public Map<String, Object> parameters() {
      return ImmutableMap.of("name", "balanced softmax", "counts", counts);
    }
  }
}
