package io.github.facemask.loss;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.training.loss.Loss;
import io.github.facemask.internal.torchscript.Program;
import io.github.facemask.internal.torchscript.ProgramMethod;
import io.github.facemask.internal.torchscript.ScriptModule;
import java.io.IOException;

/**
 * A loss of float32 logits (B, C) against targets (B, C), each row a distribution over the classes,
 * so that it also works with CutMix and label smoothing. Where attributes of photos are unknown,
 * the targets are distributions over the 48 {@link io.github.facemask.label.FaceLabel}s, and the
 * loss is one of the labels' probabilities: the sum over the classes that agree with what is known.
 * The loss is TorchScript source that is compiled into the training program, so forward, loss and
 * backward are one call of the engine.
 */
public sealed interface SoftTargetLoss extends TrainingLoss
    permits CrossEntropy,
        CrossEntropy.LogitAdjusted,
        CrossEntropy.BalancedSoftmax,
        FocalLoss,
        SoftMacroF1,
        WeightedSum {

  /**
   * Returns the loss as a TorchScript expression of a float32 scalar.
   *
   * @param logits the variable that holds the logits
   * @param targets the variable that holds the targets
   * @return source without side effects
   */
  String expression(String logits, String targets);

  /**
   * Returns the loss for photos with unknown attributes as a TorchScript expression of a float32
   * scalar. A photo about which nothing is known adds nothing. Where all attributes are known, the
   * value is that of {@link #expression}.
   *
   * @param logP the variable that holds the logarithms of the probabilities (B, columns)
   * @param targets the variable that holds the targets (B, columns)
   * @param columns 48 for the labels, or 149 for the labels and the ages of 0 to 100 years; a photo
   *     with a known age in years has a label without age and a distribution over the years
   * @return source without side effects
   */
  String labelExpression(String logP, String targets, int columns);

  /**
   * A {@link SoftTargetLoss} as a DJL {@link Loss}, for DJL's own trainers: the first label is the
   * targets (B, C) float32, the first prediction the logits (B, C) float32. Holds a small program
   * in the engine until it is closed. For the threads of one trainer.
   */
  final class CompiledLoss extends Loss implements AutoCloseable {

    private final Program program;

    private CompiledLoss(String name, Program program) {
      super(name);
      this.program = program;
    }

    /**
     * Compiles a loss.
     *
     * @param loss the loss
     * @return the DJL loss, which the caller closes
     * @throws IOException if the engine cannot load it
     */
    public static CompiledLoss of(SoftTargetLoss loss) throws IOException {
      ScriptModule module =
          ScriptModule.builder()
              .method(
                  ProgramMethod.FORWARD.signature("logits: Tensor, targets: Tensor", "Tensor")
                      + "  return "
                      + loss.expression("logits", "targets")
                      + "\n")
              .build();
      return new CompiledLoss(
          loss.parameters().get("name").toString(), Program.load(module, Device.cpu()));
    }

    /**
     * Returns the loss, with gradients.
     *
     * @param labels the targets, first
     * @param predictions the logits, first
     * @return a scalar, owned by the manager of the logits
     */
    @Override
    public NDArray evaluate(NDList labels, NDList predictions) {
      return program
          .callTraining(ProgramMethod.FORWARD, predictions.get(0), labels.get(0))
          .singletonOrThrow();
    }

    @Override
    public void close() {
      program.close();
    }
  }
}
