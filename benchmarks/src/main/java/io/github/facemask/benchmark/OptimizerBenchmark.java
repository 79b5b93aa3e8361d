package io.github.facemask.benchmark;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import com.google.common.collect.ImmutableList;
import io.github.facemask.backbone.Backbones;
import io.github.facemask.batch.PhotoBatch;
import io.github.facemask.loss.CrossEntropy;
import io.github.facemask.optimizer.AdamW;
import io.github.facemask.optimizer.FusedOptimizer;
import io.github.facemask.optimizer.Sgd;
import io.github.facemask.tensor.MemoryLayout;
import io.github.facemask.tensor.Precision;
import io.github.facemask.training.TrainableModel;
import io.github.facemask.training.TrainableNetwork.TrainingConfig;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** How long does the optimizer's step of all weights take, without forward and backward? */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 3)
@Measurement(iterations = 5, time = 3)
public class OptimizerBenchmark {

  private static final int SIDE = 64;

  /** Backbone by timm's name. */
  @Param({"resnet18", "tf_efficientnet_b4", "vit_base_patch16_384"})
  public String backbone;

  /** Which rule. */
  @Param({"adamw", "sgd"})
  public String optimizer;

  /** Where to train. */
  @Param("cpu")
  public String device;

  private TrainableModel model;
  private NDManager scope;
  private PhotoBatch photo;
  private FusedOptimizer rule;

  /** Loads the network with random weights. */
  @Setup
  public void load() throws IOException {
    rule =
        switch (optimizer) {
          case "adamw" -> AdamW.of(3e-4, 0.05);
          case "sgd" -> new Sgd(1e-2, 0.9, true, 1e-4);
          default -> throw new IllegalArgumentException("optimizer is " + optimizer);
        };
    model =
        Backbones.get(backbone)
            .withInputSize(SIDE, SIDE)
            .prepare(
                new TrainingConfig(
                    Device.fromName(device),
                    Precision.FLOAT32,
                    CrossEntropy.plain(),
                    rule,
                    Double.POSITIVE_INFINITY,
                    0,
                    MemoryLayout.CHANNELS_LAST,
                    7));
    scope = model.manager().newSubManager();
    photo =
        new PhotoBatch(
            Batches.pixels(scope, 2, SIDE), Batches.targets(scope, 2), ImmutableList.of());
  }

  /** Makes the gradients, which is not measured. */
  @Setup(Level.Invocation)
  public void learn() {
    model.trainStep(photo, 1).close();
  }

  /** One step. */
  @Benchmark
  public void step() {
    model.optimizerStep(1e-4, rule.momentum());
  }

  /** Frees the network. */
  @TearDown
  public void close() {
    scope.close();
    model.close();
  }
}
