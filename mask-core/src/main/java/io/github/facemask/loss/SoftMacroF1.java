package io.github.facemask.loss;

import static io.github.facemask.problem.InvalidArgumentException.check;

import com.google.common.collect.ImmutableMap;
import io.github.facemask.internal.torchscript.ScalarType;
import io.github.facemask.label.FaceLabel;
import java.util.Map;

/**
 * One minus the macro F1 of the batch, with probabilities in place of decisions: {@code 1 - mean(2
 * tp / (2 tp + fp + fn + eps))} over all classes. Where attributes are unknown, the labels take the
 * place of the classes: each is scored over the photos that know the same attributes, and the mean
 * is over the labels whose attributes some photo of the batch knows.
 *
 * @param eps keeps a class that is absent from dividing by zero, above 0
 */
public record SoftMacroF1(double eps) implements SoftTargetLoss {

  /** Checks the value. */
  public SoftMacroF1 {
    check(eps > 0 && eps < 1, "eps", eps, "above 0 and below 1");
  }

  @Override
  public String expression(String logits, String targets) {
    String p = "torch.softmax(" + logits + ", 1)";
    String tp2 = "torch.mul(torch.sum(torch.mul(" + p + ", " + targets + "), [0]), 2)";
    // 2 tp + fp + fn is the sum of the predicted and of the true masses.
    String mass = "torch.add(torch.sum(" + p + ", [0]), torch.sum(" + targets + ", [0]))";
    return "torch.rsub(torch.mean(torch.div("
        + tp2
        + ", torch.add("
        + mass
        + ", "
        + eps
        + "))), 1)";
  }

  @Override
  public String labelExpression(String logP, String targets, int columns) {
    String p = "torch.exp(" + logP + ")";
    String photos = LabelBlocks.sums(targets, columns);
    String tp2 = "torch.mul(torch.sum(torch.mul(" + p + ", " + targets + "), [0]), 2)";
    String mass =
        "torch.add(torch.sum(torch.mul("
            + p
            + ", "
            + photos
            + "), [0]), torch.sum("
            + targets
            + ", [0]))";
    String f1 = labelled("torch.div(" + tp2 + ", torch.add(" + mass + ", " + eps + "))", columns);
    String scored =
        labelled(
            "torch.to(torch.gt(torch.sum("
                + photos
                + ", [0]), 0), "
                + ScalarType.FLOAT32.code()
                + ")",
            columns);
    return "torch.rsub(torch.div(torch.sum(torch.mul("
        + f1
        + ", "
        + scored
        + ")), torch.clamp_min(torch.sum("
        + scored
        + "), 1)), 1)";
  }

  /** Leaves out the column of photos about which nothing is known. */
  private static String labelled(String values, int columns) {
    int unknown = FaceLabel.UNKNOWN.id();
    String before = "torch.slice(" + values + ", 0, 0, " + unknown + ")";
    return columns == FaceLabel.COUNT
        ? before
        : "torch.cat(["
            + before
            + ", torch.slice("
            + values
            + ", 0, "
            + (unknown + 1)
            + ", "
            + columns
            + ")], 0)";
  }

  @Override
  public Map<String, Object> parameters() {
    return ImmutableMap.of("name", "soft macro F1", "eps", eps);
  }
}
