package io.github.facemask.internal.program;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.google.common.collect.ImmutableList;
import io.github.facemask.internal.torchscript.Program;
import io.github.facemask.internal.torchscript.ProgramMethod;
import io.github.facemask.internal.torchscript.ScriptModule;
import io.github.facemask.optimizer.FusedOptimizer;
import io.github.facemask.schedule.Schedule;
import io.github.facemask.tensor.HostTensor;
import io.github.facemask.tensor.MemoryLayout;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The little network on fixed numbers by which PyTorch's optimizers were recorded. */
final class TwoLayerNet implements AutoCloseable {

  private final Program program;
  private final double momentum;

  TwoLayerNet(FusedOptimizer optimizer, double normLimit) throws IOException {
    momentum = optimizer.momentum();
    ScriptModule.Builder module = ScriptModule.builder();
    parameter(module, "w1", waves(20, 0.3f, 0, true, 0.5f), 4, 5);
    parameter(module, "b1", new float[4], 4);
    parameter(module, "w2", waves(12, 0.5f, 0, false, 0.5f), 3, 4);
    parameter(module, "b2", new float[3], 3);
    module.method(
        ProgramMethod.TRAIN_STEP.signature("x: Tensor, y: Tensor", "Tensor")
            + """
                torch.set_grad_enabled(True)
                hidden = torch.tanh(torch.linear(x, self.w1, self.b1))
                logits = torch.linear(hidden, self.w2, self.b2)
                loss = torch.cross_entropy_loss(logits, torch.softmax(y, 1), None, 1, -100, 0.0)
                done = (self).optimizer_backward(loss, torch.ones_like(loss), )
                return torch.detach(loss)
              """);
    OptimizerMethods.addTo(
        module,
        optimizer,
        List.of(
            new ParameterGroup(ImmutableList.of("w1", "b1"), true, 1),
            new ParameterGroup(ImmutableList.of("w2", "b2"), true, 1)),
        normLimit);
    program = Program.load(module.build(), Device.cpu());
  }

  /** Trains for six steps and returns the losses before each. */
  List<Double> losses(double base, Schedule schedule) {
    List<Double> losses = new ArrayList<>();
    try (NDManager manager = program.manager().newSubManager()) {
      NDArray x = manager.create(waves(40, 0.7f, 0, false, 1), new Shape(8, 5));
      NDArray y = manager.create(waves(24, 0.9f, 1, true, 2), new Shape(8, 3));
      program.callTraining(ProgramMethod.OPTIMIZER_INIT, x);
      for (int step = 0; step < 6; step++) {
        losses.add(
            (double)
                program.callTraining(ProgramMethod.TRAIN_STEP, x, y).singletonOrThrow().getFloat());
        step(manager, base, schedule, step);
      }
    }
    return losses;
  }

  private void step(NDManager manager, double base, Schedule schedule, int step) {
    program.call(
        ProgramMethod.OPTIMIZER_STEP,
        manager.create((float) schedule.rate(base, step, 6)),
        manager.create(schedule.momentum(momentum, step, 6)));
  }

  /** Trains six steps, in the middle of which the state goes through a copy and back. */
  List<Double> lossesWithRestore(double base, Schedule schedule) {
    List<Double> losses = new ArrayList<>();
    try (NDManager manager = program.manager().newSubManager()) {
      NDArray x = manager.create(waves(40, 0.7f, 0, false, 1), new Shape(8, 5));
      NDArray y = manager.create(waves(24, 0.9f, 1, true, 2), new Shape(8, 3));
      program.callTraining(ProgramMethod.OPTIMIZER_INIT, x);
      for (int step = 0; step < 6; step++) {
        losses.add(
            (double)
                program.callTraining(ProgramMethod.TRAIN_STEP, x, y).singletonOrThrow().getFloat());
        step(manager, base, schedule, step);
        if (step == 2) {
          NDList copy = new NDList();
          for (NDArray state : program.call(ProgramMethod.OPTIMIZER_STATE, x)) {
            copy.add(state.duplicate());
          }
          program.callTraining(ProgramMethod.OPTIMIZER_INIT, x);
          copy.forEach(state -> state.setName("all[]"));
          program.call(ProgramMethod.OPTIMIZER_RESTORE, copy.toArray(new NDArray[0]));
        }
      }
    }
    return losses;
  }

  private static void parameter(
      ScriptModule.Builder module, String name, float[] values, long... sizes) {
    module.parameter(name, HostTensor.ofFloats(new Shape(sizes), values), MemoryLayout.CONTIGUOUS);
  }

  private static float[] waves(int n, float step, float start, boolean cosine, float scale) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      float angle = i * step + start;
      values[i] = (float) (cosine ? Math.cos(angle) : Math.sin(angle)) * scale;
    }
    return values;
  }

  @Override
  public void close() {
    program.close();
  }
}
