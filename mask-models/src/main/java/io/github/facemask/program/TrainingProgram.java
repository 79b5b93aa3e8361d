package io.github.facemask.program;

import static io.github.facemask.script.ScriptModule.reference;

import com.google.common.collect.ImmutableList;
import io.github.facemask.loss.SoftTargetLoss;
import io.github.facemask.network.Network;
import io.github.facemask.network.TensorSpec;
import io.github.facemask.optimizer.OptimizerMethods;
import io.github.facemask.optimizer.ParameterGroup;
import io.github.facemask.preprocessing.Preprocessing;
import io.github.facemask.script.MemoryLayout;
import io.github.facemask.script.ScriptModule;
import io.github.facemask.tensor.HostTensor;
import io.github.facemask.training.LearningSetup;
import io.github.facemask.training.Precision;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Writes a network as a program that learns. Beside {@code forward}, which takes uint8 (B, H, W, 3)
 * or normalised float32 (B, 3, H, W) and returns float32 logits, it has
 *
 * <ul>
 *   <li>{@code learn(photos, targets, scale)}: forward, loss and backward in one call; returns loss
 *       and logits
 *   <li>{@code classify(photos)}: probabilities
 *   <li>{@code state(any)} and {@code restore(list)}: all tensors in timm's order
 *   <li>the methods of {@link OptimizerMethods}
 *   <li>{@code outputs_of(photos)}: the outputs of chosen layers, for comparison with references
 * </ul>
 *
 * <p>Channels-last, a photo's bytes are in the layout of the features already.
 */
public final class TrainingProgram {

  private TrainingProgram() {}

  /**
   * Writes the program.
   *
   * @param network the network
   * @param weights every tensor of the network by name
   * @param setup how it learns
   * @param observed paths of layers whose outputs {@code outputs_of} returns; may be empty
   * @return the program
   */
  public static ScriptModule write(
      Network network,
      Map<String, HostTensor> weights,
      LearningSetup setup,
      List<String> observed) {
    ScriptModule.Builder module = ScriptModule.builder();
    ImmutableList<TensorSpec> tensors = network.tensors();
    addTensors(module, tensors, weights, setup.layout());
    addForward(module, network, setup, observed);
    module.method(learn(setup.loss()));
    module.method(
        """
        def classify(self: __torch__.Program, photos: Tensor) -> Tensor:
          return torch.softmax((self).forward(photos, ), 1)
        """);
    addState(module, tensors);
    OptimizerMethods.addTo(
        module, setup.optimizer(), parameterGroups(tensors), setup.gradientNormLimit());
    return module.build();
  }

