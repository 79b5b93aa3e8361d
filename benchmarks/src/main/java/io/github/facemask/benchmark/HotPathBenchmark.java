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
import io.github.facemask.image.Pixels;
import io.github.facemask.internal.batchtransform.BatchTransform;
import io.github.facemask.internal.batchtransform.PhotoPart;
import io.github.facemask.internal.pipeline.PhotoPipeline;
import io.github.facemask.internal.pipeline.SampledPipeline;
import io.github.facemask.internal.pipeline.StoredForm;
import io.github.facemask.label.FaceClass;
import io.github.facemask.loss.CrossEntropy;
import io.github.facemask.mixing.CutMix;
import io.github.facemask.mixing.Mixing;
import io.github.facemask.optimizer.AdamW;
import io.github.facemask.tensor.MemoryLayout;
import io.github.facemask.tensor.Precision;
import io.github.facemask.training.TrainableModel;
import io.github.facemask.training.TrainableModel.StepOutput;
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

/**
 * How long does the path of a batch of decoded photos to changed weights take, and each part of it:
 * upload of the bytes, transforms and CutMix on the device, forward, backward, the optimizer's
 * step? One operation is one batch. The photos have the size in which a cache keeps them.
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
  private Pixels decoded;
  private List<PhotoPart> parts;
  private ByteBuffer bytes;
  private ByteBuffer mixedOnHost;
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
    int side = StoredForm.side(network.preprocessing());
    byte[] noise = new byte[side * side * Pixels.CHANNELS];
    Batches.bytes(1, side).get(noise);
    decoded = Pixels.wrap(side, side, noise);
    parts = drawn();
    bytes = ByteBuffer.allocateDirect(batch * noise.length);
    mixedOnHost = Batches.bytes(batch, size);
    targets = new float[batch][FaceClass.COUNT];
    for (int i = 0; i < batch; i++) {
      targets[i][i % FaceClass.COUNT] = 1;
    }
    uploaded = upload(scope, parts);
    ready =
        new PhotoBatch(
            Batches.pixels(scope, batch, size), Batches.targets(scope, batch), ImmutableList.of());
  }

  /** Cuts out of each decoded photo what its drawn transforms need. */
  private List<PhotoPart> drawn() {
    List<PhotoPart> drawn = new ArrayList<>();
    for (int i = 0; i < batch; i++) {
      SampledPipeline sampled =
          pipeline.draw(PhotoPipeline.draws(7, step, i), decoded.height(), decoded.width());
      drawn.add(PhotoPart.of(decoded, sampled, pipeline.preprocessing(), decoded.height()));
    }
    return drawn;
  }

  private NDArray upload(NDManager manager, List<PhotoPart> some) {
    PhotoPart.Size place = PhotoPart.Size.of(some);
    PhotoPart.pack(some, place, bytes);
    ByteBuffer all = bytes.duplicate().limit(batch * place.bytes());
    return manager.create(all, new Shape(batch, place.height(), place.width(), 3), DataType.UINT8);
  }

  private Mixing.Plan plan() {
    return mixing.draw(7, 0, step, size, size, targets);
  }

  /** Waits until the device has computed an array. */
  private static float wait(NDArray array) {
    try (NDArray first = array.flatten().get("0:1").toType(DataType.FLOAT32, false)) {
      return first.toFloatArray()[0];
    }
  }

  /** The decoded photos to the device: packed, then copied. */
  @Benchmark
  public float upload() {
    try (NDManager here = scope.newSubManager()) {
      return wait(upload(here, parts));
    }
  }

  /** Crop, flip and colours on the device. */
  @Benchmark
  public float transform() {
    return transformed(new Mixing.Plan.Nothing());
  }

  /** Crop, flip, colours and CutMix on the device. */
  @Benchmark
  public float transformAndMix() {
    step++;
    return transformed(plan());
  }

  private float transformed(Mixing.Plan mixed) {
    try (NDManager here = scope.newSubManager()) {
      NDArray pixels = uploaded.duplicate();
      pixels.attach(here);
      return wait(onDevice.apply(pixels, parts, mixed));
    }
  }

  /** The same transforms in host memory with one thread, as where there is no GPU. */
  @Benchmark
  public List<Pixels> transformOnHost() {
    return parts.stream()
        .map(part -> part.drawn().applyTo(part.pixels(), pipeline.preprocessing()))
        .toList();
  }

  /** The same CutMix in host memory. */
  @Benchmark
  public float[][] cutMixOnHost() {
    step++;
    plan().applyTo(mixedOnHost, size, size, targets);
    return targets;
  }

  /** Normalisation and forward, without gradients. */
  @Benchmark
  public float forward() {
    try (NDArray answer = model.classify(ready.pixels())) {
      return wait(answer);
    }
  }

  /** Normalisation, forward and backward. The loss has no weight, so that gradients do not grow. */
  @Benchmark
  public float learn() {
    try (StepOutput output = model.trainStep(ready, 0)) {
      return wait(output.loss());
    }
  }

  /** Makes the gradients of a step, which is not measured. */
  @State(Scope.Benchmark)
  public static class Gradients {

    /** Learns a batch and waits. */
    @Setup(Level.Invocation)
    public void learn(HotPathBenchmark path) {
      path.learn();
    }
  }

  /** The optimizer's step of all weights. */
  @Benchmark
  public float step(Gradients gradients) {
    model.optimizerStep(0, 0.9);
    return wait(ready.targets());
  }

  /** All of it: draws, upload, transforms, CutMix, forward, backward and step. */
  @Benchmark
  public float whole() {
    step++;
    try (NDManager here = scope.newSubManager()) {
      List<PhotoPart> drawn = drawn();
      Mixing.Plan mixed = plan();
      mixed.applyToTargets(size, size, targets);
      NDArray photos = onDevice.apply(upload(here, drawn), drawn, mixed);
      NDArray learnt = here.create(flat(targets), new Shape(batch, FaceClass.COUNT));
      try (StepOutput output =
          model.trainStep(new PhotoBatch(photos, learnt, ImmutableList.of()), 1)) {
        model.optimizerStep(3e-4, 0.9);
        return wait(output.loss());
      }
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
