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
  public Map<String, Object> parameters() {
    return ImmutableMap.of(
        "name", "cross entropy", "labelSmoothing", labelSmoothing, "classWeights", classWeights);
  }
}
