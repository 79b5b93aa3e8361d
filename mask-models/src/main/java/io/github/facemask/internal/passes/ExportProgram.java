package io.github.facemask.internal.passes;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import io.github.facemask.internal.program.InferenceProgram;
import io.github.facemask.internal.program.PhotoInput;
import io.github.facemask.internal.program.Statements;
import io.github.facemask.internal.torchscript.ProgramMethod;
import io.github.facemask.internal.torchscript.ScriptModule;
import io.github.facemask.model.Target;
import io.github.facemask.network.Network;
import io.github.facemask.preprocessing.Preprocessing;
import io.github.facemask.tensor.HostTensor;
import io.github.facemask.tensor.MemoryLayout;
import io.github.facemask.tensor.Precision;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A network with its weights as an inference program. {@code forward(photos)} returns the logits
 * and {@code classify(photos)} the probabilities of uint8 (B, H, W, 3) or normalised float32 (B, 3,
 * H, W) with any B. {@code prepare(any)} packs the weights for oneDNN and frees the originals. The
 * first inference does this if needed, so call {@code prepare} before threads share the program.
 * Immutable.
 *
 * @param module the program
 * @param explanation one line for each pass
 */
public record ExportProgram(ScriptModule module, ImmutableList<String> explanation) {

  /**
   * Returns the passes for a network, in the order in which they are applied.
   *
   * @param network the network
   */
  public static ImmutableList<Pass> passes(Network network) {
    Preprocessing preprocessing = network.preprocessing();
    ImmutableList.Builder<Pass> passes = ImmutableList.builder();
    passes.add(new FoldBatchNorm(), new StandardizeKernels(), new FuseActivations());
    // oneDNN cannot fuse a sum into a convolution whose output is one pixel. Every backbone halves
    // its input five times, so 32 pixels become one.
    if (Math.min(preprocessing.height(), preprocessing.width()) > 32) {
      passes.add(new FuseSums());
    }
    passes.add(new FoldSamePadding(), new FoldWindowBias(), new FoldAttentionScale());
    return passes.build();
  }

  /**
   * Writes a program.
   *
   * @param network the network
   * @param weights all its tensors by name
   * @param precision the precision to compute in
   * @param target the target to run on
   * @return the program
   */
  public static ExportProgram write(
      Network network, Map<String, HostTensor> weights, Precision precision, Target target) {
    List<String> explanation = new ArrayList<>();
    Plan plan = plan(network, weights, explanation);
    Statements statements = new Statements(precision, true);
    PackedWeights packed = new PackedWeights();
    Kernels kernels = new FloatKernels(statements, target, packed);
    String input =
        PhotoInput.statements(network.preprocessing(), precision, MemoryLayout.CHANNELS_LAST);
    Value logits =
        new PlanWriter(statements, kernels)
            .write(plan.steps(), Value.ofFloats(PhotoInput.FEATURES));
    ScriptModule.Builder module = ScriptModule.builder();
    addWeights(module, plan, network.headNames(), precision);
    String body = input + statements.code() + "  return " + logits.variable();
    return build(network, module, packed, body, explanation);
  }

  /**
   * Writes several networks and their vote as one program. {@code forward} returns the logarithms
   * of their common probabilities.
   *
   * @param group the networks and how they vote
   * @param precision the precision to compute in, FLOAT32 or BFLOAT16
   * @param target the target to run on
   * @return the program
   */
  public static ExportProgram write(NetworkGroup group, Precision precision, Target target) {
    if (group.isSingle()) {
      NetworkGroup.Part part = group.parts().get(0);
      return write(part.network(), part.weights(), precision, target);
    }
    return GroupProgram.write(group, precision, target);
  }

