package io.github.facemask.internal.program;

import com.google.common.collect.ImmutableList;
import io.github.facemask.internal.torchscript.ProgramMethod;
import io.github.facemask.internal.torchscript.ScalarType;
import io.github.facemask.internal.torchscript.ScriptModule;
import io.github.facemask.optimizer.FusedOptimizer;
import io.github.facemask.optimizer.FusedOptimizer.GroupVariables;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Adds an optimizer's methods to a program:
 *
 * <ul>
 *   <li>{@code optimizer_init(any)}: sets the state to zero; call it before the first step
 *   <li>{@code optimizer_backward(outputs, weights)}: differentiates the sum of outputs times
 *       weights; gradients of several calls are added until the step
 *   <li>{@code optimizer_step(rate, momentum)}: clips the gradients, updates the parameters and
 *       drops the gradients; returns the global norm before clipping, or 0 without a limit
 *   <li>{@code optimizer_gradients(any)}: the gradients in the order of the groups; empty before
 *       the first backward and after a step
 *   <li>{@code optimizer_state(any)}: the step count, then every state list, as views
 *   <li>{@code optimizer_restore(list)}: sets the state from such a list
 * </ul>
 *
 * <p>Gradients are lists of the module, not the {@code .grad} of its parameters. The first backward
 * after a step stores its gradients directly. With {@code .grad} they would be cleared and added.
 *
 * <p>Every list that a fused kernel changes is an attribute of the module. libtorch's dead-code
 * elimination would drop a change to the tensors of a new list.
 */
public final class OptimizerMethods {

  private static final String STEPS = "optimizer_steps";

  private OptimizerMethods() {}

  /**
   * Adds the methods. The parameters must have been added before.
   *
   * @param module the program under construction
   * @param optimizer the optimizer
   * @param groups the parameters to train
   * @param normLimit the largest global norm of the gradients, as in
   *     torch.nn.utils.clip_grad_norm_; infinite for no limit
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
    module.method(backward(module, groups));
    module.method(exportGradients(groups.size()));
    module.method(step(optimizer, groups, normLimit));
    module.method(exportState(optimizer, groups.size()));
    module.method(restore(optimizer, groups));
  }

  private static String init(FusedOptimizer optimizer, List<ParameterGroup> groups) {
    StringBuilder code = new StringBuilder();
    code.append(ProgramMethod.OPTIMIZER_INIT.signature("any: Tensor", "Tensor"));
    code.append(
        "  self."
            + STEPS
            + " = [torch.zeros([], dtype="
            + ScalarType.FLOAT32.code()
            + ", device=any.device)]\n");
    for (int g = 0; g < groups.size(); g++) {
      List<String> members = references(groups.get(g));
      code.append(assign(weights(g), members, "%s"));
      code.append(clear(g));
      for (String name : optimizer.stateNames()) {
        code.append(assign(state(name, g), members, "torch.zeros_like(%s)"));
      }
    }
    return code.append("  return any\n").toString();
  }

  private static String backward(ScriptModule.Builder module, List<ParameterGroup> groups) {
    StringBuilder code = new StringBuilder();
    code.append(
        ProgramMethod.OPTIMIZER_BACKWARD.signature("outputs: Tensor, weights: Tensor", "Tensor"));
    String all =
        groups.stream().flatMap(g -> references(g).stream()).collect(Collectors.joining(", "));
    code.append("  all = torch.autograd.grad([outputs], [" + all + "], ");
    code.append("annotate(List[Optional[Tensor]], [weights]), None, False, False)\n");
    int i = 0;
    for (int g = 0; g < groups.size(); g++) {
      StringBuilder members = new StringBuilder();
      for (String name : groups.get(g).names()) {
        // A fused kernel reads weight and gradient in memory order, so both need the same layout.
        code.append("  g" + i + " = torch.contiguous(torch._unwrap_optional(all[" + i + "]), ");
        code.append("memory_format=" + module.layout(name).code() + ")\n");
        members.append(members.isEmpty() ? "" : ", ").append("g" + i++);
      }
      code.append("  if torch.eq(torch.len(self." + gradients(g) + "), 0):\n");
      code.append("    self." + gradients(g) + " = [" + members + "]\n");
      code.append("  else:\n");
      code.append("    torch._foreach_add_(self." + gradients(g) + ", [" + members + "])\n");
    }
    return code.append("  return outputs\n").toString();
  }

  private static String exportGradients(int groups) {
    StringBuilder code = new StringBuilder();
    code.append(ProgramMethod.OPTIMIZER_GRADIENTS.signature("any: Tensor", "List[Tensor]"));
    code.append("  all = annotate(List[Tensor], [])\n");
    for (int g = 0; g < groups; g++) {
      code.append("  _g" + g + " = torch.extend(all, self." + gradients(g) + ")\n");
    }
    return code.append("  return all\n").toString();
  }

  private static String step(
      FusedOptimizer optimizer, List<ParameterGroup> groups, double normLimit) {
    StringBuilder code = new StringBuilder();
    code.append(
        ProgramMethod.OPTIMIZER_STEP.signature(
            "rate: Tensor, changing_momentum: Tensor", "Tensor"));
    code.append("  momentum = float(changing_momentum)\n");
    code.append("  torch._foreach_add_(self." + STEPS + ", 1)\n");
    code.append("  step = self." + STEPS + "[0]\n");
    code.append(clip(groups.size(), normLimit));
    for (int g = 0; g < groups.size(); g++) {
      code.append("  ").append(optimizer.update(variables(optimizer, groups.get(g), g)));
      code.append("\n" + clear(g));
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
        "momentum",
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
    code.append(ProgramMethod.OPTIMIZER_STATE.signature("any: Tensor", "List[Tensor]"));
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
    code.append(ProgramMethod.OPTIMIZER_RESTORE.signature("all: List[Tensor]", "Tensor"));
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

  private static String clear(int group) {
    return "  self." + gradients(group) + " = annotate(List[Tensor], [])\n";
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
