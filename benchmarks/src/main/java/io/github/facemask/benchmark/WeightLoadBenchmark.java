package io.github.facemask.benchmark;

import io.github.facemask.backbone.Backbones;
import io.github.facemask.internal.program.Initialization;
import io.github.facemask.internal.weights.LoadedWeights;
import io.github.facemask.internal.weights.Safetensors;
import io.github.facemask.internal.weights.WeightFile;
import io.github.facemask.internal.weights.WeightLoading;
import io.github.facemask.network.Network;
import io.github.facemask.tensor.HostTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

/** How long does it take to read a file of weights and fit them to a network? */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 5, time = 2)
public class WeightLoadBenchmark {

  /** Backbone by timm's name. */
  @Param({"resnet18", "tf_efficientnet_b4", "swin_base_patch4_window12_384"})
  public String backbone;

  private Network network;
  private Path file;

  /** Writes random weights. */
  @Setup
  public void write() throws IOException {
    network = Backbones.get(backbone).network();
    Map<String, HostTensor> weights = Initialization.random(network, 7);
    file = Files.createTempFile("facemask", ".safetensors");
    Safetensors.write(file, weights, Map.of());
  }

  /** One file, every name and shape checked. */
  @Benchmark
  public LoadedWeights read() throws IOException {
    return WeightLoading.of(network).load(WeightFile.read(file));
  }

  /** Deletes the file. */
  @TearDown
  public void delete() throws IOException {
    Files.delete(file);
  }
}
