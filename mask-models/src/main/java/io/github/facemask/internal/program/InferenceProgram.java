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
   * Adds {@code classify(photos)}, the softmax of {@code forward(photos)}.
   *
   * @param module the program under construction
   */
  public static void addClassify(ScriptModule.Builder module) {
    module.method(
        ProgramMethod.CLASSIFY.signature("photos: Tensor", "Tensor")
            + "  return torch.softmax("
            + ProgramMethod.FORWARD.invocation("photos")
            + ", 1)\n");
  }
}
