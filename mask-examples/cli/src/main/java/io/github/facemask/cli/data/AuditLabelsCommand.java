package io.github.facemask.cli.data;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.github.facemask.cli.options.DataOptions;
import io.github.facemask.cli.options.OutFile;
import io.github.facemask.curation.LabelAudit;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.internal.files.AtomicFile;
import io.github.facemask.lab.labelaudit.LabelAuditPage;
import io.github.facemask.leakage.LeakCheck;
import io.github.facemask.prediction.PredictionTable;
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

/** Writes a page of labels for manual review. */
@Command(
    name = "audit-labels",
    header = "Shows doubtful labels, for review.",
    description = {
      "Finds wrong labels by confident learning, from predictions of models that were not",
      "trained on the people: a table of 'mask evaluate --predictions' for each fold. Writes a",
      "page, most doubtful first, to review them; the saved decisions are for --label-fixes."
    },
    footer = {
      "",
      "Example: mask audit-labels --data photos --predictions fold0.csv fold1.csv --out labels.html"
    })
public final class AuditLabelsCommand implements Callable<Integer> {

  @Spec CommandSpec spec;

  @Mixin DataOptions data;

  @Option(
      names = "--predictions",
      required = true,
      arity = "1..*",
      paramLabel = "TABLE",
      description = "Tables of 'mask evaluate --predictions', with each photo in only one.")
  List<Path> predictions;

  @Option(names = "--out", required = true, paramLabel = "FILE", description = "The page.")
  Path out;

  @Option(names = "--json", paramLabel = "FILE", description = "Also write the audit as JSON.")
  Path json;

  @Option(
      names = "--runs",
      defaultValue = "runs",
      paramLabel = "DIR",
      description = {
        "Folder of the runs, to check that no model predicted people it was trained on",
        "(default: ${DEFAULT-VALUE})."
      })
  Path runs;

  @Option(
      names = "--most",
      defaultValue = "500",
      paramLabel = "N",
      description = "Largest number of photos on the page (default: ${DEFAULT-VALUE}).")
  int most;

  @Override
  public Integer call() throws Exception {
    OutFile.check("--out", out);
    PhotoSet photos = data.photos(spec.commandLine().getErr());
    List<PredictionTable> tables = new ArrayList<>();
    for (Path file : predictions) {
      PredictionTable table = PredictionTable.read(file);
      LeakCheck.among(runs).refuseSeen(file, table, photos);
      tables.add(table);
    }
    LabelAudit audit = LabelAudit.of(photos, tables);
    LabelAuditPage.write(audit, out, most);
    if (json != null) {
      ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
      AtomicFile.writeText(json, mapper.writeValueAsString(audit.toJson()) + "\n");
    }
    spec.commandLine()
        .getOut()
        .printf(
            Locale.ROOT,
            "%s: %d of %d labels to look at; the models take about %.1f %% for wrong%n",
            out,
            audit.doubtful().size(),
            audit.photos(),
            100 * audit.estimatedNoise());
    return 0;
  }
}
