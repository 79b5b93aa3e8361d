package io.github.facemask.cli.options;

import static io.github.facemask.problem.InvalidArgumentException.check;

import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.image.PhotoDecoder;
import io.github.facemask.label.AgeGroup;
import io.github.facemask.label.FaceClass;
import io.github.facemask.mixing.CutMix;
import io.github.facemask.mixing.HalfFace;
import io.github.facemask.mixing.MixUp;
import io.github.facemask.mixing.Mixing;
import io.github.facemask.recipe.TrainingRecipe;
import io.github.facemask.sampling.PhotoSampler;
import io.github.facemask.sampling.WeightedSampler;
import io.github.facemask.training.TrainingListener;
import io.github.facemask.transform.HorizontalFlip;
import io.github.facemask.transform.RandomResizedCrop;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Sampling, augmentation and mixing of training batches. */
public final class BatchOptions {

  /** How the photos of an epoch are sampled. */
  public enum Sampling {
    SHUFFLED,
    INVERSE,
    SQUARE_ROOT,
    EFFECTIVE,
    WITHOUT_REPLACEMENT,
    BALANCED,
    OVERSAMPLE,
    CAPPED
  }

  /** The option that selects a sampler, also for reports. */
  public static final class SamplerOption {
    @HelpHeading(HelpHeading.Heading.AUGMENTATION)
    @Option(
        names = "--sampler",
        defaultValue = "INVERSE",
        description = {
          "How an epoch's photos are drawn: ${COMPLETION-CANDIDATES}",
          "(default: ${DEFAULT-VALUE}, classes equally often). WITHOUT_REPLACEMENT: half of the",
          "photos, rare classes first; BALANCED: balances each batch; OVERSAMPLE: repeats people",
          "from 60; CAPPED: limits the photos of a person."
        })
    public Sampling sampler;

    @HelpHeading(HelpHeading.Heading.AUGMENTATION)
    @Option(
        names = "--oversample",
        defaultValue = "2",
        paramLabel = "FACTOR",
        description = "How often OVERSAMPLE shows people from 60 (default: ${DEFAULT-VALUE}).")
    public double oversample;

    @HelpHeading(HelpHeading.Heading.AUGMENTATION)
    @Option(
        names = "--person-cap",
        defaultValue = "3",
        paramLabel = "N",
        description = "Photos of a person in an epoch, for CAPPED (default: ${DEFAULT-VALUE}).")
    public int personCap;

    public PhotoSampler sampler(PhotoSet photos, int batch) {
      return switch (sampler) {
        case SHUFFLED -> PhotoSampler.shuffled();
        case INVERSE -> WeightedSampler.inverseFrequency();
        case SQUARE_ROOT -> WeightedSampler.squareRoot();
        case EFFECTIVE -> WeightedSampler.effectiveNumber(0.999);
        case WITHOUT_REPLACEMENT ->
            WeightedSampler.inverseFrequency()
                .withoutReplacement()
                .withPhotosPerEpoch(Math.max(1, photos.size() / 2));
        case BALANCED -> PhotoSampler.balancedBatches(batch);
        case OVERSAMPLE -> PhotoSampler.oversampling(oversample, AgeGroup.FROM_60);
        case CAPPED -> PhotoSampler.capped(personCap);
      };
    }
  }

  /** How two photos are mixed. */
  public enum Mix {
    NONE,
    CUTMIX,
    MIXUP,
    HALF_FACE
  }

  /** The photos that the pasted part comes from. */
  public enum Donors {
    ALL,
    OLD
  }

  @HelpHeading(HelpHeading.Heading.OPTIMISATION)
  @Option(
      names = "--batch",
      defaultValue = "32",
      paramLabel = "N",
      description = "Photos in a batch (default: ${DEFAULT-VALUE}).")
  public int batch;

  @Mixin public SamplerOption sampling;

