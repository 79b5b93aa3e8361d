package io.github.facemask.cli.data;

import io.github.facemask.cli.options.OutFile;
import io.github.facemask.curation.PseudoLabels;
import io.github.facemask.dataset.EvaluationFolder;
import io.github.facemask.label.FaceClass;
import io.github.facemask.prediction.PredictionTable;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Makes one round of pseudo-labels. */
@Command(
    name = "pseudo-label",
    header = "Selects evaluation photos with confident predictions, to train on.",
    description = {
      "Selects the evaluation photos with confident predictions, and records their runs, for",
      "'mask train --pseudo-labels FILE'. They are used for training, never for validation."
    },
    footer = {
      "",
      "Example: mask pseudo-label --data photos --predictions eval.csv --out round1.csv",
      "Before:  mask predict --data photos --model best --out eval.csv"
    })
public final class PseudoLabelCommand implements Callable<Integer> {

  @Spec CommandSpec spec;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "DIR",
      description = "Folder with eval/info.csv and eval/images.")
  Path data;

  @Option(
      names = "--predictions",
      required = true,
      paramLabel = "TABLE",
      description = "Table of 'mask predict --data DIR --out TABLE'.")
  Path predictions;

  @Option(names = "--out", required = true, paramLabel = "FILE", description = "The round.")
  Path out;

  @Option(
      names = "--threshold",
      defaultValue = "0.9",
      paramLabel = "P",
      description = "Lowest probability of the class (default: ${DEFAULT-VALUE}).")
  double threshold;

  @Option(
      names = "--most-per-class",
      defaultValue = "1000000",
      paramLabel = "N",
      description =
          "Largest number of photos of a class, most confident first (default: ${DEFAULT-VALUE}).")
  int mostPerClass;

  @Override
  public Integer call() throws Exception {
    OutFile.check("--out", out);
    PseudoLabels labels =
        PseudoLabels.builder(EvaluationFolder.read(data), PredictionTable.read(predictions))
            .optThreshold(threshold)
            .optMostPerClass(mostPerClass)
            .build();
    labels.write(out);
    PrintWriter to = spec.commandLine().getOut();
    to.printf(
        "%s: %d photos, guessed by %s%n",
        out, labels.labels().size(), String.join(", ", labels.runs()));
    int[] counts = labels.classCounts();
    for (FaceClass each : FaceClass.values()) {
      to.printf("%2d %-39s %8d%n", each.id(), each.displayName(), counts[each.id()]);
    }
    return 0;
  }
}
