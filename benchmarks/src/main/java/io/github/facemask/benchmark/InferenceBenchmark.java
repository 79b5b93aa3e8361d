package io.github.facemask.benchmark;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.facemask.backbone.Backbones;
import io.github.facemask.internal.passes.Calibration;
import io.github.facemask.internal.passes.Calibrator;
import io.github.facemask.internal.passes.ExportProgram;
import io.github.facemask.internal.program.Initialization;
import io.github.facemask.internal.torchscript.Program;
import io.github.facemask.internal.torchscript.ProgramMethod;
import io.github.facemask.model.Target;
import io.github.facemask.network.Network;
import io.github.facemask.tensor.HostTensor;
import io.github.facemask.tensor.Precision;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long does a deployed program take, from uint8 photos to probabilities? One operation is one
 * batch.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 3)
@Measurement(iterations = 5, time = 3)
public class InferenceBenchmark {

  /** Backbone by timm's name. */
  @Param("resnet18")
  public String backbone;

  /** Side of the photos in pixels. */
  @Param("224")
  public int size;

  /** Photos in the batch. */
  @Param("32")
  public int batch;

  /** Numbers to compute with. */
  @Param({"float32", "bfloat16", "int8"})
  public String form;

  /** Where to run it: {@code cpu} is tuned for it, {@code gpu} runs the portable form. */
  @Param("cpu")
  public String device;

  private Program program;
  private NDManager scope;
  private NDArray photos;

  /** Loads the program with random weights and makes a batch. */
  @Setup
  public void load() throws IOException {
    Device where = Device.fromName(device);
    Network network = Backbones.get(backbone).withInputSize(size, size).network();
    Map<String, HostTensor> weights = Initialization.random(network, 7);
    Target target = where.isGpu() ? Target.PORTABLE : Target.CPU;
    ExportProgram written =
        form.equals("int8")
            ? ExportProgram.write(network, weights, calibrate(network, weights))
            : ExportProgram.write(
                network, weights, Precision.valueOf(form.toUpperCase(Locale.ROOT)), target);
    program = Program.load(written.module(), where);
    scope = program.manager().newSubManager();
    photos = Batches.pixels(scope, batch, size);
  }

  private Calibration calibrate(Network network, Map<String, HostTensor> weights)
      throws IOException {
    try (Calibrator calibrator = Calibrator.of(network, weights);
        NDManager here = calibrator.manager().newSubManager()) {
      calibrator.observe(Batches.pixels(here, 2, size));
      return calibrator.calibration();
    }
  }

  /** One batch; the answer is read, so that a GPU has finished. */
  @Benchmark
  public float[] classify() {
    try (NDArray probabilities = program.call(ProgramMethod.CLASSIFY, photos).singletonOrThrow()) {
      return probabilities.toFloatArray();
    }
  }

  /** Frees the network. */
  @TearDown
  public void close() {
    scope.close();
    program.close();
  }
}