  @HelpHeading(HelpHeading.Heading.AUGMENTATION)
  @Option(
      names = "--mix",
      defaultValue = "CUTMIX",
      description = "Mixing: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  Mix mix;

  @HelpHeading(HelpHeading.Heading.AUGMENTATION)
  @Option(
      names = "--mix-alpha",
      defaultValue = "1.0",
      paramLabel = "A",
      description = "The mixed share is drawn from Beta(A, A) (default: ${DEFAULT-VALUE}).")
  double mixAlpha;

  @HelpHeading(HelpHeading.Heading.AUGMENTATION)
  @Option(
      names = "--mix-probability",
      defaultValue = "0.5",
      paramLabel = "P",
      description = "Share of batches that are mixed (default: ${DEFAULT-VALUE}).")
  double mixProbability;

  @HelpHeading(HelpHeading.Heading.AUGMENTATION)
  @Option(
      names = "--donors",
      defaultValue = "ALL",
      description = {
        "The photos that CutMix and half faces paste from:",
        "${COMPLETION-CANDIDATES}; OLD: people from 60 (default: ${DEFAULT-VALUE})."
      })
  public Donors donors;

  @HelpHeading(HelpHeading.Heading.AUGMENTATION)
  @Option(
      names = "--crop-scale",
      defaultValue = "0.5",
      paramLabel = "SHARE",
      description = "Smallest area of a random crop, in (0, 1] (default: ${DEFAULT-VALUE}).")
  double cropScale;

  @HelpHeading(HelpHeading.Heading.AUGMENTATION)
  @Option(names = "--no-flip", description = "Do not mirror half of the photos.")
  public boolean noFlip;

  @Option(
      names = "--threads",
      defaultValue = "0",
      description = {
        "Threads that read photos; 0 for one for each processor; the batches are",
        "the same for any number (default: ${DEFAULT-VALUE})."
      })
  public int threads;

  @Option(
      names = "--cache-mb",
      defaultValue = "1024",
      paramLabel = "MB",
      description = "Memory for decoded photos; 0 for none (default: ${DEFAULT-VALUE}).")
  public long cacheMegabytes;

  @Option(
      names = "--cache-dir",
      paramLabel = "DIR",
      description = {
        "Keep decoded photos in a file in this folder instead; later runs with the same photos and",
        "crops reuse it."
      })
  Path cacheFolder;

  /** Adds the batch options to a recipe. */
  public void applyTo(TrainingRecipe.Builder recipe, PhotoSet learners) {
    recipe
        .optSampler(sampling.sampler(learners, batch))
        .optTransforms(
            noFlip
                ? List.of(RandomResizedCrop.of(cropScale, 1))
                : List.of(RandomResizedCrop.of(cropScale, 1), HorizontalFlip.half()))
        .optMixing(mixing())
        .optBatchSize(batch)
        .optStored(cacheFolder != null || cacheBytes() > 0);
  }

  /** Returns threads, cache, listener and decoder of a run. */
  public TrainingRecipe.Running running(TrainingListener listener, PhotoDecoder decoder) {
    return new TrainingRecipe.Running(
        Threads.orProcessors(threads),
        cacheBytes(),
        Optional.ofNullable(cacheFolder),
        listener,
        decoder);
  }

  private long cacheBytes() {
    check(cacheMegabytes >= 0, "cacheBytes", cacheMegabytes + " MB", "0 or more");
    return cacheMegabytes << 20;
  }

  private Optional<Mixing> mixing() {
    return switch (mix) {
      case NONE -> Optional.empty();
      case CUTMIX -> {
        CutMix cutMix = CutMix.alpha(mixAlpha).withProbability(mixProbability);
        yield Optional.of(donors == Donors.ALL ? cutMix : cutMix.withDonorClasses(oldestClasses()));
      }
      case MIXUP -> Optional.of(MixUp.alpha(mixAlpha).withProbability(mixProbability));
      case HALF_FACE -> {
        HalfFace halfFace = HalfFace.leftOrRight().withProbability(mixProbability);
        yield Optional.of(
            donors == Donors.ALL ? halfFace : halfFace.withDonorClasses(oldestClasses()));
      }
    };
  }

  private static List<FaceClass> oldestClasses() {
    return FaceClass.values().stream().filter(c -> c.age() == AgeGroup.FROM_60).toList();
  }
}
