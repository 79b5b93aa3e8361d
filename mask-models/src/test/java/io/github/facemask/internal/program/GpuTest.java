package io.github.facemask.internal.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.common.collect.ImmutableList;
import com.google.common.primitives.Floats;
import io.github.facemask.backbone.Backbones;
import io.github.facemask.batch.PhotoBatch;
import io.github.facemask.image.Pixels;
import io.github.facemask.internal.batchtransform.BatchTransform;
import io.github.facemask.internal.batchtransform.PhotoPart;
import io.github.facemask.internal.parity.FormulaTensors;
import io.github.facemask.internal.passes.ExportProgram;
import io.github.facemask.internal.pipeline.PhotoPipeline;
import io.github.facemask.internal.torchscript.Program;
import io.github.facemask.internal.torchscript.ProgramMethod;
import io.github.facemask.loss.CrossEntropy;
import io.github.facemask.mixing.Mixing.Plan;
import io.github.facemask.model.Target;
import io.github.facemask.network.Network;
import io.github.facemask.optimizer.AdamW;
import io.github.facemask.preprocessing.Preprocessing;
import io.github.facemask.random.RandomStream;
import io.github.facemask.tensor.HostTensor;
import io.github.facemask.tensor.MemoryLayout;
import io.github.facemask.tensor.Precision;
import io.github.facemask.training.TrainableModel.StepOutput;
import io.github.facemask.training.TrainableNetwork.TrainingConfig;
import io.github.facemask.transform.ColorJitter;
import io.github.facemask.transform.HorizontalFlip;
import io.github.facemask.transform.RandomResizedCrop;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A GPU computes what the CPU computes. cuDNN rounds the factors of convolutions to TF32, so
 * float32 agrees to {@link #FLOAT32} of the length. In bfloat16 a GPU may be off by twice the CPU's
 * own rounding more: places and order differ, and the size does not.
 */
@Tag("gpu")
class GpuTest {

  /** The length of the difference against the length of the values. */
  private static final double FLOAT32 = 1e-2;

  private static final int PHOTOS = 4;

  @BeforeEach
  void needsAGpu() {
    int found = Engine.getEngine("PyTorch").getGpuCount();
    assumeTrue(found > 0, "libtorch finds no GPU: its results cannot be compared with the CPU's");
  }

  private static double tolerance(List<Float> roundedOnCpu, List<Float> expected) {
    return FLOAT32 + 2 * error(roundedOnCpu, expected);
  }

  private static NDArray photos(NDManager scope, Network network) {
    int height = network.preprocessing().height();
    int width = network.preprocessing().width();
    RandomStream random = RandomStream.of(4, "photos");
    ByteBuffer bytes = ByteBuffer.allocateDirect(PHOTOS * height * width * Pixels.CHANNELS);
    while (bytes.hasRemaining()) {
      bytes.put((byte) random.nextInt(256));
    }
    Shape shape = new Shape(PHOTOS, height, width, Pixels.CHANNELS);
    return scope.create(bytes.flip(), shape, DataType.UINT8);
  }

  private record Learnt(
      double loss, List<Float> logits, double gradientNorm, List<Float> probabilities) {}

  /** One step, then the answers of the changed weights. */
  private static Learnt learn(Network network, Precision precision, Device device)
      throws IOException {
    TrainingConfig setup =
        new TrainingConfig(
            device,
            precision,
            CrossEntropy.plain(),
            AdamW.of(1e-3, 0.05),
            Double.POSITIVE_INFINITY,
            0,
            MemoryLayout.CHANNELS_LAST,
            0);
    try (ProgramModel model =
            ProgramModel.load(
                network,
                FormulaTensors.of(network, 1, 1),
                setup,
                TrainingPlan.all(network),
                List.of());
        NDManager scope = model.manager().newSubManager()) {
      float[] targets = new float[PHOTOS * 18];
      for (int i = 0; i < PHOTOS; i++) {
        targets[i * 18 + 4 * i] = 1;
      }
      NDArray photos = photos(scope, network);
      NDArray wanted = scope.create(targets, new Shape(PHOTOS, 18));
      PhotoBatch batch = new PhotoBatch(photos, wanted, ImmutableList.of(0, 1, 2, 3));
      try (StepOutput output = model.trainStep(batch, 1)) {
        double squares = 0;
        for (HostTensor gradient : model.gradients().values()) {
          for (float value : gradient.toFloats()) {
            squares += (double) value * value;
          }
        }
        double loss = output.loss().getFloat();
        List<Float> logits = Floats.asList(output.logits().toFloatArray());
        model.optimizerStep(1e-3, 0.9);
        return new Learnt(
            loss, logits, Math.sqrt(squares), Floats.asList(model.classify(photos).toFloatArray()));
      }
    }
  }

  private static double error(List<Float> got, List<Float> expected) {
    double difference = 0;
    double length = 0;
    for (int i = 0; i < expected.size(); i++) {
      difference += Math.pow(got.get(i) - expected.get(i), 2);
      length += Math.pow(expected.get(i), 2);
    }
    return Math.sqrt(difference / length);
  }

  @ParameterizedTest
  @CsvSource({
    "resnet18, 64, 64, FLOAT32",
    "resnet18, 64, 64, BFLOAT16",
    "tf_efficientnet_b0, 75, 64, FLOAT32",
    "tf_efficientnet_b0, 75, 64, BFLOAT16",
    "swin_tiny_patch4_window7_224, 112, 112, FLOAT32",
    "swin_tiny_patch4_window7_224, 112, 112, BFLOAT16",
    "vit_tiny_patch16_224, 32, 48, FLOAT32",
    "vit_tiny_patch16_224, 32, 48, BFLOAT16"
  })
  void aTrainingStepIsTheCpus(String name, int height, int width, Precision precision)
      throws IOException {
    Network network = Backbones.get(name).withInputSize(height, width).network();
    Learnt expected = learn(network, Precision.FLOAT32, Device.cpu());
    Learnt onCpu = learn(network, precision, Device.cpu());
    Learnt got = learn(network, precision, Device.gpu());

    boolean exact = precision == Precision.FLOAT32;
    assertThat(got.loss()).isCloseTo(expected.loss(), withinPercentage(exact ? 1 : 5));
    assertThat(error(got.logits(), expected.logits()))
        .isLessThan(tolerance(onCpu.logits(), expected.logits()));
    assertThat(got.gradientNorm())
        .isCloseTo(expected.gradientNorm(), withinPercentage(exact ? 2 : 10));
    assertThat(error(got.probabilities(), expected.probabilities()))
        .isLessThan(tolerance(onCpu.probabilities(), expected.probabilities()));
  }

  @ParameterizedTest
  @CsvSource({
    "resnet18, 64, 64, FLOAT32",
    "resnet18, 64, 64, BFLOAT16",
    "tf_efficientnet_b0, 75, 64, BFLOAT16",
    "swin_tiny_patch4_window7_224, 112, 112, BFLOAT16",
    "vit_tiny_patch16_224, 32, 48, BFLOAT16"
  })
  void aPortableProgramAnswersAsOnTheCpu(String name, int height, int width, Precision precision)
      throws IOException {
    Network network = Backbones.get(name).withInputSize(height, width).network();
    List<Float> expected = answers(network, Precision.FLOAT32, Device.cpu());

    List<Float> onCpu = answers(network, precision, Device.cpu());
    assertThat(error(answers(network, precision, Device.gpu()), expected))
        .isLessThan(tolerance(onCpu, expected));
  }

  private static List<Float> answers(Network network, Precision precision, Device device)
      throws IOException {
    ExportProgram written =
        ExportProgram.write(network, FormulaTensors.of(network, 1, 1), precision, Target.PORTABLE);
    try (Program program = Program.load(written.module(), device);
        NDManager scope = program.manager().newSubManager()) {
      return Floats.asList(
          program
              .call(ProgramMethod.FORWARD, photos(scope, network))
              .singletonOrThrow()
              .toFloatArray());
    }
  }

  @Test
  void transformedPhotosAreTheCpus() throws IOException {
    Preprocessing input = Backbones.get("resnet18").preprocessing();
    PhotoPipeline pipeline =
        PhotoPipeline.of(
            input,
            List.of(
                RandomResizedCrop.of(0.3, 1), HorizontalFlip.half(), ColorJitter.of(0.4, 0, 0, 0)));
    int[][] sizes = {{300, 400}, {291, 291}, {500, 310}, {224, 224}};
    List<PhotoPart> parts = new ArrayList<>();
    for (int i = 0; i < PHOTOS; i++) {
      Pixels photo = waves(sizes[i][0], sizes[i][1]);
      RandomStream random = RandomStream.of(9, "photo", i);
      parts.add(
          PhotoPart.of(photo, pipeline.draw(random, photo.height(), photo.width()), input, 600));
    }
    Plan plan = new Plan.Paste(20, 30, 120, 200, List.of(3, 0, 1, 2));
    byte[] got = transformed(parts, plan, input, Device.gpu());

    ByteBuffer host = ByteBuffer.allocate(PHOTOS * 224 * 224 * Pixels.CHANNELS);
    for (int i = 0; i < PHOTOS; i++) {
      Pixels done = parts.get(i).drawn().applyTo(parts.get(i).pixels(), input);
      done.copyTo(host, i * done.array().length);
    }
    plan.applyTo(host, 224, 224, new float[PHOTOS][18]);
    int most = 0;
    for (int i = 0; i < got.length; i++) {
      most = Math.max(most, Math.abs((got[i] & 0xff) - (host.get(i) & 0xff)));
    }
    assertThat(most).isLessThanOrEqualTo(BatchTransform.TOLERANCE);
  }

  private static byte[] transformed(
      List<PhotoPart> parts, Plan plan, Preprocessing input, Device device) throws IOException {
    PhotoPart.Size place = PhotoPart.Size.of(parts);
    ByteBuffer bytes = ByteBuffer.allocateDirect(parts.size() * place.bytes());
    PhotoPart.pack(parts, place, bytes);
    Shape shape = new Shape(parts.size(), place.height(), place.width(), Pixels.CHANNELS);
    try (BatchTransform transform = BatchTransform.load(input, device);
        NDManager scope = transform.manager().newSubManager()) {
      NDArray pixels = scope.create(bytes, shape, DataType.UINT8);
      return transform.apply(pixels, parts, plan).toByteArray();
    }
  }

  /** Smooth waves of all levels. */
  private static Pixels waves(int height, int width) {
    byte[] rgb = new byte[height * width * Pixels.CHANNELS];
    for (int i = 0; i < rgb.length; i++) {
      int pixel = i / Pixels.CHANNELS;
      int x = pixel % width;
      int y = pixel / width;
      rgb[i] = (byte) Math.rint(127 + 120 * Math.sin(x / 17.0 + y / 23.0 + i % Pixels.CHANNELS));
    }
    return Pixels.wrap(height, width, rgb);
  }
}
