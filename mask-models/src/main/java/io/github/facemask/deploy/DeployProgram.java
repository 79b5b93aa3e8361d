package io.github.facemask.deploy;

import com.google.common.collect.ImmutableList;
import io.github.facemask.network.Linear;
import io.github.facemask.network.Network;
import io.github.facemask.network.TensorSpec;
import io.github.facemask.program.PhotoInput;
import io.github.facemask.script.MemoryLayout;
import io.github.facemask.script.ScriptModule;
import io.github.facemask.tensor.HostTensor;
import io.github.facemask.training.Precision;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A network with its weights as a program that only classifies: {@code forward(photos)}, the
 * logits, and {@code classify(photos)}, the probabilities, of uint8 (B, H, W, 3) or normalised
 * float32 (B, 3, H, W); B is free. {@code prepare(any)} packs the weights for oneDNN; the first
 * call does it if nobody did, so call it before threads share the program. Immutable.
 *
 * @param module the program
 * @param explanation what each pass did, a line each
 */
public record DeployProgram(ScriptModule module, ImmutableList<String> explanation) {

  private static final ImmutableList<Pass> PASSES =
      ImmutableList.of(
          new FoldBatchNorm(),
          new StandardizeKernels(),
          new FuseActivations(),
          new FuseSums(),
          new FoldWindowBias(),
          new FoldAttentionScale());

  /** Returns the passes, in the order in which they are applied. */
  public static ImmutableList<Pass> passes() {
    return PASSES;
  }

  /**
   * Writes a program.
   *
   * @param network the network
   * @param weights all its tensors by name
   * @param precision the numbers to compute with
   * @param target what it is to run on
   * @return the program
   */
  public static DeployProgram write(
      Network network, Map<String, HostTensor> weights, Precision precision, Target target) {
    ImmutableList.Builder<String> explanation = ImmutableList.builder();
    Plan plan = Plan.of(network, weights);
    explanation.add(network.architecture() + ": " + OperationCount.of(plan) + " operations");
    for (Pass pass : passesFor(network)) {
      Plan next = pass.apply(plan);
      if (!next.equals(plan)) {
        explanation.add(
            String.format(
                Locale.ROOT, "%s: %d operations", pass.description(), OperationCount.of(next)));
      }
      plan = next;
    }
    ScriptModule.Builder module = ScriptModule.builder();
    PackedWeights packed = new PackedWeights();
    PlanWriter writer = new PlanWriter(precision, target, packed);
    String logits = writer.write(plan.steps(), "x");
    addWeights(module, plan, exactNames(network), precision);
    module.tensorList(PackedWeights.LIST).method(packed.method());
    String prepared = packed.size() == 0 ? "" : PREPARE;
    module.method(
        "def forward(self: __torch__.Program, photos: Tensor) -> Tensor:\n"
            + prepared
            + PhotoInput.statements(network.preprocessing(), precision, MemoryLayout.CHANNELS_LAST)
            + writer.code()
            + "  return "
            + logits
            + "\n");
    module.method(
        """
        def classify(self: __torch__.Program, photos: Tensor) -> Tensor:
          return torch.softmax((self).forward(photos, ), 1)
        """);
    explanation.add(packed.size() + " weights packed for oneDNN");
    return new DeployProgram(module.build(), explanation.build());
  }

  /**
   * Where features shrink to one pixel, oneDNN cannot add inside a convolution: the five halvings
   * of every backbone do so for 32 pixels.
   */
  private static List<Pass> passesFor(Network network) {
    boolean tiny =
        Math.min(network.preprocessing().height(), network.preprocessing().width()) <= 32;
    return PASSES.stream().filter(pass -> !tiny || !(pass instanceof FuseSums)).toList();
  }

  private static final String PREPARE =
      """
        if torch.eq(torch.len(self.packed), 0):
          _done = (self).prepare(photos, )
        else:
          pass
      """;

  /** The head stays in float32. */
  private static Set<String> exactNames(Network network) {
    Set<String> exact = new HashSet<>();
    network.forEachLayer(
        (layer, path) -> {
          if (layer instanceof Linear linear && linear.head()) {
            for (TensorSpec spec : layer.tensors()) {
              exact.add(Network.join(path, spec.name()));
            }
          }
        });
    return exact;
  }

  private static void addWeights(
      ScriptModule.Builder module, Plan plan, Set<String> exact, Precision precision) {
    plan.weights()
        .forEach(
            (name, tensor) -> {
              MemoryLayout layout =
                  tensor.shape().rank() == 4 && !name.endsWith("window_bias")
                      ? MemoryLayout.CHANNELS_LAST
                      : MemoryLayout.CONTIGUOUS;
              boolean rounds = precision == Precision.BFLOAT16 && !exact.contains(name);
              module.buffer(name, rounds ? Rounding.toBfloat16(tensor) : tensor, layout);
            });
  }
}
