package io.github.facemask.cli.options;

import io.github.facemask.curation.PseudoLabels;
import io.github.facemask.dataset.BrokenDataException;
import io.github.facemask.dataset.LabelFixes;
import io.github.facemask.dataset.PersonFolds;
import io.github.facemask.dataset.PersonSplit;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.dataset.PhotoSet.Reading;
import io.github.facemask.dataset.PstageFolder.PersonKey;
import io.github.facemask.dataset.ReadReport;
import io.github.facemask.dataset.Split;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** The photos of a command. Shared by all commands that read labelled photos. */
@HelpHeading(HelpHeading.Heading.DATA)
public final class DataOptions {

  @Option(
      names = "--data",
      required = true,
      paramLabel = "DIR|FILE",
      description = {
        "Folder with train/train.csv and train/images, folder with a folder for each class",
        "(0 to 17), or table with path,person and mask,gender,age or class."
      })
  public Path data;

  @Option(
      names = "--lenient",
      description =
          "Skip and report rows and files that do not fit the layout, instead of stopping.")
  boolean lenient;

  @Option(
      names = "--problems",
      paramLabel = "FILE",
      description = "Write all reading problems: file, line, problem, remedy.")
  Path problems;

  @Option(
      names = "--people-by",
      defaultValue = "PATH",
      description = {
        "What identifies a person in the competition's folder: ${COMPLETION-CANDIDATES};",
        "BASE_ID keeps ids that differ by a suffix together (default: ${DEFAULT-VALUE})."
      })
  public PersonKey peopleBy;

  @Option(
      names = "--label-fixes",
      defaultValue = "none",
      paramLabel = "none|pstage|FILE",
      split = ",",
      description = {
        "Corrections of labels, applied in order; the data is not changed. pstage: those that",
        "the competition's teams agree on (default: ${DEFAULT-VALUE})."
      })
  public List<String> labelFixes;

  @Option(
      names = "--folds",
      defaultValue = "0",
      paramLabel = "K",
      description = "Split into K folds; 0 for one held-out share (default: ${DEFAULT-VALUE}).")
  public int folds;

  @Option(
      names = "--fold",
      defaultValue = "0",
      paramLabel = "I",
      description = "The validation fold, 0 to K-1 (default: ${DEFAULT-VALUE}).")
  public int fold;

  @Option(
      names = "--valid-share",
      defaultValue = "0.2",
      paramLabel = "SHARE",
      description = "The validation share of people, without folds (default: ${DEFAULT-VALUE}).")
  double validShare;

  @Option(
      names = "--split-seed",
      defaultValue = "7",
      paramLabel = "SEED",
      description = "Seed of the split (default: ${DEFAULT-VALUE}).")
  public long splitSeed;

  @Option(
      names = "--pseudo-labels",
      paramLabel = "FILE",
      description =
          "Also train on photos of 'mask pseudo-label'; they are never used for validation.")
  public Path pseudoLabels;

  @Option(
      names = "--merge-copies",
      description = {
        "Give all people who share a photo one name, so that the copies of a photo are on one side",
        "of the split. Photos are copies if their files have equal bytes."
      })
  public boolean mergeCopies;

  /** Reads the labelled photos, applies the label fixes and merges the people of copies. */
  public PhotoSet photos(PrintWriter err) throws IOException {
    PhotoSet photos = read(err);
    for (LabelFixes fixes : fixes()) {
      int unused = fixes.unusedIn(photos).size();
      if (unused > 0) {
        err.printf(
            "mask: warning: %d of %d label fixes fit no photo%n", unused, fixes.fixes().size());
      }
      photos = photos.withLabelFixes(fixes);
    }
    return mergeCopies ? photos.withCopiesMerged() : photos;
  }

  private PhotoSet read(PrintWriter err) throws IOException {
    try {
      Reading reading = PhotoFormats.of(data, lenient, peopleBy);
      report(reading.report());
      if (!reading.report().clean()) {
        err.println("mask: " + reading.report().summary());
      }
      return reading.photos();
    } catch (BrokenDataException e) {
      report(e.report());
      throw e;
    }
  }

  private void report(ReadReport report) throws IOException {
    if (problems != null) {
      report.write(problems);
    }
  }

  private List<LabelFixes> fixes() throws IOException {
    List<LabelFixes> all = new ArrayList<>();
    for (String name : labelFixes) {
      switch (name) {
        case "none" -> {}
        case "pstage" -> all.add(LabelFixes.pstage());
        default -> all.add(LabelFixes.read(Path.of(name)));
      }
    }
    return all;
  }

  /** Splits by person: all photos of a person are on the same side. */
  public Split split(PhotoSet photos, PrintWriter err) throws IOException {
    Split split =
        folds > 0
            ? PersonFolds.builder(photos, folds).optSeed(splitSeed).build().fold(fold)
            : PersonSplit.builder(photos)
                .optValidationShare(validShare)
                .optSeed(splitSeed)
                .build()
                .split();
    split.warnings().forEach(warning -> err.println("mask: warning: " + warning));
    return pseudoLabels == null ? split : PseudoLabels.read(pseudoLabels).addTo(split);
  }

  /** Splits by person into all folds. */
  public List<Split> allFolds(PhotoSet photos, PrintWriter err) throws IOException {
    List<Split> all = new ArrayList<>();
    PersonFolds splits = PersonFolds.builder(photos, folds).optSeed(splitSeed).build();
    for (Split split : splits.folds()) {
      split.warnings().forEach(warning -> err.println("mask: warning: " + warning));
      all.add(pseudoLabels == null ? split : PseudoLabels.read(pseudoLabels).addTo(split));
    }
    return all;
  }

  /** Returns the options for a run's record. Evaluation rebuilds the same split from them. */
  public Map<String, Object> parameters() throws IOException {
    Map<String, Object> parameters = new LinkedHashMap<>();
    parameters.put("data", data.toAbsolutePath().normalize().toString());
    parameters.put("lenient", lenient);
    parameters.put("peopleBy", peopleBy.name());
    parameters.put("labelFixes", labelFixes);
    parameters.put("labelFixesDigests", fixes().stream().map(f -> f.digest().hex()).toList());
    parameters.put("folds", folds);
    parameters.put("fold", fold);
    parameters.put("validShare", validShare);
    parameters.put("splitSeed", splitSeed);
    if (mergeCopies) {
      parameters.put("mergeCopies", true);
    }
    if (pseudoLabels != null) {
      parameters.put("pseudoLabels", PseudoLabels.read(pseudoLabels).parameters());
    }
    return parameters;
  }
}
