package io.github.facemask.loss;

import static io.github.facemask.problem.InvalidArgumentException.check;

import com.google.common.collect.ImmutableMap;
import java.util.Map;

/**
 * Focal loss (Lin et al., 2017), which reduces the weight of well-classified photos: {@code
 * mean(sum(t (1 - p)^gamma -log p))}.
 *
 * @param gamma the focusing parameter, 0 or more; 0 is cross entropy
 */
public record FocalLoss(double gamma) implements SoftTargetLoss {

  /** Checks the value. */
  public FocalLoss {
    check(gamma >= 0 && Double.isFinite(gamma), "gamma", gamma, "a number of 0 or more");
  }

  @Override
  public String expression(String logits, String targets) {
    String logP = "torch.log_softmax(" + logits + ", 1)";
    String easiness = "torch.pow(torch.rsub(torch.softmax(" + logits + ", 1), 1), " + gamma + ")";
    return mean(targets, easiness, logP);
  }

  @Override
  public String labelExpression(String logP, String targets, int columns) {
    // A sum of probabilities may exceed 1 by rounding, and no power of a negative number is taken.
    String easiness =
        "torch.pow(torch.clamp_min(torch.rsub(torch.exp(" + logP + "), 1), 1e-7), " + gamma + ")";
    return mean(targets, easiness, logP);
  }

  private static String mean(String targets, String easiness, String logP) {
    return "torch.neg(torch.mean(torch.sum(torch.mul(torch.mul("
        + targets
        + ", "
        + easiness
        + "), "
        + logP
        + "), [1])))";
  }

  @Override
  public Map<String, Object> parameters() {
    return ImmutableMap.of("name", "focal", "gamma", gamma);
  }
}
