package io.github.facemask.loss;

import static com.google.common.base.Preconditions.checkArgument;
import static io.github.facemask.problem.InvalidArgumentException.check;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A weighted sum of losses.
 *
 * @param terms the losses with their weights, at least one
 */
public record WeightedSum(ImmutableList<Term> terms) implements SoftTargetLoss {

  /**
   * A loss and its weight.
   *
   * @param weight the weight, finite
   * @param loss the loss
   */
  public record Term(double weight, SoftTargetLoss loss) {
    /** Checks the weight. */
    public Term {
      check(Double.isFinite(weight), "weight", weight, "a finite number");
    }
  }

  /** Checks that there is a term. */
  public WeightedSum {
    checkArgument(!terms.isEmpty(), "no terms, expected at least one loss");
  }

  @Override
  public String expression(String logits, String targets) {
    return sum(loss -> loss.expression(logits, targets));
  }

  @Override
  public String labelExpression(String logP, String targets, int columns) {
    return sum(loss -> loss.labelExpression(logP, targets, columns));
  }

  /** Those of the first term. */
  @Override
  public double[] learntShares(double[] shares) {
    return terms.get(0).loss().learntShares(shares);
  }

  private String sum(Function<SoftTargetLoss, String> expression) {
    String sum = null;
    for (Term term : terms) {
      String part = "torch.mul(" + expression.apply(term.loss()) + ", " + term.weight() + ")";
      sum = sum == null ? part : "torch.add(" + sum + ", " + part + ")";
    }
    return sum;
  }

  @Override
  public Map<String, Object> parameters() {
    return ImmutableMap.of(
        "name",
        "sum",
        "terms",
        terms.stream()
            .map(t -> ImmutableMap.of("weight", t.weight(), "loss", t.loss().parameters()))
            .collect(Collectors.toList()));
  }
}
