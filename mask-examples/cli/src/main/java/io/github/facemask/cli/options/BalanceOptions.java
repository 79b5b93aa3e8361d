package io.github.facemask.cli.options;

import static com.google.common.base.Preconditions.checkArgument;
import static io.github.facemask.problem.InvalidArgumentException.check;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.Doubles;
import io.github.facemask.cli.options.BatchOptions.SamplerOption;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.label.FaceClass;
import io.github.facemask.loss.CrossEntropy;
import io.github.facemask.loss.SoftTargetLoss;
import io.github.facemask.loss.TrainingLoss;
import io.github.facemask.prediction.Prior;
import io.github.facemask.sampling.PhotoSampler;
import picocli.CommandLine.Option;

/** When classes are balanced, and logits that are adjusted to the shares of the classes. */
@HelpHeading(HelpHeading.Heading.OPTIMISATION)
public final class BalanceOptions {

  /** When the sampler and the class weights begin. */
  public enum Rebalance {
    AT_ONCE,
    DEFERRED,
    PROGRESSIVE
  }

  private static final double USUAL_DEFERRED = 0.8;

  @Option(
      names = "--rebalance",
      defaultValue = "AT_ONCE",
      description = {
        "When --sampler and --class-weights begin: ${COMPLETION-CANDIDATES}; DEFERRED: after the",
        "epochs of --defer-epochs, PROGRESSIVE: the sampler goes from the natural shares in the",
        "first epoch to its own in the last (default: ${DEFAULT-VALUE})."
      })
  Rebalance rebalance;

  @Option(
      names = "--defer-epochs",
      paramLabel = "N",
      description =
          "Epochs with the natural shares, for DEFERRED (default: four fifths of --epochs).")
  Integer deferEpochs;

  @Option(
      names = "--adjust-tau",
      paramLabel = "T",
      description = "Strength of --loss LOGIT_ADJUSTED, 0 or more (default: 1).")
  Double adjustTau;

  private boolean evenShares;

  /** Returns the sampler of a run. */
  PhotoSampler sampler(SamplerOption option, PhotoSet learners, int batch, int epochs) {
    PhotoSampler balanced = option.sampler(learners, batch);
    checkArgument(
        deferEpochs == null || rebalance == Rebalance.DEFERRED,
        "--defer-epochs is %s and --rebalance %s, expected --rebalance DEFERRED with it",
        deferEpochs,
        rebalance);
    checkArgument(
        rebalance != Rebalance.PROGRESSIVE || option.weighs(),
        "--rebalance is PROGRESSIVE and --sampler %s, expected one of INVERSE, SQUARE_ROOT,"
            + " EFFECTIVE and WITHOUT_REPLACEMENT",
        option.sampler);
    checkArgument(
        rebalance != Rebalance.DEFERRED || option.sampler != BatchOptions.Sampling.OVERSAMPLE,
        "--rebalance is DEFERRED and --sampler OVERSAMPLE, whose epochs are longer; expected"
            + " another sampler");
    return switch (rebalance) {
      case AT_ONCE -> balanced;
      case DEFERRED ->
          option.balances()
              ? PhotoSampler.deferred(option.natural(learners), balanced, deferred(epochs))
              : balanced;
      case PROGRESSIVE ->
          epochs < 2 ? balanced : PhotoSampler.progressive(option.weighted(learners), epochs);
    };
  }

  private int deferred(int epochs) {
    if (deferEpochs == null) {
      return Math.max(1, (int) Math.round(USUAL_DEFERRED * epochs));
    }
    check(
        deferEpochs >= 1 && deferEpochs < epochs,
        "deferEpochs",
        deferEpochs,
        "1 to less than --epochs " + epochs);
    return deferEpochs;
  }

  /** Returns the loss with class weights: from the start, or after the first epochs. */
  TrainingLoss weighted(
      SoftTargetLoss plain, SoftTargetLoss weighted, SamplerOption sampler, int epochs) {
    boolean weighs = !plain.equals(weighted);
    checkArgument(
        !weighs || rebalance != Rebalance.PROGRESSIVE,
        "--rebalance is PROGRESSIVE with --class-weights, expected DEFERRED or AT_ONCE");
    checkArgument(
        weighs || rebalance != Rebalance.DEFERRED || sampler.balances(),
        "--rebalance is DEFERRED, and neither --sampler %s nor --class-weights balances classes;"
            + " expected one that does",
        sampler.sampler);
    return weighs && rebalance == Rebalance.DEFERRED
        ? new TrainingLoss.Deferred(plain, weighted, deferred(epochs))
        : weighted;
  }

  /** Returns a loss of adjusted logits for the shares of the classes that the batches show. */
  TrainingLoss adjusted(boolean tau, PhotoSet learners, PhotoSampler sampler, int epochs) {
    if (rebalance == Rebalance.DEFERRED && sampler.at(0) != sampler) {
      return new TrainingLoss.Deferred(
          adjusted(tau, shares(learners, sampler, 0), sampler.photosPerEpoch(learners)),
          adjusted(tau, shares(learners, sampler, epochs), sampler.photosPerEpoch(learners)),
          deferred(epochs));
    }
    double[] sum = new double[FaceClass.COUNT];
    int different = rebalance == Rebalance.PROGRESSIVE ? epochs : 1;
    for (int epoch = 0; epoch < different; epoch++) {
      double[] own = shares(learners, sampler, epoch);
      for (int id = 0; id < sum.length; id++) {
        sum[id] += own[id] / different;
      }
    }
    double least = Doubles.max(sum);
    for (double share : sum) {
      least = share > 0 ? Math.min(least, share) : least;
    }
    evenShares = Doubles.max(sum) < 1.01 * least;
    return adjusted(tau, sum, sampler.photosPerEpoch(learners));
  }

  private SoftTargetLoss adjusted(boolean tau, double[] shares, int photos) {
    if (tau) {
      return new CrossEntropy.LogitAdjusted(
          adjustTau == null ? 1 : adjustTau, Prior.of(shares).shares());
    }
    return new CrossEntropy.BalancedSoftmax(
        Doubles.asList(shares).stream()
            .map(share -> share * photos)
            .collect(ImmutableList.toImmutableList()));
  }

  private static double[] shares(PhotoSet learners, PhotoSampler sampler, int epoch) {
    return Prior.ofLabelCounts(sampler.at(epoch).expectedLabelCounts(learners)).toArray();
  }

  /** Returns whether the logits are adjusted to equal shares, which changes nothing. */
  boolean adjustsNothing() {
    return evenShares;
  }
}
