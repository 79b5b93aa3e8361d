package io.github.facemask.cli.train;

import static com.google.common.base.Preconditions.checkArgument;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableMap;
import io.github.facemask.cli.tracking.MlflowExport;
import io.github.facemask.internal.files.AtomicFolder;
import io.github.facemask.internal.records.RunJson;
import io.github.facemask.problem.InvalidFileException;
import io.github.facemask.provenance.RunFolder;
import io.github.facemask.provenance.RunFolder.Difference;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lists runs, or compares two. */
@Command(
    name = "runs",
    header = "Lists runs, compares the parameters of two, copies runs to MLflow.",
    description = {
      "Lists the runs of a folder with their best epoch, or shows the parameters in which two",
      "runs differ. Keys are paths of run.json, such as optimizer.learningRate."
    },
    footer = {
      "",
      "Examples: mask runs --sort macroF1 --where network.architecture=resnet18",
      "          mask runs --show optimizer.learningRate --show seed",
      "          mask runs runs/<a> runs/<b>"
    })
public final class RunsCommand implements Callable<Integer> {

  /** The metrics that select the epoch shown for a run. */
  private static final ImmutableMap<String, Comparator<JsonNode>> METRICS =
      ImmutableMap.of(
          "macroF1", byMetric("macroF1"),
          "accuracy", byMetric("accuracy"),
          "validationLoss", byMetric("validationLoss").reversed());

  @Spec CommandSpec spec;

  @Option(
      names = "--runs",
      defaultValue = "runs",
      paramLabel = "DIR",
      description = "Folder of all runs (default: ${DEFAULT-VALUE}).")
  Path runs;

  @Option(
      names = "--sort",
      defaultValue = "started",
      paramLabel = "KEY",
      description = {
        "macroF1, accuracy or validationLoss, the best first, or a path of run.json",
        "(default: ${DEFAULT-VALUE})."
      })
  String sort;

  @Option(
      names = "--where",
      paramLabel = "KEY=VALUE",
      description = "Only runs that have this value; may be repeated, all must hold.")
  Map<String, String> where = new TreeMap<>();

  @Option(names = "--show", paramLabel = "KEY", description = "A further column; may be repeated.")
  List<String> shown = new ArrayList<>();

  @Option(
      names = "--mlflow",
      paramLabel = "URI",
      description = {
        "Also copy the listed runs to the MLflow server at this address, for instance",
        "http://localhost:5000; runs already on the server are not changed."
      })
  String mlflow;

  @Option(
      names = "--experiment",
      defaultValue = "facemask",
      paramLabel = "NAME",
      description = "The experiment at the MLflow server (default: ${DEFAULT-VALUE}).")
  String experiment;

  @Parameters(
      arity = "0..2",
      paramLabel = "RUN",
      description = "Two runs to compare; without them, all are listed.")
  List<Path> compared = new ArrayList<>();

