package io.github.facemask.loss;

import io.github.facemask.label.AgeGroup;
import io.github.facemask.label.FaceClass;
import io.github.facemask.label.FaceLabel;
import java.util.List;

/** Cross entropy of logits to which a number for each class is added, as TorchScript. */
final class AdjustedLogits {

  private AdjustedLogits() {}

  static String crossEntropy(List<Double> offsets, String logits, String targets) {
    return mean(targets, "torch.log_softmax(" + sum(offsets, logits) + ", 1)");
  }

  /**
   * The first columns are the logarithms of the classes' probabilities, also with several heads.
   * The adjusted probabilities of all other labels are sums of theirs. Within an age group, the
   * distribution over the years is as before.
   */
  static String labelCrossEntropy(List<Double> offsets, String logP, String targets, int columns) {
    String classes = "torch.slice(" + logP + ", 1, 0, " + FaceClass.COUNT + ")";
    // Of a network that does not answer an attribute, classes that differ in it are equal here.
    String adjusted = "torch.log_softmax(" + sum(offsets, classes) + ", 1)";
    String q = "torch.reshape(" + adjusted + ", [-1, 3, 2, 3])";
    String ages = "torch.logsumexp(" + q + ", [1, 2])";
    StringBuilder all = new StringBuilder("torch.cat([").append(adjusted);
    for (String unknown : new String[] {"[3]", "[2]", "[1]"}) {
      all.append(", torch.flatten(torch.logsumexp(").append(q).append(", ").append(unknown);
      all.append("), 1)");
    }
    all.append(", torch.logsumexp(").append(q).append(", [2, 3])");
    all.append(", torch.logsumexp(").append(q).append(", [1, 3]), ").append(ages);
    all.append(", torch.zeros_like(torch.slice(").append(logP).append(", 1, 0, 1))");
    if (columns > FaceLabel.COUNT) {
      all.append(", ").append(years(logP, ages));
    }
    return mean(targets, all.append("], 1)").toString());
  }

  private static String years(String logP, String ages) {
    int firstAge = FaceLabel.UNKNOWN.id() - AgeGroup.values().length;
    StringBuilder changes = new StringBuilder("torch.cat([");
    for (AgeGroup group : AgeGroup.values()) {
      int at = group.ordinal();
      boolean last = at == AgeGroup.values().length - 1;
      int end = last ? AgeGroup.YEARS : AgeGroup.values()[at + 1].firstYear();
      String change =
          "torch.sub(torch.slice("
              + ages
              + ", 1, "
              + at
              + ", "
              + (at + 1)
              + "), torch.slice("
              + logP
              + ", 1, "
              + (firstAge + at)
              + ", "
              + (firstAge + at + 1)
              + "))";
      changes.append(at == 0 ? "" : ", ");
      changes.append("torch.repeat(").append(change).append(", [1, ");
      changes.append(end - group.firstYear()).append("])");
    }
    return "torch.add(torch.slice("
        + logP
        + ", 1, "
        + FaceLabel.COUNT
        + ", "
        + (FaceLabel.COUNT + AgeGroup.YEARS)
        + "), "
        + changes
        + "], 1))";
  }

  private static String sum(List<Double> offsets, String logits) {
    return "torch.add(" + logits + ", torch.tensor(" + offsets + ", device=" + logits + ".device))";
  }

  private static String mean(String targets, String logP) {
    return "torch.neg(torch.mean(torch.sum(torch.mul(" + targets + ", " + logP + "), [1])))";
  }

  /** Returns the shares that the logits without the offsets answer for. */
  static double[] learnt(List<Double> offsets, double[] shares) {
    double[] learnt = new double[shares.length];
    for (int id = 0; id < learnt.length; id++) {
      learnt[id] = shares[id] * Math.exp(-offsets.get(id));
    }
    return learnt;
  }
}
