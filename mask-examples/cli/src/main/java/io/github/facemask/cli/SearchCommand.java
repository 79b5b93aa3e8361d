package io.github.facemask.cli;

import io.github.facemask.cli.TrialFolder.NotBegunException;
import io.github.facemask.cli.TrialFolder.TrialFailedException;
import io.github.facemask.cli.interruption.Interruption;
import io.github.facemask.cli.options.Count;
import io.github.facemask.cli.options.PartOptions;
import io.github.facemask.internal.files.AtomicFile;
import io.github.facemask.internal.records.RunJson;
import io.github.facemask.search.Search;
import io.github.facemask.search.Search.Entry;
import io.github.facemask.search.Search.NotTrainedException;
import io.github.facemask.search.Search.Outcome;
import io.github.facemask.search.Search.Plan;
import io.github.facemask.search.Search.Result;
import io.github.facemask.search.Search.Trial;
import io.github.facemask.training.Training.Monitor;
import io.github.facemask.training.TrainingResult;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Searches for training options. */
@Command(
    name = "search",
    header = "Searches for training options: grid, random, successive halving.",
    description = {
      "Trains trials of a plan, each as a recorded run, and ranks them by their validation score.",
      "With halving, all trials train a few epochs, and the best ones again with more. Writes",
      "search.md, search.csv and search.svg, and prints the command of the best trial. Start it",
      "again to go on after a kill. Exit code 2 if no trial succeeded."
    },
    footer = {
      "",
      "A plan is YAML: 'space:' with a list or a range for each option of 'mask train', 'base:' with",
      "options of all trials, 'method: grid' or 'random', 'trials', 'seed' and 'halving'.",
      "",
      "Example: mask search --plan plan.yaml --data photos --out search"
    })
final class SearchCommand implements Callable<Integer> {

  private static final int NONE_SUCCEEDED = 2;

  @Spec CommandSpec spec;

  @Option(names = "--plan", required = true, paramLabel = "FILE", description = "The plan.")
  Path planFile;

  @Option(
      names = "--data",
      paramLabel = "DIR|FILE",
      description = "The photos, as for 'mask train', in place of those of the plan.")
  List<String> data = new ArrayList<>();

  @Option(
      names = "--out",
      defaultValue = "search",
      paramLabel = "DIR",
      description = "Folder of all runs and the results (default: ${DEFAULT-VALUE}).")
  Path out;

  @Mixin PartOptions parts;

  /** Why no further training is begun. */
  private Optional<NotBegunException> fault = Optional.empty();

  @Override
  public Integer call() throws Exception {
    return Interruption.whileStartedAgain(spec, this::search);
  }

  private int search() throws IOException, InterruptedException {
    Plan plan = SearchPlan.read(planFile, data);
    parts.check();
    if (parts.only != null) {
      return only(plan);
    }
    List<Trial> trials = plan.list();
    PrintWriter to = spec.commandLine().getOut();
    if (!parts.pending && trials.size() < plan.trials().orElse(0)) {
      to.printf("the space has only %s%n", Count.of(trials.size(), "combination"));
    }
    Result result =
        Search.builder(plan, (trial, rung, epochs) -> train(plan, trial, rung, epochs))
            .optListener(entry -> tell(to, entry))
            .build()
            .run(out);
    if (parts.pending) {
      result.waiting().forEach(w -> to.println(name(w.trial(), w.rung(), w.epochs())));
      return 0;
    }
    if (fault.isPresent()) {
      throw new IllegalArgumentException(
          "the search stopped, for a training cannot begin; correct what the line above says, and run"
              + " the same command again",
          fault.get());
    }
    SearchPage page = new SearchPage(plan, result, monitor(plan));
    AtomicFile.writeText(out.resolve("search.csv"), page.csv());
    AtomicFile.writeText(out.resolve("search.svg"), page.svg());
    AtomicFile.writeText(out.resolve("search.md"), page.markdown());
    to.println();
    to.println(page.table());
    Optional<Entry> best = result.best();
    if (best.isEmpty()) {
      spec.commandLine()
          .getErr()
          .println(
              "mask: no trial was trained to its end; " + out.resolve("search.md") + " says why");
      return NONE_SUCCEEDED;
    }
    to.printf("the best: %s%n", page.command(best.get()));
    to.printf("its run: %s%n", out.resolve(best.get().run()));
    return 0;
  }

