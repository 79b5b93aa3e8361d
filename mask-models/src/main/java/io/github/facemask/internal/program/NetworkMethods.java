package io.github.facemask.internal.program;

import ai.djl.ndarray.types.DataType;
import com.google.common.collect.ImmutableSet;
import io.github.facemask.internal.torchscript.ProgramMethod;
import io.github.facemask.internal.torchscript.ScalarType;
import io.github.facemask.internal.torchscript.ScriptModule;
import io.github.facemask.network.Network;
import io.github.facemask.network.TensorSpec;
import io.github.facemask.tensor.HostTensor;
import io.github.facemask.tensor.MemoryLayout;
import io.github.facemask.tensor.Precision;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The tensors and methods common to all programs of a network. */
record NetworkMethods(
    Network network, Precision precision, MemoryLayout layout, ImmutableSet<String> frozen) {

  /**
   * Adds all tensors of the network, checked against the description, and the constants of windows.
   */
  void addTensors(ScriptModule.Builder module, Map<String, HostTensor> weights) {
    for (TensorSpec spec : network.tensors()) {
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
      if (!spec.role().isTrainable()) {
        module.buffer(spec.name(), tensor);
        continue;
      }
      MemoryLayout order = spec.shape().dimension() == 4 ? layout : MemoryLayout.CONTIGUOUS;
      HostTensor floats =
          tensor.type() == DataType.FLOAT32
              ? tensor
              : HostTensor.ofFloats(spec.shape(), tensor.toFloats());
      if (frozen.contains(spec.name())) {
        module.buffer(spec.name(), floats, order);
      } else {
        module.parameter(spec.name(), floats, order);
      }
    }
    WindowConstants.of(network).forEach(module::buffer);
  }

  /** Adds {@code forward(photos)} for logits and {@code classify(photos)} for probabilities. */
  void addForward(ScriptModule.Builder module) {
    ForwardWriter forward = new ForwardWriter(precision, layout, frozen);
    String logits = forward.write(network, PhotoInput.FEATURES);
    module.method(method(ProgramMethod.FORWARD, "Tensor", forward, logits));
    InferenceProgram.addClassify(module, network.classes(), network.answersYears());
  }

  /**
   * Adds {@code forward_dropped(photos, masks)}, as {@code forward} or {@code heads} with dropout
   * and stochastic depth.
   */
  void addDropped(ScriptModule.Builder module, Network dropped, DropMasks masks) {
    ForwardWriter forward = new ForwardWriter(precision, layout, frozen, masks);
    String logits = forward.write(dropped, PhotoInput.FEATURES);
    module.method(
        ProgramMethod.FORWARD_DROPPED.signature(
                "photos: Tensor, " + ForwardWriter.MASKS + ": Tensor", "Tensor")
            + body(forward, logits));
  }

  /** Adds {@code heads(photos)} for the concatenated logits of several heads. */
  void addHeads(ScriptModule.Builder module) {
    ForwardWriter forward = new ForwardWriter(precision, layout, frozen);
    String logits = forward.write(network.withoutJointLogits(), PhotoInput.FEATURES);
    module.method(method(ProgramMethod.HEADS, "Tensor", forward, logits));
  }

  /**
   * Adds {@code forward_all(photos)}, which returns logits, pooled features and feature map, and
   * the methods that return one of them: {@code forward(photos)} and {@code classify(photos)},
   * {@code features(photos)} (B, F) and {@code feature_map(photos)} (B, F, H, W), in float32.
   */
  void addForwardAndFeatures(ScriptModule.Builder module) {
    ForwardWriter forward = new ForwardWriter(precision, layout, frozen);
    String logits = forward.write(network, PhotoInput.FEATURES);
    String all = "(" + logits + ", " + forward.pooled() + ", " + forward.featureMap() + ")";
    module.method(method(ProgramMethod.FORWARD_ALL, "Tuple[Tensor, Tensor, Tensor]", forward, all));
    module.method(part(ProgramMethod.FORWARD, "all[0]"));
    module.method(part(ProgramMethod.FEATURES, floats("all[1]")));
    module.method(part(ProgramMethod.FEATURE_MAP, floats("all[2]")));
    InferenceProgram.addClassify(module, network.classes(), network.answersYears());
  }

  private String method(ProgramMethod name, String type, ForwardWriter forward, String result) {
    return name.signature("photos: Tensor", type) + body(forward, result);
  }

  private String body(ForwardWriter forward, String result) {
    return PhotoInput.statements(network.preprocessing(), precision, layout)
        + forward.code()
        + "  return "
        + result
        + "\n";
  }

  private static String part(ProgramMethod name, String result) {
    return name.signature("photos: Tensor", "Tensor")
        + "  all = "
        + ProgramMethod.FORWARD_ALL.invocation("photos")
        + "\n  return "
        + result
        + "\n";
  }

  private static String floats(String expression) {
    return "torch.contiguous(" + ScalarType.FLOAT32.cast(expression) + ")";
  }

  /**
   * Adds {@code outputs_of(photos)}, which returns a copy of each observed layer's output. Adds
   * nothing if no layer is observed.
   */
  void addOutputs(ScriptModule.Builder module, List<String> observed) {
    if (observed.isEmpty()) {
      return;
    }
    ForwardWriter forward = new ForwardWriter(precision, layout, frozen);
    forward.copyOutputsOf(observed);
    forward.write(network, PhotoInput.FEATURES);
    String chosen =
        observed.stream().map(path -> output(forward, path)).collect(Collectors.joining(", "));
    module.method(method(ProgramMethod.OUTPUTS_OF, "List[Tensor]", forward, "[" + chosen + "]"));
  }

  private static String output(ForwardWriter forward, String path) {
    String variable = forward.outputs().get(path);
    if (variable == null) {
      throw new IllegalArgumentException(
          "no layer '" + path + "', expected one of " + forward.outputs().keySet());
    }
    return variable;
  }
}
