package io.github.facemask.benchmark;

import com.google.common.collect.ImmutableList;
import io.github.facemask.augmentation.Augmentation;
import io.github.facemask.image.Pixels;
import io.github.facemask.internal.pipeline.PhotoPipeline;
import io.github.facemask.preprocessing.Preprocessing;
import io.github.facemask.preprocessing.Preprocessing.CropMode;
import io.github.facemask.preprocessing.Preprocessing.Interpolation;
import io.github.facemask.random.RandomStream;
import io.github.facemask.transform.AugMix;
import io.github.facemask.transform.Clahe;
import io.github.facemask.transform.ColorJitter;
import io.github.facemask.transform.GaussianBlur;
import io.github.facemask.transform.GaussianNoise;
import io.github.facemask.transform.HorizontalFlip;
import io.github.facemask.transform.PhotoTransform;
import io.github.facemask.transform.RandAugment;
import io.github.facemask.transform.RandomAffine;
import io.github.facemask.transform.RandomErasing;
import io.github.facemask.transform.RandomResizedCrop;
import io.github.facemask.transform.TrivialAugment;
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
import org.openjdk.jmh.annotations.Warmup;

/** How long do the transforms of one decoded photo of 384 x 512 pixels to 224 take? */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class TransformBenchmark {

  private static final int SIDE = 224;

  /**
   * What is done after the resizing, which all of them do; {@code crop} only crops. In capitals: a
   * preset.
   */
  @Param({
    "resize",
    "crop",
    "flip",
    "jitter",
    "erase",
    "affine",
    "blur",
    "noise",
    "clahe",
    "randaugment",
    "trivial",
    "augmix",
    "LIGHT",
    "MEDIUM",
    "STRONG",
    "TRIVIAL",
    "RAND",
    "AUGMIX"
  })
  public String transform;

  private Pixels photo;
  private PhotoPipeline pipeline;
  private RandomStream random;

  /** Makes a photo of noise. */
  @Setup
  public void prepare() {
    byte[] rgb = new byte[512 * 384 * 3];
    RandomStream.of(7, "pixels").nextBytes(rgb);
    photo = Pixels.wrap(512, 384, rgb);
    random = RandomStream.of(7, "draws");
    pipeline =
        PhotoPipeline.of(
            new Preprocessing(
                SIDE,
                SIDE,
                Preprocessing.IMAGENET_MEAN,
                Preprocessing.IMAGENET_STD,
                Interpolation.BILINEAR,
                1,
                CropMode.CENTER),
            transforms());
  }

  private List<PhotoTransform> transforms() {
    return switch (transform) {
      case "resize" -> ImmutableList.of();
      case "crop" -> ImmutableList.of(RandomResizedCrop.of(0.6, 1));
      case "flip" -> ImmutableList.of(HorizontalFlip.of(1));
      case "jitter" -> ImmutableList.of(ColorJitter.of(0.4, 0.4, 0.4, 0.1));
      case "erase" -> ImmutableList.of(RandomErasing.of(1));
      case "randaugment" -> ImmutableList.of(RandAugment.of(2, 9));
      case "affine" -> ImmutableList.of(RandomAffine.rotation(10).withShift(0.05));
      case "blur" -> ImmutableList.of(GaussianBlur.sigma(0.1, 2));
      case "noise" -> ImmutableList.of(GaussianNoise.std(2, 10));
      case "clahe" -> ImmutableList.of(Clahe.clipLimit(1, 4));
      case "trivial" -> ImmutableList.of(TrivialAugment.wide());
      case "augmix" -> ImmutableList.of(AugMix.severity(3));
      default -> Augmentation.Preset.valueOf(transform).augmentation().transforms();
    };
  }

  /** One photo, with its draws. */
  @Benchmark
  public Pixels apply() {
    return pipeline.apply(photo, random);
  }
}
