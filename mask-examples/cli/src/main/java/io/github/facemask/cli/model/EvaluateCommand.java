package io.github.facemask.cli.model;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.Sets;
import io.github.facemask.cli.options.Count;
import io.github.facemask.cli.options.DataOptions;
import io.github.facemask.cli.options.ModelOptions;
import io.github.facemask.cli.options.OutFile;
import io.github.facemask.cli.options.Photos;
import io.github.facemask.cli.options.PriorOptions;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.ensemble.EnsemblePredictor;
import io.github.facemask.evaluation.Evaluation;
import io.github.facemask.evaluation.LabelMatrix.Score;
import io.github.facemask.label.Attribute;
import io.github.facemask.prediction.PredictionTable;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Evaluates a model on photos of people outside its training set. */
@Command(
    name = "evaluate",
    header = "Evaluates a model on people that it was not trained on.",
    description = {
      "Evaluates a run, a model, an exported program or an ensemble on the validation side of",
      "the split. Use the same split options as in training. Refuses photos of people that it",
      "was trained on."
    },
    footer = {"", "Example: mask evaluate --data photos --model runs/<run>"})
public final class EvaluateCommand implements Callable<Integer> {

  @Spec CommandSpec spec;

  @Mixin DataOptions data;
  @Mixin ModelOptions model;
  @Mixin PriorOptions prior;

  @Option(
      names = "--all",
      description = "Evaluate on all photos instead of the split's validation side.")
  boolean all;

  @Option(
      names = "--crops",
      paramLabel = "FILE",
      description =
          "For a model of face crops: a table of 'mask crop' to use instead of new crops.")
  Path crops;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Also write the evaluation as JSON, for 'mask report'.")
  Path out;

  @Option(
      names = "--predictions",
      paramLabel = "FILE",
      description = "Also write the probabilities as CSV.")
  Path predictions;

  @Override
  public Integer call() throws Exception {
    OutFile.check("--out", out);
    OutFile.check("--predictions", predictions);
    checkArgument(
        out == null || !out.equals(predictions),
        "--out and --predictions are both %s, expected two files",
        out);
    PrintWriter err = spec.commandLine().getErr();
    PhotoSet photos = data.photos(err);
    model.decoder = data.decoder();
    PhotoSet judges = all ? photos : data.split(photos, err).validation();
    EnsemblePredictor predictor = model.predictor();
    predictor.ensemble().refuseSeenPeople(judges.people());
    Photos.warnOfRenamedPeople(predictor.ensemble(), judges, spec.commandLine().getErr());
    checkArgument(
        crops == null || Photos.seesFaces(predictor.ensemble()),
        "--crops is %s, expected a model of face crops with it; this one sees whole photos",
        crops);
    prior.checkFor(predictor.ensemble());
    PriorOptions.Answers answers =
        prior.combine(
            predictor.ensemble(),
            Photos.predictEach(predictor, model, judges, Photos.crops(predictor, judges, crops)),
            spec.commandLine().getOut(),
            err);
    PredictionTable combined = answers.combined();
    Evaluation evaluation = Evaluation.of(combined, judges);
    spec.commandLine().getOut().println(model.precision(predictor.ensemble()).told());
    print(spec.commandLine().getOut(), predictor, answers, evaluation, judges);
    if (!data.leftOut().isEmpty()) {
      spec.commandLine()
          .getOut()
          .printf("not scored: %s%n", Count.of(data.leftOut().size(), "unreadable photo"));
    }
    if (out != null) {
      evaluation.write(out);
    }
    if (predictions != null) {
      combined.write(predictions);
    }
    return 0;
  }

  /** Scores each of several joined sets apart. */
  private static void printSets(PrintWriter to, PredictionTable table, PhotoSet judges) {
    if (judges.sets().size() > 1) {
      for (String set : judges.sets()) {
        PhotoSet photos = judges.only(set);
        if (Sets.intersection(photos.known(), table.origin().attributes()).isEmpty()) {
          to.printf("set %s: its photos do not know what the model answers%n", set);
          continue;
        }
        Evaluation own = Evaluation.builder(table, photos).optResamples(1).build();
        to.printf("set %s, %d photos: %s%n", set, own.photos(), own.score());
      }
    }
  }

  private static void print(
      PrintWriter to,
      EnsemblePredictor predictor,
      PriorOptions.Answers answers,
      Evaluation evaluation,
      PhotoSet judges) {
    to.printf(Locale.ROOT, "%d photos of %d people%n", evaluation.photos(), evaluation.people());
    FittedNote.of(predictor.ensemble(), judges).ifPresent(to::println);
    List<PredictionTable> each = answers.each();
    if (each.size() > 1) {
      for (int m = 0; m < each.size(); m++) {
        to.printf(
            Locale.ROOT,
            "  member %-40s %s%n",
            predictor.ensemble().members().get(m).model().origin().runId(),
            Evaluation.of(each.get(m), judges).score());
      }
    }
    Score score = evaluation.score();
    to.printf(
        Locale.ROOT,
        "%s  %.4f  (95 %% of draws of people: %.4f to %.4f)%n",
        score.name(),
        score.value(),
        evaluation.macroF1Interval().low(),
        evaluation.macroF1Interval().high());
    if (score.present() < score.of()) {
      to.println("  " + score.presence());
    }
    to.printf(Locale.ROOT, "accuracy  %.4f%n", evaluation.counts().accuracy());
    for (Attribute attribute : evaluation.counts().known()) {
      Score own = evaluation.counts().score(attribute);
      to.printf(
          Locale.ROOT,
          "  %-8s macro F1 %.4f, accuracy %.4f, %d photos%s%n",
          attribute.word(),
          own.value(),
          evaluation.scores(attribute).accuracy(),
          evaluation.confusion(attribute).total(),
          own.present() < own.of() ? ", " + own.presence() : "");
    }
    evaluation.ageError().ifPresent(to::println);
    printSets(to, answers.combined(), judges);
    to.printf(
        Locale.ROOT,
        "expected calibration error  %.4f%n",
        evaluation.calibration().expectedError());
  }
}
