package io.github.facemask.internal.program;

import com.google.common.collect.ImmutableSet;
import io.github.facemask.internal.torchscript.ProgramMethod;
import io.github.facemask.internal.torchscript.ScriptModule;
import io.github.facemask.network.Network;
import io.github.facemask.tensor.HostTensor;
import io.github.facemask.tensor.MemoryLayout;
import io.github.facemask.tensor.Precision;
import java.util.Map;

/** Writes a network as an inference program. */
public final class InferenceProgram {

  private InferenceProgram() {}

  /**
   * Writes the program. {@code forward} returns logits, {@code classify} probabilities, {@code
   * features} the head's input and {@code feature_map} the features before pooling.
   *
   * @param network the network
   * @param weights all tensors of the network by name
   * @param precision the precision to compute in
   * @return the program
   */
  public static ScriptModule write(
      Network network, Map<String, HostTensor> weights, Precision precision) {
    ScriptModule.Builder module = ScriptModule.builder();
    NetworkMethods methods =
        new NetworkMethods(network, precision, MemoryLayout.CHANNELS_LAST, ImmutableSet.of());
    methods.addTensors(module, weights);
    methods.addForwardAndFeatures(module);
    return module.build();
  }

  /**
   * Adds {@code classify(photos)}, the softmax of {@code forward(photos)}; the expected age of a
   * network that answers years stays as it is, in the last column.
   *
   * @param module the program under construction
   * @param classes the number of classes
   * @param years whether it answers the age in years, too
   */
  public static void addClassify(ScriptModule.Builder module, int classes, boolean years) {
    String forward = ProgramMethod.FORWARD.invocation("photos");
    module.method(
        ProgramMethod.CLASSIFY.signature("photos: Tensor", "Tensor")
            + (years
                ? "  answers = "
                    + forward
                    + "\n  classes = torch.softmax(torch.slice(answers, 1, 0, "
                    + classes
                    + "), 1)\n  return torch.cat([classes, torch.slice(answers, 1, "
                    + classes
                    + ")], 1)\n"
                : "  return torch.softmax(" + forward + ", 1)\n"));
  }
}
