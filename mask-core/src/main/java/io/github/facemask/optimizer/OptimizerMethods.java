package io.github.facemask.optimizer;

import com.google.common.collect.ImmutableList;
import io.github.facemask.optimizer.FusedOptimizer.GroupVariables;
import io.github.facemask.script.ScriptModule;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Adds an optimizer's methods to a program. They read the {@code .grad} that backward left:
 *
 * <ul>
 *   <li>{@code optimizer_init(any)}: zero state; before the first step
 *   <li>{@code optimizer_step(rate)}: clips, updates and clears the gradients; returns their global
 *       norm before clipping where a limit is set, else 0
 *   <li>{@code optimizer_state(any)}: step count, then every state list; views, not copies
 *   <li>{@code optimizer_restore(list)}: takes such a list
 * </ul>
 */
public final class OptimizerMethods {

  private static final String STEPS = "optimizer_steps";

  private OptimizerMethods() {}

  /**
   * Adds the methods.
   *
   * @param module the program under construction
   * @param optimizer which optimizer
   * @param groups the parameters to train
   * @param normLimit the largest global norm of the gradients, as torch.nn.utils.clip_grad_norm_
   *     has it; infinite for none
   */
  public static void addTo(
      ScriptModule.Builder module,
      FusedOptimizer optimizer,
      List<ParameterGroup> groups,
      double normLimit) {
    List<String> weights =
        groups.stream().flatMap(g -> g.names().stream()).map(ScriptModule::reference).toList();
    module.tensorList(STEPS);
    optimizer.stateNames().forEach(module::tensorList);
    module.method(init(optimizer, weights));
    module.method(step(optimizer, groups, normLimit));
    module.method(state(optimizer));
    module.method(restore(optimizer, weights.size()));
  }

  private static String init(FusedOptimizer optimizer, List<String> weights) {
    StringBuilder code = new StringBuilder();
    code.append("def optimizer_init(self: __torch__.Program, any: Tensor) -> Tensor:\n");
    code.append("  self." + STEPS + " = [torch.zeros([], dtype=6, device=any.device)]\n");
    String zeros =
        weights.stream().map(w -> "torch.zeros_like(" + w + ")").collect(Collectors.joining(", "));
    for (String name : optimizer.stateNames()) {
      code.append("  self.").append(name).append(" = [").append(zeros).append("]\n");
    }
    return code.append("  return any\n").toString();
  }

  private static String step(
      FusedOptimizer optimizer, List<ParameterGroup> groups, double normLimit) {
    StringBuilder code = new StringBuilder();
    code.append("def optimizer_step(self: __torch__.Program, rate: Tensor) -> Tensor:\n");
    code.append("  steps = self." + STEPS + "\n");
    code.append("  torch._foreach_add_(steps, 1)\n");
    for (int g = 0; g < groups.size(); g++) {
      List<String> weights = groups.get(g).names().stream().map(ScriptModule::reference).toList();
      code.append("  w" + g + " = [" + String.join(", ", weights) + "]\n");
      String gradients =
          weights.stream().map(w -> "ops.prim.grad(" + w + ")").collect(Collectors.joining(", "));
      code.append("  g" + g + " = [" + gradients + "]\n");
    }
    code.append(clip(groups.size(), normLimit));
    int from = 0;
    for (int g = 0; g < groups.size(); g++) {
      ParameterGroup group = groups.get(g);
      int to = from + group.names().size();
      ImmutableList.Builder<String> state = ImmutableList.builder();
      for (String name : optimizer.stateNames()) {
        state.add("torch.slice(self." + name + ", " + from + ", " + to + ")");
      }
      String steps = String.join(", ", Collections.nCopies(group.names().size(), "steps[0]"));
      String rate = group.rateScale() == 1 ? "rate" : "torch.mul(rate, " + group.rateScale() + ")";
      code.append("  ")
          .append(
              optimizer.update(
                  new GroupVariables(
                      "w" + g,
                      "g" + g,
                      state.build(),
                      "[" + steps + "]",
                      rate,
                      group.decays() ? optimizer.weightDecay() : 0)))
          .append('\n');
      code.append("  torch._foreach_zero_(g" + g + ")\n");
      from = to;
    }
    return code.append("  return norm\n").toString();
  }

  private static String clip(int groups, double normLimit) {
    if (Double.isInfinite(normLimit)) {
      return "  norm = torch.zeros([])\n";
    }
    StringBuilder code = new StringBuilder("  norms = annotate(List[Tensor], [])\n");
    for (int g = 0; g < groups; g++) {
      code.append("  _n" + g + " = torch.extend(norms, torch._foreach_norm(g" + g + ", 2))\n");
    }
    code.append("  norm = torch.norm(torch.stack(norms))\n");
    code.append("  share = torch.clamp(torch.div(torch.full([], " + normLimit);
    code.append(", device=norm.device), torch.add(norm, 1e-06)), None, 1.0)\n");
    for (int g = 0; g < groups; g++) {
      code.append("  torch._foreach_mul_(g" + g + ", share)\n");
    }
    return code.toString();
  }

  private static String state(FusedOptimizer optimizer) {
    StringBuilder code = new StringBuilder();
    code.append("def optimizer_state(self: __torch__.Program, any: Tensor) -> List[Tensor]:\n");
    code.append("  all = annotate(List[Tensor], [])\n");
    code.append("  _s = torch.extend(all, self." + STEPS + ")\n");
    for (String name : optimizer.stateNames()) {
      code.append("  _" + name + " = torch.extend(all, self." + name + ")\n");
    }
    return code.append("  return all\n").toString();
  }

  private static String restore(FusedOptimizer optimizer, int parameters) {
    StringBuilder code = new StringBuilder();
    code.append("def optimizer_restore(self: __torch__.Program, all: List[Tensor]) -> Tensor:\n");
    code.append("  torch._foreach_copy_(self." + STEPS + ", torch.slice(all, 0, 1))\n");
    int from = 1;
    for (String name : optimizer.stateNames()) {
      int to = from + parameters;
      code.append("  torch._foreach_copy_(self." + name + ", torch.slice(all, ");
      code.append(from + ", " + to + "))\n");
      from = to;
    }
    return code.append("  return all[0]\n").toString();
  }
}
