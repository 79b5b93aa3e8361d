package io.github.facemask.internal.program;

import io.github.facemask.internal.torchscript.ProgramMethod;
import io.github.facemask.internal.torchscript.ScriptModule;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Adds an exponential moving average of tensors to a program (timm's ModelEmaV3 without warm-up):
 *
 * <ul>
 *   <li>{@code average_init(any)}: sets the average to the tensors
 *   <li>{@code average_update(any)}: average = decay * average + (1 - decay) * tensors
 *   <li>{@code average_swap(any)}: exchanges the tensors with their average
 *   <li>{@code average_state(any)} and {@code average_restore(list)}: the average, as views
 * </ul>
 */
public final class AverageMethods {

  private static final String AVERAGE = "average_tensors";
  private static final String OF = "average_of";

  private AverageMethods() {}

  /**
   * Adds the methods.
   *
   * @param module the program under construction
   * @param names the dotted names of the floating-point tensors to average
   * @param decay the share of the average that an update keeps, in [0, 1)
   */
  public static void addTo(ScriptModule.Builder module, List<String> names, double decay) {
    module.tensorList(AVERAGE).tensorList(OF);
    module.method(
        ProgramMethod.AVERAGE_INIT.signature("any: Tensor", "Tensor")
            + list(OF, names, "%s")
            + list(AVERAGE, names, "torch.clone(%s)")
            + "  return any\n");
    module.method(
        ProgramMethod.AVERAGE_UPDATE.signature("any: Tensor", "Tensor")
            + "  torch._foreach_lerp_(self."
            + AVERAGE
            + ", self."
            + OF
            + ", "
            + (1 - decay)
            + ")\n"
            + "  return any\n");
    StringBuilder swap =
        new StringBuilder(ProgramMethod.AVERAGE_SWAP.signature("any: Tensor", "Tensor"));
    for (int i = 0; i < names.size(); i++) {
      String tensor = ScriptModule.reference(names.get(i));
      String average = "self." + AVERAGE + "[" + i + "]";
      swap.append("  _k" + i + " = torch.clone(" + tensor + ")\n");
      swap.append("  _a" + i + " = torch.copy_(" + tensor + ", " + average + ")\n");
      swap.append("  _b" + i + " = torch.copy_(" + average + ", _k" + i + ")\n");
    }
    module.method(swap.append("  return any\n").toString());
    module.method(
        ProgramMethod.AVERAGE_STATE.signature("any: Tensor", "List[Tensor]")
            + "  return self."
            + AVERAGE
            + "\n");
    module.method(
        ProgramMethod.AVERAGE_RESTORE.signature("all: List[Tensor]", "Tensor")
            + "  torch._foreach_copy_(self."
            + AVERAGE
            + ", all)\n"
            + "  return all[0]\n");
  }

  private static String list(String attribute, List<String> names, String each) {
    return names.stream()
        .map(n -> each.replace("%s", ScriptModule.reference(n)))
        .collect(Collectors.joining(", ", "  self." + attribute + " = [", "]\n"));
  }
}
