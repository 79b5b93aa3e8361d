package io.github.facemask.cli.train;

import com.google.common.collect.ImmutableMap;
import io.github.facemask.cli.options.DataOptions;
import io.github.facemask.cli.options.RunOptions;
import io.github.facemask.dataset.Split;
import io.github.facemask.recipe.TrainingRecipe;
import io.github.facemask.training.TrainingResult;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Trains a backbone. */
@Command(
    name = "train",
    header = "Trains a backbone; writes runs/<run>/.",
    description = {
      "Trains a backbone on photos split by person. Writes runs/<run>/ with run.json (all",
      "parameters, before the first step), metrics.jsonl (one line for each epoch) and model/",
      "(the best epoch's weights as safetensors). The same seed gives the same metrics."
    },
    footer = {"", "Example: mask train --data photos --backbone resnet18 --size 112 --epochs 12"})
public final class TrainCommand implements Callable<Integer> {

  @Spec CommandSpec spec;

  @Mixin RunOptions options;

  @Option(
      names = "--runs",
      defaultValue = "runs",
      paramLabel = "DIR",
      description = "Folder of all runs (default: ${DEFAULT-VALUE}).")
  Path runs;

  @Option(names = "--name", defaultValue = "", description = "Name in the run's id.")
  String name;

  @Override
  public Integer call() throws Exception {
    train();
    return 0;
  }

  /**
   * Reads what is to be done to photos, without training.
   *
   * @throws IOException if a list of transforms is wrong
   */
  public void checkAugmentation() throws IOException {
    options.batches.augmentation();
  }

  /** Trains and prints the result. */
  TrainingResult train() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    Split split = options.data.split(options.data.photos(err), err);
    TrainingRecipe recipe =
        options.recipe(
            split,
            name,
            ImmutableMap.of(
                "command", String.join(" ", spec.commandLine().getParseResult().originalArgs())));
    RunOptions.tellUnknown(recipe, out);
    out.println("augmentation: " + recipe.augmentation());
    options.tellBalance(out);
    try (TrainingConsole console = new TrainingConsole(out)) {
      TrainingResult outcome = options.training(recipe, console).run(runs);
      print(out, outcome);
      return outcome;
    }
  }

  /** Returns the options of the photos. */
  public DataOptions data() {
    return options.data;
  }

  static void print(PrintWriter out, TrainingResult outcome) {
    out.printf(
        Locale.ROOT,
        "%s: best %s in epoch %d, accuracy %.4f%n",
        outcome.run().path(),
        outcome.best().score(),
        outcome.best().epoch(),
        outcome.best().accuracy());
    outcome
        .best()
        .ageError()
        .ifPresent(
            error -> out.printf(Locale.ROOT, "age error %.2f years (mean absolute)%n", error));
  }
}
