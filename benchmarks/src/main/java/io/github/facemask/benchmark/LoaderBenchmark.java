package io.github.facemask.benchmark;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.facemask.batch.BatchSource.BatchStream;
import io.github.facemask.batch.PhotoBatch;
import io.github.facemask.dataset.FacePhoto;
import io.github.facemask.dataset.Photo;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.internal.batchtransform.BatchTransform;
import io.github.facemask.lab.synthetic.SyntheticFaces;
import io.github.facemask.label.FaceClass;
import io.github.facemask.loader.PhotoLoader;
import io.github.facemask.preprocessing.Preprocessing;
import io.github.facemask.preprocessing.Preprocessing.CropMode;
import io.github.facemask.preprocessing.Preprocessing.Interpolation;
import io.github.facemask.random.RandomStream;
import io.github.facemask.sampling.PhotoSampler;
import io.github.facemask.transform.HorizontalFlip;
import io.github.facemask.transform.RandomResizedCrop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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
 * How long does a normalised batch take from photo files: decode, random resized crop to 224, flip,
 * normalise? One operation is one batch.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 5)
@Measurement(iterations = 5, time = 5)
public class LoaderBenchmark {

  private static final int SIZE = 224;
  private static final int DRAWS = 1 << 20;

  /** jpeg decodes each photo each time; cache keeps them decoded in memory. */
  @Param({"jpeg", "cache"})
  public String source;

  /** Photos in the batch. */
  @Param("64")
  public int batch;

  /** A folder of JPEG files; empty to draw some. */
  @Param("")
  public String photos;

  private final Preprocessing input =
      new Preprocessing(
          SIZE,
          SIZE,
          Preprocessing.IMAGENET_MEAN,
          Preprocessing.IMAGENET_STD,
          Interpolation.BILINEAR,
          1,
          CropMode.CENTER);
  private BatchTransform onDevice;
  private NDManager scope;
  private BatchStream stream;

  /** Finds the photos and starts an endless pass; photos are drawn with replacement. */
  @Setup
  public void open() throws IOException {
    List<FacePhoto> all = new ArrayList<>();
    for (Path file : files(photos.isEmpty() ? drawn() : Path.of(photos))) {
      all.add(new FacePhoto(new Photo(file.toString(), file), "any", 30, FaceClass.ofId(0)));
    }
    PhotoLoader.Builder dataset =
        PhotoLoader.builder(PhotoSet.of(all), input)
            .optTransforms(RandomResizedCrop.of(0.6, 1), HorizontalFlip.half())
            .optBatchSize(batch)
            .optSampler(new WithReplacement());
    if (source.equals("cache")) {
      dataset.optCacheBytes(2L << 30);
    } else if (!source.equals("jpeg")) {
      throw new IllegalArgumentException("source is " + source + ", expected jpeg or cache");
    }
    onDevice = BatchTransform.load(input, Device.cpu());
    scope = onDevice.manager().newSubManager();
    stream = dataset.build().open(scope, 0);
    if (source.equals("cache")) {
      for (int shown = 0; shown < 8 * all.size(); shown += batch) {
        next();
      }
    }
  }

  /** One batch, normalised. */
  @Benchmark
  public void next() throws IOException {
    try (PhotoBatch photos = stream.next().orElseThrow();
        NDArray normalised = onDevice.normalize(photos.pixels())) {
      if (normalised.getShape().get(0) != batch) {
        throw new IllegalStateException("a batch has the shape " + normalised.getShape());
      }
    }
  }

  /** Stops the threads. */
  @TearDown
  public void close() {
    stream.close();
    scope.close();
    onDevice.close();
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(f -> f.toString().toLowerCase(Locale.ROOT).matches(".*[^/]\\.jpe?g"))
          .filter(f -> !f.getFileName().toString().startsWith("."))
          .sorted()
          .toList();
    }
  }

  private static Path drawn() throws IOException {
    Path folder = Files.createTempDirectory("facemask-loader").resolve("photos");
    SyntheticFaces.builder(folder)
        .optPeople(73)
        .optEvaluationPhotos(0)
        .optThreads(2)
        .build()
        .write();
    return folder.resolve("train");
  }

  private static final class WithReplacement implements PhotoSampler {

    @Override
    public int[] epochOrder(PhotoSet photos, long seed, int epoch) {
      RandomStream random = RandomStream.of(seed, "with replacement", epoch);
      int[] order = new int[DRAWS];
      for (int i = 0; i < order.length; i++) {
        order[i] = random.nextInt(photos.size());
      }
      return order;
    }

    @Override
    public int photosPerEpoch(PhotoSet photos) {
      return DRAWS;
    }

    @Override
    public Map<String, Object> parameters() {
      return Map.of("name", "with replacement");
    }
  }
}
