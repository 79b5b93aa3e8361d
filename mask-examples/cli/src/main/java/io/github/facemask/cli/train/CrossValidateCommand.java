package io.github.facemask.cli.train;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableMap;
import io.github.facemask.cli.interruption.Interruption;
import io.github.facemask.cli.options.Devices;
import io.github.facemask.cli.options.ModelOptions;
import io.github.facemask.cli.options.PartOptions;
import io.github.facemask.cli.options.Photos;
import io.github.facemask.cli.options.RunOptions;
import io.github.facemask.crossvalidation.CrossValidation;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.dataset.Split;
import io.github.facemask.ensemble.Ensemble;
import io.github.facemask.ensemble.EnsemblePredictor;
import io.github.facemask.evaluation.Evaluation;
import io.github.facemask.prediction.PredictionTable;
import io.github.facemask.recipe.TrainingRecipe;
import io.github.facemask.training.Training;
import io.github.facemask.training.TrainingResult;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Trains one run for each fold. */
@Command(
    name = "cross-validate",
    header = "Trains once for each fold and writes out-of-fold predictions.",
    description = {
      "Trains once for each of --folds folds and predicts each photo with the run that was not",
      "trained on its person. Writes fold-<i>/<run>/ and out-of-fold.csv. Continues where it was",
      "stopped if started again with the same options."
    },
    footer = {"", "Example: mask cross-validate --data photos --folds 5 --out cv --size 112"})
public final class CrossValidateCommand implements Callable<Integer> {

  private static final String FOLD = "fold-";

  @Spec CommandSpec spec;

  @Mixin RunOptions options;

  @Option(names = "--out", required = true, paramLabel = "DIR", description = "Folder of the runs.")
  Path out;

  @Mixin PartOptions parts;

  @Option(
      names = "--judgement",
      paramLabel = "FILE",
      description = "Also write the evaluation of all folds as JSON, for 'mask report'.")
  Path judgement;

  @Override
  public Integer call() throws Exception {
    return Interruption.whileStartedAgain(spec, this::validate);
  }

  private int validate() throws IOException {
    checkArgument(
        options.data.folds >= 2 && options.data.fold == 0,
        "--folds is %s and --fold %s, expected two or more folds, all of which are trained",
        options.data.folds,
        options.data.fold);
    PrintWriter to = spec.commandLine().getOut();
    parts.check();
    if (parts.pending) {
      for (int fold : CrossValidation.pending(out, options.data.folds)) {
        to.println(FOLD + fold);
      }
      return 0;
    }
    PhotoSet photos = options.data.photos(spec.commandLine().getErr());
    List<Split> folds = options.data.allFolds(photos, spec.commandLine().getErr());
    List<TrainingConsole> consoles = new ArrayList<>();
    try {
      CrossValidation all =
          CrossValidation.of(folds, (fold, i) -> training(fold, i, consoles, to), this::predict);
      if (parts.only != null) {
        all.train(out, fold());
      } else {
        print(all.run(out), to);
      }
    } finally {
      consoles.forEach(TrainingConsole::close);
    }
    return 0;
  }

  private int fold() {
    List<String> names = new ArrayList<>();
    for (int fold = 0; fold < options.data.folds; fold++) {
      names.add(FOLD + fold);
    }
    if (!names.contains(parts.only)) {
      throw parts.unknown(names);
    }
    return names.indexOf(parts.only);
  }

  private Training training(Split fold, int index, List<TrainingConsole> consoles, PrintWriter to)
      throws IOException {
    to.printf("%s%d, %d of %d%n", FOLD, index, index + 1, options.data.folds);
    consoles.forEach(TrainingConsole::close);
    TrainingConsole console = new TrainingConsole(to);
    consoles.add(console);
    String command = String.join(" ", spec.commandLine().getParseResult().originalArgs());
    TrainingRecipe recipe =
        options.recipe(
            fold, "fold" + index, ImmutableMap.of("command", command, "validatedFold", index));
    return options.training(recipe, console);
  }

  private PredictionTable predict(TrainingResult outcome, PhotoSet photos) throws IOException {
    EnsemblePredictor predictor =
        new EnsemblePredictor(
            Ensemble.open(outcome.model()), Devices.named(options.device), options.precision());
    ModelOptions model = new ModelOptions();
    model.batch = options.batches.batch;
    model.threads = options.batches.threads;
    model.decoder = options.data.decoder();
    return predictor
        .ensemble()
        .combine(Photos.predictEach(predictor, model, photos, options.crops(photos)));
  }

  private void print(CrossValidation.Result result, PrintWriter to) throws IOException {
    for (int i = 0; i < result.results().size(); i++) {
      TrainingResult outcome = result.results().get(i);
      to.printf(
          Locale.ROOT, "%s%d: %s  %s%n", FOLD, i, outcome.best().score(), outcome.run().path());
    }
    Evaluation evaluation = Evaluation.of(result.predictions(), result.truth());
    to.printf(
        Locale.ROOT,
        "all %d photos: %s (95 %% of draws of people: %.4f to %.4f), accuracy %.4f%n",
        evaluation.photos(),
        evaluation.score(),
        evaluation.macroF1Interval().low(),
        evaluation.macroF1Interval().high(),
        evaluation.counts().accuracy());
    to.println(out.resolve(CrossValidation.PREDICTIONS));
    if (judgement != null) {
      evaluation.write(judgement);
    }
  }
}
