package io.github.facemask.benchmark;

import ai.djl.MalformedModelException;
import ai.djl.inference.Predictor;
import ai.djl.modality.cv.util.NDImageUtils;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ModelNotFoundException;
import ai.djl.repository.zoo.ZooModel;
import ai.djl.translate.Batchifier;
import ai.djl.translate.TranslateException;
import ai.djl.translate.Translator;
import ai.djl.translate.TranslatorContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
 * How long does DJL take without facemask, from uint8 photos to probabilities? A network of timm
 * that Python traced runs through DJL's Criteria, Predictor and Translator. One operation is one
 * batch.
 *
 * <p>{@code benchmarks/peers/djl_traced.py} writes the file. {@code benchmarks/compare} does both.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 3)
@Measurement(iterations = 5, time = 3)
public class DjlTracedBenchmark {

  /** The TorchScript file. */
  @Param("traced.pt")
  public String program;

  /** Side of the photos in pixels. */
  @Param("224")
  public int size;

  /** Photos in the batch; the file was traced with as many. */
  @Param("32")
  public int batch;

  /** Where photos are normalised: {@code network} or {@code translator}. */
  @Param("network")
  public String normalise;

  private ZooModel<NDArray, float[]> model;
  private Predictor<NDArray, float[]> predictor;
  private NDManager scope;
  private List<NDArray> photos;

  /** Loads the file and makes the photos. */
  @Setup
  public void load() throws IOException, ModelNotFoundException, MalformedModelException {
    model =
        Criteria.builder()
            .setTypes(NDArray.class, float[].class)
            .optEngine("PyTorch")
            .optModelPath(Path.of(program))
            .optTranslator(new PhotoTranslator(normalise.equals("translator")))
            .build()
            .loadModel();
    predictor = model.newPredictor();
    scope = model.getNDManager().newSubManager();
    photos = new ArrayList<>();
    try (NDArray pixels = Batches.pixels(scope, batch, size)) {
      for (int b = 0; b < batch; b++) {
        photos.add(pixels.get(b).duplicate());
      }
    }
  }

  /** One batch. */
  @Benchmark
  public List<float[]> classify() throws TranslateException {
    return predictor.batchPredict(photos);
  }

  /** Frees the network. */
  @TearDown
  public void close() {
    scope.close();
    predictor.close();
    model.close();
  }

  /** A photo (H, W, 3) as uint8 to the probabilities of its classes. */
  private static final class PhotoTranslator implements Translator<NDArray, float[]> {

    // ImageNet's, as DJL's own examples have them.
    private static final float[] MEAN = {0.485f, 0.456f, 0.406f};
    private static final float[] DEVIATION = {0.229f, 0.224f, 0.225f};

    private final boolean normalises;

    PhotoTranslator(boolean normalises) {
      this.normalises = normalises;
    }

    @Override
    public NDList processInput(TranslatorContext context, NDArray photo) {
      if (!normalises) {
        return new NDList(photo);
      }
      NDArray tensor = NDImageUtils.toTensor(photo);
      tensor.attach(context.getNDManager());
      return new NDList(NDImageUtils.normalize(tensor, MEAN, DEVIATION));
    }

    @Override
    public float[] processOutput(TranslatorContext context, NDList output) {
      return output.singletonOrThrow().toFloatArray();
    }

    @Override
    public Batchifier getBatchifier() {
      return Batchifier.STACK;
    }
  }
}
