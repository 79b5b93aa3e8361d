package io.github.facemask.cli.options;

import static com.google.common.base.Preconditions.checkArgument;
import static io.github.facemask.problem.InvalidArgumentException.check;

import com.google.common.collect.ImmutableList;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.loss.CrossEntropy;
import io.github.facemask.loss.FocalLoss;
import io.github.facemask.loss.SoftMacroF1;
import io.github.facemask.loss.SoftTargetLoss;
import io.github.facemask.loss.TrainingLoss;
import io.github.facemask.loss.WeightedSum;
import io.github.facemask.optimizer.Adam;
import io.github.facemask.optimizer.AdamW;
import io.github.facemask.optimizer.FusedOptimizer;
import io.github.facemask.optimizer.Sgd;
import io.github.facemask.recipe.TrainingRecipe;
import io.github.facemask.sampling.ClassWeights;
import io.github.facemask.sampling.PhotoSampler;
import io.github.facemask.schedule.ReduceOnPlateau;
import io.github.facemask.schedule.Schedule;
import io.github.facemask.training.Training.Monitor;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Loss, optimizer and schedule. */
@HelpHeading(HelpHeading.Heading.OPTIMISATION)
public final class LearningOptions {

  /** The loss. */
  public enum LossChoice {
    CROSS_ENTROPY,
    FOCAL,
    LOGIT_ADJUSTED,
    BALANCED_SOFTMAX,
    MACRO_F1,
    CROSS_ENTROPY_AND_F1
  }

  /** How classes are weighted. */
  public enum ClassWeighting {
    NONE,
    INVERSE,
    EFFECTIVE
  }

  /** The optimizer. */
  public enum OptimizerChoice {
    ADAMW,
    ADAM,
    SGD
  }

  /** The learning rate schedule. */
  public enum ScheduleChoice {
    COSINE,
    COSINE_RESTARTS,
    STEP,
    MULTI_STEP,
    CONSTANT,
    ONE_CYCLE
  }

  @Option(
      names = "--loss",
      defaultValue = "CROSS_ENTROPY",
      description = {
        "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}). LOGIT_ADJUSTED and BALANCED_SOFTMAX",
        "train with the shares of the classes that --sampler shows, so that the answers hold for",
        "equally frequent classes; use them with --sampler SHUFFLED."
      })
  LossChoice loss;

  @Mixin public BalanceOptions balance;

  @Option(
      names = "--label-smoothing",
      defaultValue = "0",
      paramLabel = "SHARE",
      description = "For cross entropy, 0 to below 1 (default: ${DEFAULT-VALUE}).")
  double labelSmoothing;

  @Option(
      names = "--class-weights",
      defaultValue = "NONE",
      description = {
        "Class weights of cross entropy, from the training photos: ${COMPLETION-CANDIDATES};",
        "INVERSE: inverse frequency, EFFECTIVE: see --effective-beta (default:",
        "${DEFAULT-VALUE})."
      })
  public ClassWeighting classWeights;

  @Option(
      names = "--effective-beta",
      defaultValue = "0.999",
      paramLabel = "B",
      description = "0 to below 1; nearer to 1 is nearer to INVERSE (default: ${DEFAULT-VALUE}).")
  public double effectiveBeta;

  @Option(
      names = "--keep-best",
      defaultValue = "1",
      paramLabel = "K",
      description = {
        "Keep the models of the K best epochs in the run's checkpoints folder (default:",
        "${DEFAULT-VALUE})."
      })
  int keepBest;

  @Option(
      names = "--focal-gamma",
      defaultValue = "2",
      paramLabel = "G",
      description = "For the focal loss (default: ${DEFAULT-VALUE}).")
  double focalGamma;