  private static Monitor monitor(Plan plan) {
    return plan.fixed().containsKey("best-by")
        ? Monitor.valueOf(
            plan.fixed().get("best-by").get(0).toUpperCase(Locale.ROOT).replace('-', '_'))
        : Monitor.MACRO_F1;
  }

  private void tell(PrintWriter to, Entry entry) {
    if (parts.pending) {
      return;
    }
    to.printf(
        Locale.ROOT,
        "trial %d, rung %d: %s%n",
        entry.trial().number(),
        entry.rung(),
        entry.failed()
            ? "failed: " + entry.failure()
            : String.format(Locale.ROOT, "%.4f", Math.abs(entry.score().getAsDouble())));
    to.flush();
  }

  private static String name(Trial trial, int rung, OptionalInt epochs) {
    return String.format(Locale.ROOT, "%03d", trial.number())
        + (epochs.isPresent() ? "-rung" + rung : "");
  }

  private TrialFolder folder(String name) {
    return new TrialFolder(out.resolve("trials").resolve(name));
  }

  private Outcome train(Plan plan, Trial trial, int rung, OptionalInt epochs)
      throws IOException, NotTrainedException {
    TrialFolder folder = folder(name(trial, rung, epochs));
    if (parts.pending && folder.failure().isEmpty() && folder.complete().isEmpty()) {
      throw new NotTrainedException();
    }
    if (fault.isPresent()) {
      throw new NotTrainedException();
    }
    try {
      return outcome(folder.train(SearchPlan.words(plan, trial.values(), epochs), spec));
    } catch (NotBegunException e) {
      // No result of the trial: it is trained once the fault is mended.
      fault = Optional.of(e);
      throw new NotTrainedException();
    }
  }

  /** Returns the score of the best epoch; the validation loss is negative. */
  private Outcome outcome(TrainingResult result) throws IOException {
    Monitor monitor = Monitor.valueOf(RunJson.record(result.run()).path("monitor").asText());
    double score =
        switch (monitor) {
          case MACRO_F1 -> result.best().macroF1();
          case ACCURACY -> result.best().accuracy();
          case VALIDATION_LOSS -> -result.best().validationLoss();
        };
    return new Outcome(score, out.relativize(result.run().path()).toString().replace('\\', '/'));
  }

  /** Trains one trial alone. */
  private int only(Plan plan) throws IOException {
    List<OptionalInt> rungs = new ArrayList<>();
    plan.halving()
        .ifPresentOrElse(
            halving -> halving.epochs().forEach(e -> rungs.add(OptionalInt.of(e))),
            () -> rungs.add(OptionalInt.empty()));
    List<String> names = new ArrayList<>();
    for (Trial trial : plan.list()) {
      for (int rung = 1; rung <= rungs.size(); rung++) {
        OptionalInt epochs = rungs.get(rung - 1);
        names.add(name(trial, rung, epochs));
        if (name(trial, rung, epochs).equals(parts.only)) {
          TrialFolder folder = folder(parts.only);
          try {
            folder.train(SearchPlan.words(plan, trial.values(), epochs), spec);
          } catch (TrialFailedException e) {
            // The search notes it as the trial's result.
            folder.markFailed(e.getMessage());
            spec.commandLine().getOut().printf("trial %s failed; the search goes on%n", parts.only);
          }
          return 0;
        }
      }
    }
    throw parts.unknown(names);
  }
}
