package io.github.facemask.benchmark;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import com.google.common.collect.ImmutableList;
import io.github.facemask.backbone.Backbone;
import io.github.facemask.backbone.Backbones;
import io.github.facemask.batch.PhotoBatch;
import io.github.facemask.loss.CrossEntropy;
import io.github.facemask.optimizer.AdamW;
import io.github.facemask.tensor.MemoryLayout;
import io.github.facemask.tensor.Precision;
import io.github.facemask.training.TrainableModel;
import io.github.facemask.training.TrainableNetwork.TrainingConfig;
import java.io.IOException;
import java.util.Locale;
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
 * How long does a whole training step take: uint8 photos normalised, forward, loss, backward,
 * AdamW? One operation is one batch.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 5)
@Measurement(iterations = 5, time = 5)
public class TrainStepBenchmark {

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
  @Param({"float32", "bfloat16"})
  public String precision;

  /** Where to train. */
  @Param("cpu")
  public String device;

  /** The rate of dropout before the head, and of stochastic depth in the last block. */
  @Param("0")
  public double drop;

  private TrainableModel model;
  private NDManager scope;
  private PhotoBatch photos;

  /** Loads the network with random weights and makes a batch. */
  @Setup
  public void load() throws IOException {
    Device where = Device.fromName(device);
    Backbone network = Backbones.get(backbone).withInputSize(size, size).withDropout(drop, drop);
    model =
        network.prepare(
            new TrainingConfig(
                where,
                Precision.valueOf(precision.toUpperCase(Locale.ROOT)),
                CrossEntropy.plain(),
                AdamW.of(3e-4, 0.05),
                Double.POSITIVE_INFINITY,
                0,
                MemoryLayout.CHANNELS_LAST,
                7));
    scope = model.manager().newSubManager();
    photos =
        new PhotoBatch(
            Batches.pixels(scope, batch, size), Batches.targets(scope, batch), ImmutableList.of());
  }

  /** One step. */
  @Benchmark
  public void step() {
    model.trainStep(photos, 1).close();
    model.optimizerStep(3e-4, 0.9);
  }

  /** Frees the network. */
  @TearDown
  public void close() {
    scope.close();
    model.close();
  }
}