  private static void addTensors(
      ScriptModule.Builder module,
      List<TensorSpec> tensors,
      Map<String, HostTensor> weights,
      MemoryLayout layout) {
    for (TensorSpec spec : tensors) {
      HostTensor tensor = weights.get(spec.name());
      if (tensor == null || !tensor.shape().equals(spec.shape())) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "weights have %s for %s, expected shape %s",
                tensor == null ? "nothing" : "shape " + tensor.shape(),
                spec.name(),
                spec.shape()));
      }
      if (spec.role().learns()) {
        boolean image = spec.shape().rank() == 4;
        module.parameter(
            spec.name(),
            HostTensor.ofFloats(spec.shape(), tensor.toFloats()),
            image ? layout : MemoryLayout.CONTIGUOUS);
      } else {
        module.buffer(spec.name(), tensor);
      }
    }
  }

  private static void addForward(
      ScriptModule.Builder module, Network network, LearningSetup setup, List<String> observed) {
    String input = input(network.preprocessing(), setup);
    ForwardWriter forward = new ForwardWriter(setup.precision());
    String logits = forward.write(network, "x");
    module.method(
        "def forward(self: __torch__.Program, photos: Tensor) -> Tensor:\n"
            + input
            + forward.code()
            + "  return "
            + logits
            + "\n");
    if (!observed.isEmpty()) {
      String chosen =
          observed.stream()
              .map(path -> "torch.clone(" + output(forward, path) + ")")
              .collect(Collectors.joining(", "));
      module.method(
          "def outputs_of(self: __torch__.Program, photos: Tensor) -> List[Tensor]:\n"
              + input
              + forward.code()
              + "  return ["
              + chosen
              + "]\n");
    }
  }

  private static String output(ForwardWriter forward, String path) {
    String variable = forward.outputs().get(path);
    if (variable == null) {
      throw new IllegalArgumentException(
          "no layer '" + path + "', expected one of " + forward.outputs().keySet());
    }
    return variable;
  }

  /** The statements from a photo's bytes to normalised features {@code x}. */
  private static String input(Preprocessing preprocessing, LearningSetup setup) {
    StringBuilder scale = new StringBuilder();
    StringBuilder shift = new StringBuilder();
    for (int c = 0; c < 3; c++) {
      double std = preprocessing.std().get(c);
      // (byte / 255 - mean) / std as one multiplication and one addition.
      scale.append(c == 0 ? "" : ", ").append(1 / (255 * std));
      shift.append(c == 0 ? "" : ", ").append(-preprocessing.mean().get(c) / std);
    }
    String type = setup.precision() == Precision.FLOAT32 ? "6" : "15";
    // The numbers are libtorch's: contiguous 0, channels_last 2.
    int format = setup.layout() == MemoryLayout.CHANNELS_LAST ? 2 : 0;
    return """
          training = self.training
          if torch.eq(ops.prim.dtype(photos), 0):
            pixels = torch.to(photos, 6)
            scaled = torch.mul(pixels, torch.tensor([%s], dtype=6, device=photos.device))
            shifted = torch.add_(scaled, torch.tensor([%s], dtype=6, device=photos.device))
            normal = torch.to(torch.permute(shifted, [0, 3, 1, 2]), %s)
          else:
            normal = torch.to(photos, %s)
          x = torch.contiguous(normal, memory_format=%s)
        """
        .formatted(scale, shift, type, type, format);
  }

  private static String learn(SoftTargetLoss loss) {
    return """
        def learn(self: __torch__.Program,
          photos: Tensor,
          targets: Tensor,
          scale: Tensor) -> Tuple[Tensor, Tensor]:
          torch.set_grad_enabled(True)
          logits = (self).forward(photos, )
          loss = %s
          torch.autograd.backward(torch.mul(loss, scale))
          return (torch.detach(loss), torch.detach(logits))
        """
        .formatted(loss.expression("logits", "targets"));
  }

  private static void addState(ScriptModule.Builder module, List<TensorSpec> tensors) {
    String all =
        tensors.stream()
            .map(t -> "torch.clone(" + reference(t.name()) + ", memory_format=0)")
            .collect(Collectors.joining(", "));
    module.method(
        "def state(self: __torch__.Program, any: Tensor) -> List[Tensor]:\n  return ["
            + all
            + "]\n");
    StringBuilder restore =
        new StringBuilder("def restore(self: __torch__.Program, all: List[Tensor]) -> Tensor:\n");
    for (int i = 0; i < tensors.size(); i++) {
      restore.append("  _c").append(i).append(" = torch.copy_(");
      restore.append(reference(tensors.get(i).name())).append(", all[").append(i).append("])\n");
    }
    module.method(restore.append("  return all[0]\n").toString());
  }

  private static List<ParameterGroup> parameterGroups(List<TensorSpec> tensors) {
    ImmutableList.Builder<String> decaying = ImmutableList.builder();
    ImmutableList.Builder<String> others = ImmutableList.builder();
    for (TensorSpec spec : tensors) {
      if (spec.role().learns()) {
        (spec.role().decays() ? decaying : others).add(spec.name());
      }
    }
    return ImmutableList.of(
        new ParameterGroup(decaying.build(), true, 1),
        new ParameterGroup(others.build(), false, 1));
  }
}
