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
 *
 * <p>Every list that a fused kernel changes is an attribute of the module: libtorch's dead-code
 * pass takes a change to the tensors of a fresh list for a change of that list alone, and drops it.
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
    module.tensorList(STEPS);
    for (int g = 0; g < groups.size(); g++) {
      module.tensorList(weights(g)).tensorList(gradients(g));
      for (String name : optimizer.stateNames()) {
        module.tensorList(state(name, g));
      }
    }
    module.method(init(optimizer, groups));
    module.method(step(optimizer, groups, normLimit));
    module.method(exportState(optimizer, groups.size()));
    module.method(restore(optimizer, groups));
  }

  private static String init(FusedOptimizer optimizer, List<ParameterGroup> groups) {
    StringBuilder code = new StringBuilder();
    code.append("def optimizer_init(self: __torch__.Program, any: Tensor) -> Tensor:\n");
    code.append("  self." + STEPS + " = [torch.zeros([], dtype=6, device=any.device)]\n");
    for (int g = 0; g < groups.size(); g++) {
      List<String> members = references(groups.get(g));
      code.append(assign(weights(g), members, "%s"));
      for (String name : optimizer.stateNames()) {
        code.append(assign(state(name, g), members, "torch.zeros_like(%s)"));
      }
    }
    return code.append("  return any\n").toString();
  }

  private static String step(
      FusedOptimizer optimizer, List<ParameterGroup> groups, double normLimit) {
    StringBuilder code = new StringBuilder();
    code.append("def optimizer_step(self: __torch__.Program, rate: Tensor) -> Tensor:\n");
    code.append("  torch._foreach_add_(self." + STEPS + ", 1)\n");
    code.append("  step = self." + STEPS + "[0]\n");
    for (int g = 0; g < groups.size(); g++) {
      code.append(assign(gradients(g), references(groups.get(g)), "ops.prim.grad(%s)"));
    }
    code.append(clip(groups.size(), normLimit));
    for (int g = 0; g < groups.size(); g++) {
      code.append("  ").append(optimizer.update(variables(optimizer, groups.get(g), g)));
      code.append("\n  torch._foreach_zero_(self." + gradients(g) + ")\n");
    }
    return code.append("  return norm\n").toString();
  }

  private static GroupVariables variables(FusedOptimizer optimizer, ParameterGroup group, int g) {
    ImmutableList.Builder<String> state = ImmutableList.builder();
    optimizer.stateNames().forEach(name -> state.add("self." + state(name, g)));
    String steps = String.join(", ", Collections.nCopies(group.names().size(), "step"));
    return new GroupVariables(
        "self." + weights(g),
        "self." + gradients(g),
        state.build(),
        "[" + steps + "]",
        group.rateScale() == 1 ? "rate" : "torch.mul(rate, " + group.rateScale() + ")",
        group.decays() ? optimizer.weightDecay() : 0);
  }

  private static String clip(int groups, double normLimit) {
    if (Double.isInfinite(normLimit)) {
      return "  norm = torch.zeros([])\n";
    }
    StringBuilder code = new StringBuilder("  norms = annotate(List[Tensor], [])\n");
    for (int g = 0; g < groups; g++) {
      String each = "torch._foreach_norm(self." + gradients(g) + ", 2)";
      code.append("  _n" + g + " = torch.extend(norms, " + each + ")\n");
    }
    code.append("  norm = torch.norm(torch.stack(norms))\n");
    code.append("  share = torch.clamp(torch.div(torch.full([], " + normLimit);
    code.append(", device=norm.device), torch.add(norm, 1e-06)), None, 1.0)\n");
    for (int g = 0; g < groups; g++) {
      code.append("  torch._foreach_mul_(self." + gradients(g) + ", share)\n");
    }
    return code.toString();
  }

  private static String exportState(FusedOptimizer optimizer, int groups) {
    StringBuilder code = new StringBuilder();
    code.append("def optimizer_state(self: __torch__.Program, any: Tensor) -> List[Tensor]:\n");
    code.append("  all = annotate(List[Tensor], [])\n");
    code.append("  _s = torch.extend(all, self." + STEPS + ")\n");
    for (int g = 0; g < groups; g++) {
      for (String name : optimizer.stateNames()) {
        String list = state(name, g);
        code.append("  _" + list + " = torch.extend(all, self." + list + ")\n");
      }
    }
    return code.append("  return all\n").toString();
  }

  private static String restore(FusedOptimizer optimizer, List<ParameterGroup> groups) {
    StringBuilder code = new StringBuilder();
    code.append("def optimizer_restore(self: __torch__.Program, all: List[Tensor]) -> Tensor:\n");
    code.append("  torch._foreach_copy_(self." + STEPS + ", torch.slice(all, 0, 1))\n");
    int from = 1;
    for (int g = 0; g < groups.size(); g++) {
      for (String name : optimizer.stateNames()) {
        int to = from + groups.get(g).names().size();
        code.append("  torch._foreach_copy_(self." + state(name, g) + ", torch.slice(all, ");
        code.append(from + ", " + to + "))\n");
        from = to;
      }
    }
    return code.append("  return all[0]\n").toString();
  }

  private static String assign(String list, List<String> references, String each) {
    String members =
        references.stream().map(r -> each.replace("%s", r)).collect(Collectors.joining(", "));
    return "  self." + list + " = [" + members + "]\n";
  }

  private static List<String> references(ParameterGroup group) {
    return group.names().stream().map(ScriptModule::reference).toList();
  }

  private static String weights(int group) {
    return "optimizer_weights_" + group;
  }

  private static String gradients(int group) {
    return "optimizer_gradients_" + group;
  }

  private static String state(String name, int group) {
    return "optimizer_" + name + "_" + group;
  }
}
