package io.github.facemask.internal.passes;

import static com.google.common.base.Preconditions.checkState;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.google.common.collect.ImmutableMap;
import io.github.facemask.internal.program.PhotoInput;
import io.github.facemask.internal.program.Statements;
import io.github.facemask.internal.torchscript.Program;
import io.github.facemask.internal.torchscript.ProgramMethod;
import io.github.facemask.internal.torchscript.ScriptModule;
import io.github.facemask.model.Target;
import io.github.facemask.network.Network;
import io.github.facemask.tensor.HostTensor;
import io.github.facemask.tensor.MemoryLayout;
import io.github.facemask.tensor.Precision;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Observes the activations of a network on photos, in float32. For each tensor that {@link
 * Precision#INT8} quantizes, it finds the quantization parameters with the lowest mean square
 * error. Some dozens of representative photos are enough. Not thread-safe. Closing frees the
 * network.
 */
public final class Calibrator implements AutoCloseable {

  private final Program program;
  private final List<String> paths;
  private final List<Histogram> histograms = new ArrayList<>();
  private int photos;

  private Calibrator(Program program, List<String> paths) {
    this.program = program;
    this.paths = paths;
    paths.forEach(path -> histograms.add(new Histogram()));
  }

  /**
   * Loads a network on the CPU.
   *
   * @param network the network
   * @param weights all its tensors by name
   * @return the calibrator, which the caller closes
   * @throws IOException if the engine cannot load it
   * @throws IllegalArgumentException if the network has no layer that can be quantized
   */
  public static Calibrator of(Network network, Map<String, HostTensor> weights) throws IOException {
    Plan plan = ExportProgram.plan(network, weights, new ArrayList<>());
    QuantizedLayers layers = ExportProgram.quantizedLayers(network, plan);
    Statements statements = new Statements(Precision.FLOAT32, true);
    ObservingKernels kernels =
        new ObservingKernels(
            new FloatKernels(statements, Target.PORTABLE, new PackedWeights()), layers);
    new PlanWriter(statements, kernels).write(plan.steps(), Value.ofFloats(PhotoInput.FEATURES));
    String body =
        PhotoInput.statements(
                network.preprocessing(), Precision.FLOAT32, MemoryLayout.CHANNELS_LAST)
            + statements.code();
    ScriptModule.Builder module = ScriptModule.builder();
    ExportProgram.addWeights(module, plan, Set.of(), Precision.FLOAT32);
    module.method(ranges(body, kernels.variables().values()));
    module.method(histograms(body, kernels.variables().values()));
    return new Calibrator(
        Program.load(module.build(), Device.cpu()), List.copyOf(kernels.variables().keySet()));
  }

  private static String ranges(String body, Iterable<String> variables) {
    StringBuilder code = new StringBuilder();
    code.append(ProgramMethod.RANGES.signature("photos: Tensor", "Tensor")).append(body);
    return stack(
        code, variables, "torch.stack([torch.amin(%1$s), torch.amax(%1$s)])", new StringBuilder());
  }

  private static String histograms(String body, Iterable<String> variables) {
    StringBuilder code = new StringBuilder();
    code.append(
        ProgramMethod.HISTOGRAMS.signature("photos: Tensor, low: Tensor, span: Tensor", "Tensor"));
    code.append(body);
    String share =
        "torch.div(torch.sub(%1$s, torch.select(low, 0, %2$d)), torch.select(span, 0, %2$d))";
    return stack(
        code,
        variables,
        "torch.histc(" + share + ", " + Histogram.BINS + ", 0, 1)",
        new StringBuilder());
  }

  private static String stack(
      StringBuilder code, Iterable<String> variables, String format, StringBuilder list) {
    int row = 0;
    for (String variable : variables) {
      code.append("  row").append(row).append(" = ");
      code.append(format.formatted(variable, row)).append('\n');
      list.append(row == 0 ? "" : ", ").append("row").append(row);
      row++;
    }
    return code.append("  return torch.stack([").append(list).append("])\n").toString();
  }

  /** Returns the manager for the photos; owned by this. */
  public NDManager manager() {
    return program.manager();
  }

  /**
   * Observes a batch of photos.
   *
   * @param batch uint8 (B, H, W, 3), RGB, of the network's input size; the caller keeps it
   */
  public void observe(NDArray batch) {
    try (NDManager scope = batch.getManager().newSubManager()) {
      NDArray photosHere = batch.duplicate();
      photosHere.attach(scope);
      float[] ends =
          program.call(ProgramMethod.RANGES, photosHere).singletonOrThrow().toFloatArray();
      float[] low = new float[paths.size()];
      float[] span = new float[paths.size()];
      for (int i = 0; i < low.length; i++) {
        histograms.get(i).widen(ends[2 * i], ends[2 * i + 1]);
        low[i] = (float) histograms.get(i).low();
        span[i] = (float) histograms.get(i).span();
      }
      float[] counts =
          program
              .call(ProgramMethod.HISTOGRAMS, photosHere, scope.create(low), scope.create(span))
              .singletonOrThrow()
              .toFloatArray();
      for (int i = 0; i < low.length; i++) {
        histograms.get(i).add(counts, i * Histogram.BINS);
      }
    }
    photos += Math.toIntExact(batch.getShape().get(0));
  }

  /**
   * Returns the quantization parameters for the observed photos.
   *
   * @return the parameters of each quantized layer
   * @throws IllegalStateException if no photo was observed
   */
  public Calibration calibration() {
    checkState(photos > 0, "no photos were looked at, expected some calls of observe before");
    ImmutableMap.Builder<String, QuantizationParameters> parameters = ImmutableMap.builder();
    for (int i = 0; i < paths.size(); i++) {
      parameters.put(paths.get(i), histograms.get(i).best());
    }
    return new Calibration(parameters.buildOrThrow(), photos);
  }

  @Override
  public void close() {
    program.close();
  }
}
