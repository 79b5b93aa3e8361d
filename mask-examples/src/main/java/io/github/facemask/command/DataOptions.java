package io.github.facemask.command;

import io.github.facemask.dataset.Fold;
import io.github.facemask.dataset.LabelFixes;
import io.github.facemask.dataset.PersonFolds;
import io.github.facemask.dataset.PersonSplit;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.dataset.PstageFolder;
import io.github.facemask.dataset.Reading;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** Which photos a command works on; shared by the commands that read labelled photos. */
final class DataOptions {

  @Option(
      names = "--data",
      required = true,
      paramLabel = "DIR",
      description = "Folder with train/train.csv and train/images.")
  Path data;

  @Option(
      names = "--lenient",
      description = "Skip what cannot be read, and say so, instead of stopping.")
  boolean lenient;

  @Option(
      names = "--label-fixes",
      defaultValue = "none",
      paramLabel = "none|pstage|FILE",
      description = {
        "Corrections laid over the labels; the data stay as they are.",
        "pstage: those that the competition's teams agree on (default: ${DEFAULT-VALUE})."
      })
  String labelFixes;

  @Option(
      names = "--folds",
      defaultValue = "0",
      paramLabel = "K",
      description = "Split into K folds; 0 for one held-out share (default: ${DEFAULT-VALUE}).")
  int folds;

  @Option(
      names = "--fold",
      defaultValue = "0",
      paramLabel = "I",
      description = "The fold that judges, 0 to K-1 (default: ${DEFAULT-VALUE}).")
  int fold;

  @Option(
      names = "--valid-share",
      defaultValue = "0.2",
      paramLabel = "SHARE",
      description = "The share of people that judges, without folds (default: ${DEFAULT-VALUE}).")
  double validShare;

  @Option(
      names = "--split-seed",
      defaultValue = "7",
      paramLabel = "SEED",
      description = "Names the split (default: ${DEFAULT-VALUE}).")
  long splitSeed;

  /** Reads the labelled photos, with the label fixes laid over them. */
  PhotoSet photos(PrintWriter err) throws IOException {
    Reading reading = PstageFolder.of(data).optLenient(lenient).build().read();
    if (!reading.report().clean()) {
      err.println("mask: " + reading.report().summary());
    }
    return switch (labelFixes) {
      case "none" -> reading.photos();
      case "pstage" -> reading.photos().withLabelFixes(LabelFixes.pstage());
      default -> reading.photos().withLabelFixes(LabelFixes.read(Path.of(labelFixes)));
    };
  }

  /** Splits by person, so that nobody is on both sides. */
  Fold split(PhotoSet photos, PrintWriter err) {
    Fold split =
        folds > 0
            ? PersonFolds.of(photos, folds).optSeed(splitSeed).build().fold(fold)
            : PersonSplit.of(photos)
                .optValidationShare(validShare)
                .optSeed(splitSeed)
                .build()
                .fold();
    split.warnings().forEach(warning -> err.println("mask: warning: " + warning));
    return split;
  }

  /** Returns the choices for a run's record, from which evaluation rebuilds the same split. */
  Map<String, Object> parameters() {
    Map<String, Object> parameters = new LinkedHashMap<>();
    parameters.put("data", data.toAbsolutePath().normalize().toString());
    parameters.put("lenient", lenient);
    parameters.put("labelFixes", labelFixes);
    parameters.put("folds", folds);
    parameters.put("fold", fold);
    parameters.put("validShare", validShare);
    parameters.put("splitSeed", splitSeed);
    return parameters;
  }
}
