package io.github.facemask.cli;

import static com.google.common.base.Preconditions.checkArgument;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.facemask.cli.interruption.Interruption;
import io.github.facemask.cli.options.CommandWords;
import io.github.facemask.cli.options.Count;
import io.github.facemask.internal.files.AtomicFile;
import io.github.facemask.internal.records.RunJson;
import io.github.facemask.provenance.RunFolder;
import io.github.facemask.search.Search;
import io.github.facemask.search.Search.Entry;
import io.github.facemask.search.Search.Outcome;
import io.github.facemask.search.Search.Plan;
import io.github.facemask.search.Search.Result;
import io.github.facemask.search.Search.Trial;
import io.github.facemask.training.Training.Monitor;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
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

  /** A reason goes into a cell of a table; the whole one is on the console. */
  private static final int LONGEST = 120;

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

  @Override
  public Integer call() throws IOException, InterruptedException {
    try (Interruption.Work same = Interruption.goOnWithSame(spec)) {
      return search();
    }
  }

  private int search() throws IOException, InterruptedException {
    Plan plan = SearchPlan.read(planFile, data);
    List<Trial> trials = plan.list();
    PrintWriter to = spec.commandLine().getOut();
    if (trials.size() < plan.trials().orElse(0)) {
      to.printf("the space has only %s%n", Count.of(trials.size(), "combination"));
    }
    Result result =
        Search.builder(plan, (trial, rung, epochs) -> train(plan, trial, rung, epochs))
            .optListener(entry -> tell(to, entry))
            .build()
            .run(out);
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

  private static void tell(PrintWriter to, Entry entry) {
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

  private Outcome train(Plan plan, Trial trial, int rung, OptionalInt epochs) throws IOException {
    Path folder =
        out.resolve("trials")
            .resolve(
                String.format(Locale.ROOT, "%03d", trial.number())
                    + (epochs.isPresent() ? "-rung" + rung : ""));
    Optional<Path> begun = lastRun(folder);
    boolean resumed = begun.isPresent() && run(List.of("resume", begun.get().toString())).isEmpty();
    if (!resumed) {
      List<String> words = new ArrayList<>(SearchPlan.words(plan, trial.values(), epochs));
      words.addAll(List.of("--runs", folder.toString()));
      Optional<String> failure = run(words);
      checkArgument(failure.isEmpty(), "%s", failure.orElse(""));
    }
    Path run = lastRun(folder).orElseThrow();
    return new Outcome(score(run), out.relativize(run).toString().replace('\\', '/'));
  }

  /** Returns the score of the best epoch; the validation loss is negative. */
  private static double score(Path run) throws IOException {
    RunFolder folder = RunFolder.open(run);
    Monitor monitor = Monitor.valueOf(RunJson.record(folder).path("monitor").asText());
    double best = Double.NEGATIVE_INFINITY;
    for (JsonNode epoch : RunJson.metrics(folder)) {
      best =
          Math.max(
              best,
              switch (monitor) {
                case MACRO_F1 -> epoch.path("macroF1").asDouble();
                case ACCURACY -> epoch.path("accuracy").asDouble();
                case VALIDATION_LOSS -> -epoch.path("validationLoss").asDouble();
              });
    }
    return best;
  }

  /** Returns the last run in a folder, also one that was killed. */
  private static Optional<Path> lastRun(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return Optional.empty();
    }
    try (Stream<Path> runs = Files.list(folder)) {
      // Run names begin with the time.
      return runs.filter(run -> Files.isRegularFile(run.resolve("run.json")))
          .max(Comparator.naturalOrder());
    }
  }

  /** Runs a command; returns the reason if it failed. */
  private Optional<String> run(List<String> words) {
    PrintWriter to = spec.commandLine().getOut();
    to.println("$ mask " + words.stream().map(CommandWords::quoted).collect(Collectors.joining(" ")));
    to.flush();
    StringWriter errors = new StringWriter();
    CommandLine line = MaskCommand.commandLine(to, new PrintWriter(errors, true));
    int code = line.execute(words.toArray(String[]::new));
    String told = errors.toString().strip();
    if (!told.isEmpty()) {
      spec.commandLine().getErr().println(told);
    }
    return code == 0
        ? Optional.empty()
        : Optional.of(
            told.lines()
                .filter(l -> l.startsWith("mask: ") && !l.contains("warning"))
                .map(l -> l.substring("mask: ".length()))
                .map(l -> l.length() > LONGEST ? l.substring(0, LONGEST) + " ..." : l)
                .findFirst()
                .orElse("it ended with the code " + code));
  }
}
