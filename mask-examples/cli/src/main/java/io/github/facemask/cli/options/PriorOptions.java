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

  @Option(
      names = "--prior",
      paramLabel = "FILE|uniform|natural|estimate",
      description = {
        "Correct the probabilities for the shares of the labels among these photos: a CSV file",
        "('mask,share' or 'class,share'), uniform, natural (as in the training photos) or estimate",
        "(from the answers, without labels). By default they are as in the training's batches."
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
      ensemble.trainingPriors(training());
      if (!word().equals(ESTIMATE)) {
        target(ensemble);
      }
    }
  }

  /** Corrects the tables of an ensemble's members. */
  public List<PredictionTable> corrected(
      Ensemble ensemble, List<PredictionTable> each, PrintWriter out) throws IOException {
    if (!corrects()) {
      return each;
    }
    List<Prior> training = ensemble.trainingPriors(training());
    Prior target = word().equals(ESTIMATE) ? estimate(each, training, out) : target(ensemble);
    return ensemble.corrected(each, training, target);
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
  private static Prior estimate(List<PredictionTable> each, List<Prior> training, PrintWriter out) {
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
    Prior mean = Prior.of(first.attributes(), sum);
    List<FaceLabel> labels = FaceLabel.knowing(mean.attributes());
    out.println("estimated shares:");
    for (int i = 0; i < labels.size(); i++) {
      out.printf(Locale.ROOT, "  %-32s %.4f%n", labels.get(i).displayName(), mean.shares().get(i));
    }
    return mean;
  }
}
