package io.github.facemask.benchmark;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.common.collect.ImmutableList;
import io.github.facemask.backbone.Backbone;
import io.github.facemask.backbone.Backbones;
import io.github.facemask.batch.PhotoBatch;
import io.github.facemask.internal.batchtransform.BatchTransform;
import io.github.facemask.internal.pipeline.PhotoPipeline;
import io.github.facemask.internal.pipeline.SampledPipeline;
import io.github.facemask.label.FaceClass;
import io.github.facemask.loss.CrossEntropy;
import io.github.facemask.mixing.CutMix;
import io.github.facemask.mixing.Mixing;
import io.github.facemask.optimizer.AdamW;
import io.github.facemask.random.RandomStream;
import io.github.facemask.tensor.MemoryLayout;
import io.github.facemask.tensor.Precision;
import io.github.facemask.training.TrainableModel;
import io.github.facemask.training.TrainableNetwork.TrainingConfig;
import io.github.facemask.transform.ColorJitter;
import io.github.facemask.transform.HorizontalFlip;
import io.github.facemask.transform.RandomResizedCrop;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
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
 * How long does the path of a batch of decoded photos to changed weights take, and each part of it:
 * CutMix in host memory, upload of the bytes, transforms on the device, forward and backward, the
 * optimizer's step? One operation is one batch.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 3)
@Measurement(iterations = 5, time = 3)
public class HotPathBenchmark {

  /** Backbone by timm's name. */
  @Param("resnet18")
  public String backbone;

  /** Side of the network's input in pixels. */
  @Param("224")
  public int size;

  /** Photos in the batch. */
  @Param("32")
  public int batch;

  /** Numbers to compute with. */
  @Param("bfloat16")
  public String precision;

  /** {@code cpu} or {@code gpu0}. */
  @Param("cpu")
  public String device;

  private final Mixing mixing = CutMix.alpha(1);
  private TrainableModel model;
  private BatchTransform onDevice;
  private PhotoPipeline pipeline;
  private NDManager scope;
  private ByteBuffer bytes;
  private float[][] targets;
  private NDArray uploaded;
  private PhotoBatch ready;
  private int step;

  /** Loads the network with random weights and makes a batch. */
  @Setup
  public void load() throws IOException {
    Device where = Device.fromName(device);
    Backbone network = Backbones.get(backbone).withInputSize(size, size);
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
    onDevice = BatchTransform.load(network.preprocessing(), where);
    pipeline =
        PhotoPipeline.of(
            network.preprocessing(),
            List.of(
                RandomResizedCrop.of(0.6, 1),
                HorizontalFlip.half(),
                ColorJitter.of(0.4, 0.4, 0.4, 0)));
    scope = model.manager().newSubManager();
    bytes = Batches.bytes(batch, size);
    targets = new float[batch][FaceClass.COUNT];
    for (int i = 0; i < batch; i++) {
      targets[i][i % FaceClass.COUNT] = 1;
    }
    uploaded = upload(scope);
    ready = new PhotoBatch(uploaded, Batches.targets(scope, batch), ImmutableList.of());
  }

  private NDArray upload(NDManager manager) {
    bytes.rewind();
    return manager.create(bytes, new Shape(batch, size, size, 3), DataType.UINT8);
  }

  private NDArray transform(NDArray pixels) {
    List<SampledPipeline> drawn = new ArrayList<>();
    for (int i = 0; i < batch; i++) {
      drawn.add(pipeline.draw(RandomStream.of(7, "transforms", step, i), size, size));
    }
    return onDevice.apply(pixels, drawn);
  }

  /** Waits until the device has computed an array. */
  private static float wait(NDArray array) {
    try (NDArray first = array.flatten().get("0:1").toType(DataType.FLOAT32, false)) {
      return first.toFloatArray()[0];
    }
  }

  /** CutMix of the bytes in host memory. */
  @Benchmark
  public float[][] cutMix() {
    mixing.draw(7, 0, step++, size, size, targets).applyTo(bytes.rewind(), size, size, targets);
    return targets;
  }

  /** The bytes to the device. */
  @Benchmark
  public float upload() {
    try (NDManager here = scope.newSubManager()) {
      return wait(upload(here));
    }
  }

  /** Crop, flip, colours and normalisation on the device. */
  @Benchmark
  public float transform() {
    step++;
    try (NDManager here = scope.newSubManager()) {
      NDArray pixels = uploaded.duplicate();
      pixels.attach(here);
      return wait(transform(pixels));
    }
  }

  /** Forward and backward. */
  @Benchmark
  public void learn() {
    model.trainStep(ready, 1).close();
    model.optimizerStep(0, 0.9);
  }

  /** All of it. */
  @Benchmark
  public void whole() {
    cutMix();
    try (NDManager here = scope.newSubManager()) {
      NDArray photos = transform(upload(here));
      NDArray mixed = here.create(flat(targets), new Shape(batch, FaceClass.COUNT));
      model.trainStep(new PhotoBatch(photos, mixed, ImmutableList.of()), 1).close();
      model.optimizerStep(3e-4, 0.9);
    }
  }

  private static float[] flat(float[][] rows) {
    float[] all = new float[rows.length * FaceClass.COUNT];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(rows[i], 0, all, i * FaceClass.COUNT, FaceClass.COUNT);
    }
    return all;
  }

  /** Frees the network. */
  @TearDown
  public void close() {
    scope.close();
    onDevice.close();
    model.close();
  }
}