  @Option(
      names = "--optimizer",
      defaultValue = "ADAMW",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  OptimizerChoice optimizer;

  @Option(
      names = "--lr",
      defaultValue = "1e-3",
      paramLabel = "RATE",
      description = "Learning rate (default: ${DEFAULT-VALUE}).")
  double learningRate;

  @Option(
      names = "--weight-decay",
      defaultValue = "0.05",
      paramLabel = "D",
      description = "Not for norms and biases (default: ${DEFAULT-VALUE}).")
  double weightDecay;

  @Option(
      names = "--momentum",
      defaultValue = "0.9",
      paramLabel = "M",
      description = "Nesterov momentum of SGD (default: ${DEFAULT-VALUE}).")
  double momentum;

  @Option(
      names = "--clip",
      defaultValue = "Infinity",
      paramLabel = "NORM",
      description = "Largest global norm of the gradients (default: ${DEFAULT-VALUE}).")
  double clip;

  @Option(
      names = "--schedule",
      defaultValue = "COSINE",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  ScheduleChoice schedule;

  @Option(
      names = "--warmup-steps",
      defaultValue = "0",
      paramLabel = "N",
      description = "Steps of linear warm-up (default: ${DEFAULT-VALUE}).")
  long warmupSteps;

  @Option(
      names = "--warmup-epochs",
      defaultValue = "0",
      paramLabel = "N",
      description = "Epochs of linear warm-up, also a part of one (default: ${DEFAULT-VALUE}).")
  double warmupEpochs;

  @Option(
      names = "--period-steps",
      defaultValue = "100",
      paramLabel = "N",
      description = {
        "Steps between reductions of STEP, or to the first restart of COSINE_RESTARTS; each",
        "later period is twice as long (default: ${DEFAULT-VALUE})."
      })
  int period;

  @Option(
      names = "--milestones",
      split = ",",
      paramLabel = "STEP",
      description = "The steps at which MULTI_STEP reduces the rate, in rising order.")
  List<Long> milestones = new ArrayList<>();

  @Option(
      names = "--step-factor",
      defaultValue = "0.1",
      paramLabel = "F",
      description = "Factor of the rate for STEP and MULTI_STEP (default: ${DEFAULT-VALUE}).")
  double stepFactor;

  @Option(
      names = "--plateau-patience",
      defaultValue = "0",
      paramLabel = "EPOCHS",
      description = {
        "Multiply the rate by --plateau-factor after this number of epochs without",
        "improvement; 0 for never (default: ${DEFAULT-VALUE})."
      })
  public int plateauPatience;

  @Option(
      names = "--plateau-factor",
      defaultValue = "0.1",
      paramLabel = "F",
      description = "See --plateau-patience (default: ${DEFAULT-VALUE}).")
  double plateauFactor;

  @Option(
      names = "--ema",
      defaultValue = "0",
      paramLabel = "DECAY",
      description = {
        "Validate and save a moving average of the weights, for instance 0.999; 0 for none",
        "(default: ${DEFAULT-VALUE})."
      })
  public double averageDecay;

  @Option(
      names = "--best-by",
      defaultValue = "MACRO_F1",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  Monitor bestBy;

  @Option(
      names = "--patience",
      defaultValue = "0",
      paramLabel = "EPOCHS",
      description = {
        "Stop after this number of epochs without improvement; 0 for never (default:",
        "${DEFAULT-VALUE})."
      })
  public int patience;

  /**
   * Sets how a training learns.
   *
   * @param training the recipe
   * @param learners the training photos
   * @param labels the training photos with the labels that training sees
   * @param batches the options of batches
   * @param sampler the sampler
   * @param epochs the number of epochs
   */
  void applyTo(
      TrainingRecipe.Builder training,
      PhotoSet learners,
      PhotoSet labels,
      BatchOptions batches,
      PhotoSampler sampler,
      int epochs) {
    checkArgument(
        plateauPatience >= 0,
        "--plateau-patience is %s, expected 0 or more epochs",
        plateauPatience);
    if (plateauPatience > 0) {
      training.optReduceOnPlateau(ReduceOnPlateau.of(plateauFactor, plateauPatience - 1));
    }
    training
        .optLoss(loss(learners, labels, batches, sampler, epochs))
        .optKeepBest(keepBest)
        .optOptimizer(optimizer())
        .optSchedule(schedule(epochs))
        .optGradientClipping(clip)
        .optEma(averageDecay)
        .optMonitor(bestBy)
        .optPatience(patience);
  }

  private TrainingLoss loss(
      PhotoSet learners, PhotoSet labels, BatchOptions batches, PhotoSampler sampler, int epochs) {
    checkArgument(
        balance.adjustTau == null || loss == LossChoice.LOGIT_ADJUSTED,
        "--adjust-tau is %s and --loss %s, expected --loss LOGIT_ADJUSTED with it",
        balance.adjustTau,
        loss);
    ImmutableList<Double> weights = weights(learners);
    return loss == LossChoice.LOGIT_ADJUSTED || loss == LossChoice.BALANCED_SOFTMAX
        ? balance.adjusted(loss == LossChoice.LOGIT_ADJUSTED, labels, sampler, epochs)
        : balance.weighted(loss(ImmutableList.of()), loss(weights), batches.sampling, epochs);
  }

  private SoftTargetLoss loss(ImmutableList<Double> weights) {
    SoftTargetLoss crossEntropy = new CrossEntropy(labelSmoothing, weights);
    SoftTargetLoss f1 = new SoftMacroF1(1e-7);
    return switch (loss) {
      case FOCAL -> new FocalLoss(focalGamma);
      case MACRO_F1 -> f1;
      case CROSS_ENTROPY_AND_F1 ->
          new WeightedSum(
              ImmutableList.of(new WeightedSum.Term(1, crossEntropy), new WeightedSum.Term(1, f1)));
      default -> crossEntropy;
    };
  }

  private ImmutableList<Double> weights(PhotoSet learners) {
    checkArgument(
        classWeights == ClassWeighting.NONE
            || loss == LossChoice.CROSS_ENTROPY
            || loss == LossChoice.CROSS_ENTROPY_AND_F1,
        "--class-weights is %s and --loss %s, which has no weights; expected a loss of cross entropy",
        classWeights,
        loss);
    return switch (classWeights) {
      case NONE -> ImmutableList.of();
      case INVERSE -> toList(ClassWeights.inverseFrequency(learners));
      case EFFECTIVE -> toList(ClassWeights.effectiveNumber(learners, effectiveBeta));
    };
  }

  private static ImmutableList<Double> toList(ClassWeights weights) {
    return ImmutableList.copyOf(weights.values());
  }

  private FusedOptimizer optimizer() {
    return switch (optimizer) {
      case ADAMW -> AdamW.of(learningRate, weightDecay);
      case ADAM -> Adam.of(learningRate, weightDecay);
      case SGD -> new Sgd(learningRate, momentum, momentum > 0, weightDecay);
    };
  }

  private Schedule schedule(int epochs) {
    Schedule chosen =
        switch (schedule) {
          case COSINE -> Schedule.cosine();
          case COSINE_RESTARTS -> Schedule.cosineRestarts(period, 2);
          case STEP -> Schedule.stepDecay(period, stepFactor);
          case MULTI_STEP -> Schedule.multiStep(ImmutableList.copyOf(milestones), stepFactor);
          case CONSTANT -> Schedule.constant();
          case ONE_CYCLE -> Schedule.oneCycle(0.3);
        };
    check(
        warmupSteps == 0 || warmupEpochs == 0,
        "warmupEpochs",
        warmupEpochs,
        "0 with --warmup-steps");
    check(
        warmupEpochs == 0 || (warmupEpochs > 0 && warmupEpochs < epochs),
        "warmupEpochs",
        warmupEpochs,
        "0 to less than --epochs " + epochs);
    if (warmupEpochs > 0) {
      return Schedule.warmUpShare(warmupEpochs / epochs, chosen);
    }
    return warmupSteps == 0 ? chosen : Schedule.warmUp(warmupSteps, chosen);
  }
}
