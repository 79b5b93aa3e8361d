package io.github.facemask.cli.options;

import static com.google.common.base.Preconditions.checkArgument;
import static io.github.facemask.problem.InvalidArgumentException.check;

import io.github.facemask.augmentation.Augmentation;
import io.github.facemask.augmentation.Augmentation.Preset;
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
import io.github.facemask.transform.CropTransform;
import io.github.facemask.transform.HorizontalFlip;
import io.github.facemask.transform.PhotoTransform;
import io.github.facemask.transform.RandomResizedCrop;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Sampling, augmentation and mixing of training batches. */
public final class BatchOptions {

  private static final int MOST_WORKERS = 1024;

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
        paramLabel = "N",
        description = {
          "The most photos of a person in an epoch, for CAPPED (default: 3), and for INVERSE,",
          "SQUARE_ROOT, EFFECTIVE and WITHOUT_REPLACEMENT (default: no cap)."
        })
    public Integer personCap;

    private static final int USUAL_CAP = 3;

    public PhotoSampler sampler(PhotoSet photos, int batch) {
      checkArgument(
          personCap == null || weighs() || sampler == Sampling.CAPPED,
          "--person-cap is %s and --sampler %s, expected one of INVERSE, SQUARE_ROOT, EFFECTIVE,"
              + " WITHOUT_REPLACEMENT and CAPPED with it",
          personCap,
          sampler);
      return switch (sampler) {
        case SHUFFLED -> PhotoSampler.shuffled();
        case INVERSE, SQUARE_ROOT, EFFECTIVE, WITHOUT_REPLACEMENT -> weighted(photos);
        case BALANCED -> PhotoSampler.balancedBatches(batch);
        case OVERSAMPLE -> PhotoSampler.oversampling(oversample, AgeGroup.FROM_60);
        case CAPPED -> PhotoSampler.capped(personCap == null ? USUAL_CAP : personCap);
      };
    }

    /** Returns whether classes are shown more often than they occur. */
    boolean balances() {
      return sampler != Sampling.SHUFFLED && sampler != Sampling.CAPPED;
    }

    /** Returns whether each photo has a weight. */
    boolean weighs() {
      return balances() && sampler != Sampling.BALANCED && sampler != Sampling.OVERSAMPLE;
    }

    WeightedSampler weighted(PhotoSet photos) {
      return drawn(
          switch (sampler) {
            case SQUARE_ROOT -> WeightedSampler.squareRoot();
            case EFFECTIVE -> WeightedSampler.effectiveNumber(0.999);
            default -> WeightedSampler.inverseFrequency();
          },
          photos);
    }

    /** Returns a sampler with the natural shares of the classes, and epochs of the same length. */
    PhotoSampler natural(PhotoSet photos) {
      return sampler == Sampling.WITHOUT_REPLACEMENT || personCap != null
          ? drawn(WeightedSampler.natural(), photos)
          : PhotoSampler.shuffled();
    }

    private WeightedSampler drawn(WeightedSampler weights, PhotoSet photos) {
      WeightedSampler drawn =
          sampler == Sampling.WITHOUT_REPLACEMENT
              ? weights.withoutReplacement().withPhotosPerEpoch(Math.max(1, photos.size() / 2))
              : weights;
      return personCap == null ? drawn : drawn.withPersonCap(personCap);
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

  @Mixin AugmentOption augment;

  @HelpHeading(HelpHeading.Heading.AUGMENTATION)
  @Option(names = "--mix", description = "Mixing: ${COMPLETION-CANDIDATES} (default: CUTMIX).")
  Mix mix;

  @HelpHeading(HelpHeading.Heading.AUGMENTATION)
  @Option(
      names = "--mix-alpha",
      paramLabel = "A",
      description = "The mixed share is drawn from Beta(A, A) (default: 1.0).")
  Double mixAlpha;

  @HelpHeading(HelpHeading.Heading.AUGMENTATION)
  @Option(
      names = "--mix-probability",
      paramLabel = "P",
      description = "Share of batches that are mixed (default: 0.5).")
  Double mixProbability;

  @HelpHeading(HelpHeading.Heading.AUGMENTATION)
  @Option(
      names = "--donors",
      description = {
        "The photos that CutMix and half faces paste from:",
        "${COMPLETION-CANDIDATES}; OLD: people from 60 (default: ALL)."
      })
  Donors donors;

  @HelpHeading(HelpHeading.Heading.AUGMENTATION)
  @Option(
      names = "--crop-scale",
      paramLabel = "SHARE",
      description = "Smallest area of a random crop, in (0, 1] (default: 0.5).")
  Double cropScale;

  @HelpHeading(HelpHeading.Heading.AUGMENTATION)
  @Option(names = "--no-flip", description = "Do not mirror half of the photos.")
  public boolean noFlip;

  @Option(
      names = "--threads",
      defaultValue = Threads.AUTO,
      converter = Threads.class,
      paramLabel = "auto|N",
      description = {
        "Threads that compute on the CPU. auto takes what the machine has left: the limits of a",
        "container, and less beside other busy processes. Another number rounds sums otherwise",
        "(default: ${DEFAULT-VALUE})."
      })
  public int threads;

  @Option(
      names = "--workers",
      paramLabel = "N",
      description =
          "Threads that read photos; any number gives the same result (default: as --threads).")
  Integer workers;

  /**
   * Returns the number of threads that read photos.
   *
   * @throws IllegalArgumentException if it is below 1
   */
  public int workers() {
    if (workers == null) {
      return Threads.orProcessors(threads);
    }
    check(workers >= 1 && workers <= MOST_WORKERS, "workers", workers, "1 to " + MOST_WORKERS);
    return workers;
  }

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

  /**
   * Adds the batch options to a recipe.
   *
   * @param recipe the recipe
   * @param sampler the sampler, which also follows the options of learning
   * @param augmentation what is done to photos
   */
  public void applyTo(
      TrainingRecipe.Builder recipe, PhotoSampler sampler, Augmentation augmentation) {
    recipe
        .optSampler(sampler)
        .optAugmentation(augmentation)
        .optBatchSize(batch)
        .optThreads(threads)
        .optStored(cacheFolder != null || cacheBytes() > 0);
  }

  /** Returns threads, cache, listener and decoder of a run. */
  public TrainingRecipe.Running running(TrainingListener listener, PhotoDecoder decoder) {
    return new TrainingRecipe.Running(
        workers(), cacheBytes(), Optional.ofNullable(cacheFolder), listener, decoder);
  }

  private long cacheBytes() {
    check(cacheMegabytes >= 0, "cacheBytes", cacheMegabytes + " MB", "0 or more");
    return cacheMegabytes << 20;
  }

  /**
   * Returns what is done to training photos. The single options override a preset; a list is
   * complete, and what it has is not given again by an option.
   *
   * @throws IOException if the list of transforms is wrong
   */
  public Augmentation augmentation() throws IOException {
    AugmentOption.Choice choice =
        augment
            .read()
            .orElseGet(() -> new AugmentOption.Choice(Preset.LIGHT.augmentation(), false));
    Augmentation chosen = choice.augmentation();
    List<PhotoTransform> transforms = new ArrayList<>(chosen.transforms());
    boolean cropped = !transforms.isEmpty() && transforms.get(0) instanceof CropTransform;
    if (choice.list()) {
      refuseBoth(cropScale != null, cropped, "--crop-scale", "a crop");
      refuseBoth(
          noFlip,
          transforms.stream().anyMatch(HorizontalFlip.class::isInstance),
          "--no-flip",
          "a flip");
      refuseBoth(mixIsGiven(), chosen.mixing().isPresent(), givenMix(), "a mixing");
    }
    if (noFlip) {
      transforms.removeIf(HorizontalFlip.class::isInstance);
    }
    if (cropScale != null) {
      if (cropped) {
        transforms.remove(0);
      }
      transforms.add(0, RandomResizedCrop.of(cropScale, 1));
    }
    chosen = chosen.withTransforms(transforms);
    return mixIsGiven() ? chosen.withMixing(mixing()) : chosen;
  }

  private static void refuseBoth(boolean given, boolean listed, String option, String what) {
    checkArgument(
        !given || !listed,
        "%s is given, and the list of --augment has %s; change the list, or leave %s out",
        option,
        what,
        option);
  }

  private boolean mixIsGiven() {
    return !givenMix().isEmpty();
  }

  /** Returns the first option about mixing that is given. */
  private String givenMix() {
    if (mix != null) {
      return "--mix";
    }
    if (mixAlpha != null) {
      return "--mix-alpha";
    }
    if (mixProbability != null) {
      return "--mix-probability";
    }
    return donors == null ? "" : "--donors";
  }

  private Optional<Mixing> mixing() {
    double alpha = mixAlpha == null ? 1 : mixAlpha;
    double share = mixProbability == null ? 0.5 : mixProbability;
    boolean fromAll = donors != Donors.OLD;
    return switch (mix == null ? Mix.CUTMIX : mix) {
      case NONE -> Optional.empty();
      case CUTMIX -> {
        CutMix cutMix = CutMix.alpha(alpha).withProbability(share);
        yield Optional.of(fromAll ? cutMix : cutMix.withDonorClasses(oldestClasses()));
      }
      case MIXUP -> Optional.of(MixUp.alpha(alpha).withProbability(share));
      case HALF_FACE -> {
        HalfFace halfFace = HalfFace.leftOrRight().withProbability(share);
        yield Optional.of(fromAll ? halfFace : halfFace.withDonorClasses(oldestClasses()));
      }
    };
  }

  private static List<FaceClass> oldestClasses() {
    return FaceClass.values().stream().filter(c -> c.age() == AgeGroup.FROM_60).toList();
  }
}