  /**
   * Writes a program for {@link Target#CPU} in which every supported layer is quantized to int8.
   *
   * @param network the network
   * @param weights all its tensors by name
   * @param calibration the result of a {@link Calibrator} for the same network and weights
   * @return the program
   * @throws IllegalArgumentException if the network has no layer that can be quantized
   */
  public static ExportProgram write(
      Network network, Map<String, HostTensor> weights, Calibration calibration) {
    List<String> explanation = new ArrayList<>();
    Plan floats = plan(network, weights, explanation);
    QuantizedLayers layers = quantizedLayers(network, floats);
    QuantizeWeights pass = new QuantizeWeights(layers, network.preprocessing());
    Plan plan = pass.apply(floats);
    explanation.add(pass.description());
    explanation.add(
        String.format(
            Locale.ROOT,
            "%d convolutions and %d linear maps in int8, calibrated on %d photos",
            layers.convolutions().size(),
            layers.linears().size(),
            calibration.photos()));
    boolean ofPhotos = !layers.convolutions().isEmpty();
    Precision rest = ofPhotos ? Precision.FLOAT32 : Precision.BFLOAT16;
    Statements statements = new Statements(rest, true);
    PackedWeights packed = new PackedWeights();
    Preprocessing preprocessing = network.preprocessing();
    String input =
        ofPhotos
            ? PhotoInput.uint8(preprocessing)
            : PhotoInput.statements(preprocessing, rest, MemoryLayout.CHANNELS_LAST);
    Value photos =
        ofPhotos
            ? Value.quantized(PhotoInput.FEATURES, QuantizeWeights.photoParameters(preprocessing))
            : Value.ofFloats(PhotoInput.FEATURES);
    Value logits =
        new PlanWriter(statements, new Int8Kernels(statements, packed, layers, calibration))
            .write(plan.steps(), photos);
    ScriptModule.Builder module = ScriptModule.builder();
    Set<String> kept = new HashSet<>(network.headNames());
    layers.linears().forEach(path -> kept.add(path + ".bias"));
    layers.linears().forEach(path -> kept.add(QuantizeWeights.scales(path)));
    addWeights(module, plan, kept, rest);
    String body = input + statements.code() + "  return " + logits.variable();
    return build(network, module, packed, body, explanation);
  }

  private static ExportProgram build(
      Network network,
      ScriptModule.Builder module,
      PackedWeights packed,
      String body,
      List<String> explanation) {
    PackedWeights.attributes().forEach(module::tensorList);
    module.method(packed.method());
    module.method(
        ProgramMethod.FORWARD.signature("photos: Tensor", "Tensor")
            + packed.choice()
            + body
            + "\n");
    InferenceProgram.addClassify(module, network.classes(), network.answersYears());
    explanation.add(packed.size() + " weights packed for oneDNN");
    return new ExportProgram(module.build(), ImmutableList.copyOf(explanation));
  }

  /** Applies all passes, and adds an explanation for each that changes the plan. */
  static Plan plan(Network network, Map<String, HostTensor> weights, List<String> explanation) {
    Plan plan = Plan.of(network, weights);
    explanation.add(network.architecture() + ": " + OperationCount.of(plan) + " operations");
    for (Pass pass : passes(network)) {
      Plan next = pass.apply(plan);
      if (!next.equals(plan)) {
        explanation.add(
            String.format(
                Locale.ROOT, "%s: %d operations", pass.description(), OperationCount.of(next)));
      }
      plan = next;
    }
    return plan;
  }

  /** Returns the layers of a plan that are quantized, at least one. */
  static QuantizedLayers quantizedLayers(Network network, Plan plan) {
    QuantizedLayers layers = QuantizedLayers.of(plan);
    checkArgument(
        !layers.isEmpty(),
        "INT8 is for ResNets of photos above 32 pixels and for linear maps of transformers, %s of"
            + " %s x %s pixels has neither; expected FLOAT32 or BFLOAT16",
        network.architecture(),
        network.preprocessing().height(),
        network.preprocessing().width());
    return layers;
  }

  /** Adds a plan's tensors in a precision, except those that keep their type. */
  static void addWeights(
      ScriptModule.Builder module, Plan plan, Set<String> kept, Precision precision) {
    plan.weights()
        .forEach(
            (name, tensor) -> {
              MemoryLayout layout =
                  tensor.shape().dimension() == 4 && !name.endsWith("window_bias")
                      ? MemoryLayout.CHANNELS_LAST
                      : MemoryLayout.CONTIGUOUS;
              boolean rounds = precision == Precision.BFLOAT16 && !kept.contains(name);
              module.buffer(name, rounds ? Rounding.toBfloat16(tensor) : tensor, layout);
            });
  }
}
