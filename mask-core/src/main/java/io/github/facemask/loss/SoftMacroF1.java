package io.github.facemask.loss;

import static io.github.facemask.problem.InvalidArgumentException.check;

import com.google.common.collect.ImmutableMap;
import java.util.Map;

/**
 * One minus the macro F1 of the batch, with probabilities in place of decisions: {@code 1 - mean(2
 * tp / (2 tp + fp + fn + eps))} over all classes.
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
  public Map<String, Object> parameters() {
    return ImmutableMap.of("name", "soft macro F1", "eps", eps);
  }
}
