package io.github.facemask.cli.options;

import static com.google.common.base.Preconditions.checkArgument;

import io.github.facemask.classify.FaceClassifier;
import io.github.facemask.ensemble.Ensemble;
import io.github.facemask.label.FaceLabel;
import io.github.facemask.prediction.PredictionTable;
import io.github.facemask.prediction.Prior;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Correction of the answers for other shares of the labels than in training. */
@HelpHeading(HelpHeading.Heading.NETWORK)
public final class PriorOptions {

  private static final String UNIFORM = "uniform";
  private static final String NATURAL = "natural";
  private static final String ESTIMATE = "estimate";

  /** Fewer photos for each label make a rough estimate. */
  private static final int LEAST_PHOTOS = 10;

  /** A larger share of one label is more often a failed estimate than the truth. */
  private static final double MOST = 0.9;

  @Option(
      names = "--prior",
      paramLabel = "FILE|uniform|natural|estimate",
      description = {
        "Correct the probabilities for the shares of the labels among these photos: a CSV file",
        "('mask,share' or 'class,share'; shares or counts), uniform, natural (as in the training",
        "photos) or estimate (from the answers, without labels). By default they are as in the",
        "training's batches."
      })
  String prior;

  @Option(
      names = "--training-prior",
      paramLabel = "FILE",
      description = "The shares in training, for an older model whose card lacks them.")
  Path trainingPrior;

  /** Returns whether the answers are corrected. */
  public boolean corrects() {
    checkArgument(
        prior != null || trainingPrior == null,
        "--training-prior is %s without --prior, expected both or none",
        trainingPrior);
    return prior != null;
  }

  /** Reads the files and checks the cards, before the photos are read. */
  public void checkFor(Ensemble ensemble) throws IOException {
    if (corrects()) {
      List<Prior> training = ensemble.trainingPriors(training());
      if (!word().equals(ESTIMATE)) {
        ensemble.refuseOtherPrior(training, target(ensemble));
      }
    }
  }

  /**
   * The answers of an ensemble.
   *
   * @param each those of each member, corrected for the scores of each alone
   * @param combined those of all together, corrected
   */
  public record Answers(List<PredictionTable> each, PredictionTable combined) {}

  /**
   * Combines the answers of an ensemble's members, corrected if there is a prior. Prints the
   * shares.
   *
   * @param ensemble the ensemble
   * @param each the members' own answers
   * @param out for the shares that are used
   * @param err for notes on an estimate
   */
  public Answers combine(
      Ensemble ensemble, List<PredictionTable> each, PrintWriter out, PrintWriter err)
      throws IOException {
    if (!corrects()) {
      return new Answers(each, ensemble.combine(each));
    }
    List<Prior> training = ensemble.trainingPriors(training());
    boolean estimates = word().equals(ESTIMATE);
    Prior target = estimates ? estimate(each, training) : target(ensemble);
    Answers answers =
        new Answers(
            ensemble.corrected(each, training, target), ensemble.combine(each, training, target));
    Prior used = target.only(ensemble.attributes());
    out.printf("corrected for %sshares: %s%n", estimates ? "estimated " : "", words(used));
    if (estimates) {
      warn(used, each.get(0).size(), err);
    }
    return answers;
  }

  private static String words(Prior prior) {
    List<FaceLabel> labels = FaceLabel.knowing(prior.attributes());
    List<String> words = new ArrayList<>();
    for (int i = 0; i < labels.size(); i++) {
      words.add(
          String.format(
              Locale.ROOT, "%s %.4f", labels.get(i).displayName(), prior.shares().get(i)));
    }
    // Names of labels of several attributes have commas themselves.
    return String.join(prior.attributes().size() > 1 ? "; " : ", ", words);
  }

  private static void warn(Prior estimate, int photos, PrintWriter err) {
    List<FaceLabel> labels = FaceLabel.knowing(estimate.attributes());
    if (photos < LEAST_PHOTOS * labels.size()) {
      err.printf(
          "mask: note: few photos: %d for %d labels; an estimate needs %d or more for each%n",
          photos, labels.size(), LEAST_PHOTOS);
    }
    for (int i = 0; i < labels.size(); i++) {
      if (estimate.shares().get(i) > MOST) {
        err.printf(
            Locale.ROOT,
            "mask: note: the estimate has '%s' in %.1f %% of the photos; look at some of them%n",
            labels.get(i).displayName(),
            100 * estimate.shares().get(i));
      }
    }
  }

  /** Corrects the answers of a classifier. */
  public void applyTo(FaceClassifier.Builder classifier, Ensemble ensemble) throws IOException {
    if (!corrects()) {
      return;
    }
    checkArgument(
        !word().equals(ESTIMATE),
        "--prior is estimate, which needs all answers first; expected uniform, natural or a file"
            + " here, or --out without --text, --json and --csv");
    Optional<Prior> training = training();
    Prior target = target(ensemble);
    if (training.isPresent()) {
      classifier.optPrior(target, training.get());
    } else {
      classifier.optPrior(target);
    }
  }

  private String word() {
    return prior.toLowerCase(Locale.ROOT);
  }

  private Optional<Prior> training() throws IOException {
    return trainingPrior == null ? Optional.empty() : Optional.of(Prior.read(trainingPrior));
  }

  private Prior target(Ensemble ensemble) throws IOException {
    return switch (word()) {
      case UNIFORM -> Prior.uniform();
      case NATURAL -> ensemble.naturalPrior();
      default -> {
        checkArgument(
            Files.exists(Path.of(prior)),
            "--prior is '%s', expected uniform, natural, estimate or a file of shares",
            prior);
        yield Prior.read(Path.of(prior));
      }
    };
  }

  /** The mean of the members' estimates. */
  private static Prior estimate(List<PredictionTable> each, List<Prior> training) {
    List<Prior> own = new ArrayList<>();
    for (int m = 0; m < each.size(); m++) {
      own.add(Prior.estimate(each.get(m), training.get(m)));
    }
    Prior first = own.get(0);
    double[] sum = new double[first.shares().size()];
    for (Prior one : own) {
      Prior same = one.only(first.attributes());
      checkArgument(
          same.attributes().equals(first.attributes()),
          "--prior is estimate, and the members answer different attributes; expected a file");
      for (int i = 0; i < sum.length; i++) {
        sum[i] += same.shares().get(i);
      }
    }
    return Prior.of(first.attributes(), sum);
  }
}