  /**
   * A row of the list: the values of a run by path, and its best epoch, missing before the first
   * epoch.
   */
  private record Row(String name, Map<String, String> values, int epochs, JsonNode best) {}

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    checkArgument(
        compared.isEmpty() || compared.size() == 2,
        "runs named: %s, expected none, to list all, or two to compare",
        compared);
    if (compared.isEmpty()) {
      list(out);
    } else {
      compare(out);
    }
    return 0;
  }

  private void compare(PrintWriter out) throws IOException {
    RunFolder first = RunFolder.open(compared.get(0));
    RunFolder second = RunFolder.open(compared.get(1));
    // The sampler's balance is a statistic and not a choice.
    List<Difference> differences =
        Difference.between(first.record(), second.record()).stream()
            .filter(difference -> !difference.key().contains("balance"))
            .toList();
    out.printf("%-36s %-30s %s%n", "choice", first.id().value(), second.id().value());
    for (Difference difference : differences) {
      out.printf("%-36s %-30s %s%n", difference.key(), difference.first(), difference.second());
    }
    if (differences.isEmpty()) {
      out.println("no choice differs");
    }
  }

  private void list(PrintWriter out) throws IOException {
    List<Row> rows = new ArrayList<>();
    if (!Files.isDirectory(runs)) {
      throw InvalidFileException.of(runs, "is no folder", "one with runs of 'mask train'");
    }
    try (Stream<Path> folders = Files.list(runs)) {
      for (Path folder :
          folders
              .filter(f -> Files.exists(f.resolve("run.json")) && !AtomicFolder.isUnfinished(f))
              .toList()) {
        rows.add(row(RunFolder.open(folder)));
      }
    }
    where.keySet().forEach(key -> checkKnown(key, rows));
    shown.forEach(key -> checkKnown(key, rows));
    if (!METRICS.containsKey(sort)) {
      checkKnown(sort, rows);
    }
    rows.removeIf(row -> !matches(row));
    rows.sort(order());
    out.printf(
        "%-36s %8s %9s %8s %9s %10s",
        "run", "epochs", "macro F1", "present", "accuracy", "valid loss");
    shown.forEach(key -> out.printf("  %s", key));
    out.println();
    for (Row row : rows) {
      out.printf(
          Locale.ROOT,
          "%-36s %8s %9s %8s %9s %10s",
          row.name,
          row.epochs + "/" + row.values.getOrDefault("epochs", "?"),
          metric(row, "macroF1"),
          present(row),
          metric(row, "accuracy"),
          metric(row, "validationLoss"));
      shown.forEach(key -> out.printf("  %s", row.values.getOrDefault(key, "-")));
      out.println();
    }
    out.printf("%d runs in %s%n", rows.size(), runs);
    if (mlflow != null) {
      export(rows, out);
    }
  }

  private static void checkKnown(String key, List<Row> rows) {
    checkArgument(
        rows.isEmpty() || rows.stream().anyMatch(row -> row.values.containsKey(key)),
        "no run has '%s', expected a path of run.json, such as optimizer.learningRate or seed",
        key);
  }

  private void export(List<Row> rows, PrintWriter out) throws IOException {
    try (MlflowExport export = MlflowExport.to(mlflow, experiment)) {
      int copied = 0;
      for (Row row : rows) {
        copied += export.export(RunFolder.open(runs.resolve(row.name))) ? 1 : 0;
      }
      out.printf("%d of them copied to %s, experiment %s%n", copied, mlflow, experiment);
    }
  }

  private Row row(RunFolder run) throws IOException {
    List<JsonNode> epochs = RunJson.metrics(run);
    Comparator<JsonNode> order = METRICS.getOrDefault(sort, byMetric("macroF1"));
    JsonNode best = epochs.stream().max(order).orElse(null);
    return new Row(run.id().value(), Difference.flatten(run.record()), epochs.size(), best);
  }

  private boolean matches(Row row) {
    return where.entrySet().stream().allMatch(e -> e.getValue().equals(row.values.get(e.getKey())));
  }

  private Comparator<Row> order() {
    Comparator<JsonNode> metric = METRICS.get(sort);
    if (metric != null) {
      return Comparator.comparing(Row::best, Comparator.nullsFirst(metric)).reversed();
    }
    return Comparator.comparing((Row row) -> row.values.getOrDefault(sort, ""))
        .thenComparing(Row::name);
  }

  private static Comparator<JsonNode> byMetric(String key) {
    return Comparator.comparingDouble(epoch -> epoch.path(key).asDouble());
  }

  /** How many classes or values of attributes the score is the mean of. */
  private static String present(Row row) {
    return row.best == null || !row.best.has("score")
        ? "-"
        : row.best.path("score").path("present").asText()
            + "/"
            + row.best.path("score").path("of").asText();
  }

  private static String metric(Row row, String key) {
    return row.best == null
        ? "-"
        : String.format(Locale.ROOT, "%.4f", row.best.path(key).asDouble());
  }
}
