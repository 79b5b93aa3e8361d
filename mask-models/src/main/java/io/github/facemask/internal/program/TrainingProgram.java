package io.github.facemask.internal.program;

import static io.github.facemask.internal.torchscript.ScriptModule.reference;

import ai.djl.ndarray.types.DataType;
import com.google.common.collect.ImmutableList;
import io.github.facemask.internal.torchscript.ProgramMethod;
import io.github.facemask.internal.torchscript.ScalarType;
import io.github.facemask.internal.torchscript.ScriptModule;
import io.github.facemask.label.AgeGroup;
import io.github.facemask.label.FaceClass;
import io.github.facemask.label.FaceLabel;
import io.github.facemask.loss.SoftTargetLoss;
import io.github.facemask.loss.TrainingLoss;
import io.github.facemask.network.Heads;
import io.github.facemask.network.Network;
import io.github.facemask.network.TensorSpec;
import io.github.facemask.tensor.HostTensor;
import io.github.facemask.tensor.MemoryLayout;
import io.github.facemask.training.TrainableNetwork.TrainingConfig;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Writes a network as a training program. {@code forward} takes uint8 (B, H, W, 3) or normalised
 * float32 (B, 3, H, W) and returns float32 logits. The other methods:
 *
 * <ul>
 *   <li>{@code train_step(photos, targets, scale)}: forward, loss and backward in one call; returns
 *       loss, logits and the number of correct photos. For a loss outside of the program {@code
 *       train_forward(photos)} takes its place: it returns logits, which go to {@code
 *       optimizer_backward} with their gradient
 *   <li>{@code correct(logits, targets)}: the number of photos for which the largest logit and the
 *       largest target are of the same class
 *   <li>for photos with unknown attributes, {@code label_log_p(logits)}, and for several heads
 *       {@code heads(photos)}: see {@link LabelMethods}; targets are then over the labels
 *   <li>{@code classify(photos)}: probabilities
 *   <li>{@code state(any)} and {@code restore(list)}: all tensors in timm's order
 *   <li>the methods of {@link OptimizerMethods}, and with an average those of {@link
 *       AverageMethods}
 *   <li>{@code outputs_of(photos)}: the outputs of chosen layers, for comparison with references
 * </ul>
 *
 * <p>With dropout or stochastic depth, {@code train_step} and {@code train_forward} have one more
 * input: the factors of {@link DropMasks#draw}.
 *
 * <p>In channels-last, the uint8 photos already have the layout of the features.
 */
public final class TrainingProgram {

  private TrainingProgram() {}

  /**
   * Writes the program that trains all tensors and drops nothing.
   *
   * @param network the network
   * @param weights all tensors of the network by name
   * @param setup the training setup
   * @return the program
   */
  public static ScriptModule write(
      Network network, Map<String, HostTensor> weights, TrainingConfig setup) {
    return write(
        network,
        weights,
        setup,
        TrainingPlan.all(network),
        setup.loss(),
        DropMasks.NONE,
        List.of());
  }

  /**
   * Writes the program.
   *
   * @param network the network
   * @param weights all tensors of the network by name
   * @param setup the training setup
   * @param plan the tensors to train
   * @param loss the loss of the epoch
   * @param masks what is dropped in training
   * @param observed paths of layers whose outputs {@code outputs_of} returns; may be empty
   * @return the program
   */
  static ScriptModule write(
      Network network,
      Map<String, HostTensor> weights,
      TrainingConfig setup,
      TrainingPlan plan,
      TrainingLoss loss,
      DropMasks masks,
      List<String> observed) {
    ScriptModule.Builder module = ScriptModule.builder();
    ImmutableList<TensorSpec> tensors = network.tensors();
    NetworkMethods methods =
        new NetworkMethods(network, setup.precision(), setup.layout(), plan.frozen());
    methods.addTensors(module, weights);
    methods.addForward(module);
    methods.addOutputs(module, observed);
    OptimizerMethods.addTo(module, setup.optimizer(), plan.groups(), setup.gradientNormLimit());
    if (setup.partialLabels()) {
      module.method(LabelMethods.correct(network.heads()));
      module.method(LabelMethods.labelLogP(network.heads(), network.attributes()));
      if (network.heads() != Heads.CLASSES && masks.isEmpty()) {
        methods.addHeads(module);
      }
    } else {
      module.method(correct());
    }
    boolean ofHeads = setup.partialLabels() && network.heads() != Heads.CLASSES;
    if (!masks.isEmpty()) {
      methods.addDropped(module, ofHeads ? network.withoutJointLogits() : network, masks);
    }
    module.method(trainStep(setup, loss, network, forward(ofHeads, masks), inputs(masks)));
    addState(module, tensors);
    if (setup.averageDecay() > 0) {
      AverageMethods.addTo(module, averaged(tensors, plan), setup.averageDecay());
    }
    return module.build();
  }

  private static String correct() {
    return ProgramMethod.CORRECT.signature("logits: Tensor, targets: Tensor", "Tensor")
        + """
            same = torch.eq(torch.argmax(logits, 1), torch.argmax(targets, 1))
            return torch.sum(same, dtype=%d)
          """
            .formatted(ScalarType.FLOAT32.code());
  }

  /** Returns the expression of the outputs that the loss gets. */
  private static String forward(boolean ofHeads, DropMasks masks) {
    if (!masks.isEmpty()) {
      return ProgramMethod.FORWARD_DROPPED.invocation("photos", ForwardWriter.MASKS);
    }
    return (ofHeads ? ProgramMethod.HEADS : ProgramMethod.FORWARD).invocation("photos");
  }

  private static String inputs(DropMasks masks) {
    return masks.isEmpty() ? "" : ", " + ForwardWriter.MASKS + ": Tensor";
  }

  private static String trainStep(
      TrainingConfig setup, TrainingLoss loss, Network network, String forward, String inputs) {
    if (!(loss instanceof SoftTargetLoss compiled)) {
      return ProgramMethod.TRAIN_FORWARD.signature("photos: Tensor" + inputs, "Tensor")
          + """
              torch.set_grad_enabled(True)
              return %s
            """
              .formatted(forward);
    }
    if (setup.partialLabels()) {
      return partialTrainStep(compiled, network, forward, inputs);
    }
    return ProgramMethod.TRAIN_STEP.signature(
            "photos: Tensor, targets: Tensor, scale: Tensor" + inputs,
            "Tuple[Tensor, Tensor, Tensor]")
        + """
            torch.set_grad_enabled(True)
            logits = %s
            loss = %s
            _done = %s
            answer = torch.detach(logits)
            return (torch.detach(loss), answer, %s)
          """
            .formatted(
                forward,
                compiled.expression("logits", "targets"),
                ProgramMethod.OPTIMIZER_BACKWARD.invocation("loss", "scale"),
                ProgramMethod.CORRECT.invocation("answer", "targets"));
  }

  /** The logits of the heads themselves make the loss, so that each head learns alone. */
  private static String partialTrainStep(
      SoftTargetLoss loss, Network network, String forward, String inputs) {
    boolean several = network.heads() != Heads.CLASSES;
    int columns =
        network.heads() == Heads.YEARS ? FaceLabel.COUNT + AgeGroup.YEARS : FaceLabel.COUNT;
    boolean joint = !several && network.classes() == FaceClass.COUNT;
    // The first columns are the classes: their log-probabilities serve as logits.
    String answer = joint ? "logits" : "torch.slice(log_p, 1, 0, " + FaceClass.COUNT + ")";
    return ProgramMethod.TRAIN_STEP.signature(
            "photos: Tensor, targets: Tensor, scale: Tensor" + inputs,
            "Tuple[Tensor, Tensor, Tensor]")
        + """
            torch.set_grad_enabled(True)
            logits = %s
            log_p = %s
            loss = %s
            _done = %s
            answer = torch.detach(%s)
            return (torch.detach(loss), answer, %s)
          """
            .formatted(
                forward,
                ProgramMethod.LABEL_LOG_P.invocation("logits"),
                loss.labelExpression("log_p", "targets", columns),
                ProgramMethod.OPTIMIZER_BACKWARD.invocation("loss", "scale"),
                answer,
                ProgramMethod.CORRECT.invocation("answer", "targets"));
  }

  /** Returns the floating-point tensors that a step may change. */
  static List<String> averaged(List<TensorSpec> tensors, TrainingPlan plan) {
    return tensors.stream()
        .filter(t -> t.type() == DataType.FLOAT32 && !plan.frozen().contains(t.name()))
        .map(TensorSpec::name)
        .toList();
  }

  private static void addState(ScriptModule.Builder module, List<TensorSpec> tensors) {
    String contiguous = ", memory_format=" + MemoryLayout.CONTIGUOUS.code() + ")";
    String all =
        tensors.stream()
            .map(t -> "torch.clone(" + reference(t.name()) + contiguous)
            .collect(Collectors.joining(", "));
    module.method(
        ProgramMethod.STATE.signature("any: Tensor", "List[Tensor]") + "  return [" + all + "]\n");
    StringBuilder restore =
        new StringBuilder(ProgramMethod.RESTORE.signature("all: List[Tensor]", "Tensor"));
    for (int i = 0; i < tensors.size(); i++) {
      restore.append("  _c").append(i).append(" = torch.copy_(");
      restore.append(reference(tensors.get(i).name())).append(", all[").append(i).append("])\n");
    }
    module.method(restore.append("  return all[0]\n").toString());
  }
}
