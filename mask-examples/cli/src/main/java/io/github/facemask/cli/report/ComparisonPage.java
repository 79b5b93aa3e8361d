package io.github.facemask.cli.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.primitives.ImmutableDoubleArray;
import io.github.facemask.internal.records.RunJson;
import io.github.facemask.lab.report.HtmlReport;
import io.github.facemask.lab.report.Section;
import io.github.facemask.provenance.RunFolder;
import io.github.facemask.provenance.RunFolder.Difference;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** A page that compares runs. */
final class ComparisonPage {

  private static final int LINES = 6;

  private ComparisonPage() {}

  static void write(List<Path> folders, Path out) throws IOException {
    List<RunFolder> runs = new ArrayList<>();
    for (Path folder : folders) {
      runs.add(RunFolder.open(folder));
    }
    HtmlReport.builder("facemask: " + runs.size() + " runs")
        .optSubtitle("The best epoch of each, the choices in which they differ, their curves")
        .add(scores(runs))
        .add(choices(runs))
        .add(curves(runs))
        .build()
        .write(out);
  }

  private static Section scores(List<RunFolder> runs) throws IOException {
    List<Section.Bar> bars = new ArrayList<>();
    for (RunFolder run : runs) {
      Optional<JsonNode> best = best(run);
      double f1 = best.map(e -> e.path("macroF1").asDouble()).orElse(0.0);
      bars.add(
          Section.Bar.of(
              run.id().value(),
              f1,
              best.map(
                      e ->
                          String.format(
                              Locale.ROOT,
                              "%.4f, accuracy %.4f, epoch %d",
                              f1,
                              e.path("accuracy").asDouble(),
                              e.path("epoch").asInt()))
                  .orElse("no epoch yet")));
    }
    return new Section.Bars(
        "Macro F1", "Of the best epoch, on each run's own validation people.", bars);
  }

  private static Optional<JsonNode> best(RunFolder run) throws IOException {
    return RunJson.metrics(run).stream()
        .max(Comparator.comparingDouble(epoch -> epoch.path("macroF1").asDouble()));
  }

  /** Returns a row for each option that differs between runs. */
  static Section choices(List<RunFolder> runs) throws IOException {
    Set<String> keys = new TreeSet<>();
    for (RunFolder run : runs) {
      Difference.between(runs.get(0).record(), run.record()).stream()
          .map(Difference::key)
          .filter(key -> !key.contains("balance"))
          .forEach(keys::add);
    }
    List<Map<String, String>> values = new ArrayList<>();
    List<String> columns = new ArrayList<>(List.of("choice"));
    for (RunFolder run : runs) {
      values.add(Difference.flatten(run.record()));
      columns.add(run.id().value());
    }
    List<List<String>> rows = new ArrayList<>();
    for (String key : keys) {
      List<String> row = new ArrayList<>(List.of(key));
      values.forEach(v -> row.add(brief(v.getOrDefault(key, "-"))));
      rows.add(row);
    }
    return new Section.Table("Choices that differ", columns, rows);
  }

  private static String brief(String value) {
    return value.length() <= 24 ? value : value.substring(0, 21) + "...";
  }

  static Section curves(List<RunFolder> runs) throws IOException {
    return new Section.Charts(
        runs.size() > LINES ? "Curves of the first " + LINES : "Curves",
        List.of(
            chart("Macro F1 in validation", "macroF1", runs),
            chart("Validation loss", "validationLoss", runs),
            chart("Training loss", "trainingLoss", runs)));
  }

  private static Section.Chart chart(String title, String key, List<RunFolder> runs)
      throws IOException {
    List<Section.Line> lines = new ArrayList<>();
    for (RunFolder run : runs.subList(0, Math.min(LINES, runs.size()))) {
      ImmutableDoubleArray.Builder x = ImmutableDoubleArray.builder();
      ImmutableDoubleArray.Builder y = ImmutableDoubleArray.builder();
      for (JsonNode epoch : RunJson.metrics(run)) {
        x.add(epoch.path("epoch").asDouble());
        y.add(epoch.path(key).asDouble());
      }
      lines.add(new Section.Line(run.id().value(), x.build(), y.build()));
    }
    return new Section.Chart(title, "epoch", lines);
  }
}
