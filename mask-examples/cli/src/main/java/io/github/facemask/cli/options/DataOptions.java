package io.github.facemask.cli.options;

import static com.google.common.base.Preconditions.checkArgument;

import io.github.facemask.curation.PseudoLabels;
import io.github.facemask.dataset.LabelFixes;
import io.github.facemask.dataset.PersonFolds;
import io.github.facemask.dataset.PersonSplit;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.dataset.PhotoSet.Part;
import io.github.facemask.dataset.PhotoSet.Reading;
import io.github.facemask.dataset.PstageFolder.PersonKey;
import io.github.facemask.dataset.ReadReport;
import io.github.facemask.dataset.ReadReport.BrokenDataException;
import io.github.facemask.dataset.ReadReport.ReadProblem;
import io.github.facemask.dataset.Split;
import io.github.facemask.image.PhotoDecoder;
import io.github.facemask.label.Attribute;
import io.github.facemask.problem.InvalidArgumentException;
import io.github.facemask.problem.Problem;
import io.github.facemask.provenance.Digest;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Option;

/** The photos of a command. Shared by all commands that read labelled photos. */
@HelpHeading(HelpHeading.Heading.DATA)
public final class DataOptions {

  private static final int WARNINGS = 3;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "[NAME=]DIR|FILE",
      description = {
        "Table with path,person,mask,gender,age or class, some of which may be missing; folder whose",
        "folders name classes (0 to 17) or labels (with_mask, female, 20-29); or folder with",
        "train/train.csv and train/images. Several are joined, each with its name or NAME."
      })
  List<String> data;

  @Option(
      names = "--lenient",
      description = {
        "Leave out and report rows and files that do not fit the layout, and photos that cannot be",
        "decoded, instead of stopping. Each photo is decoded once before the work begins."
      })
  boolean lenient;

  @Option(
      names = "--max-pixels",
      paramLabel = "N",
      description = {PixelLimit.HELP_1, PixelLimit.HELP_2, PixelLimit.HELP_3})
  Long maxPixels;

  @Option(
      names = "--label-map",
      paramLabel = "FILE",
      description =
          "Own words for labels: a table attribute,word,value, such as mask,covered,worn.")
  Path labelMap;

  @Option(
      names = "--file-pattern",
      paramLabel = "[NAME:]PATTERN",
      description = {
        "Labels in file names, such as {age}_{gender(0=male)}_*; fields are age, gender, mask,",
        "class and person. utkface is the pattern of that set."
      })
  List<String> filePatterns = List.of();

  @Option(
      names = "--assume",
      paramLabel = "[NAME:]ATTRIBUTE=VALUE",
      description =
          "What is true of all photos whose label does not say it, such as mask=not_worn.")
  List<String> assumptions = List.of();

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
      names = "--given-split",
      description = {
        "Split as the folders train, val and test do, or a column split. Test photos are used for",
        "validation if there are no others, otherwise left out."
      })
  public boolean givenSplit;

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

  /** The part of the given split that each photo is of, by its id, once the photos are read. */
  private Map<String, Part> parts = Map.of();

  /** The photos that could not be decoded, once the photos are read; only with --lenient. */
  private ReadReport leftOut = new ReadReport(List.of(), List.of(), 0);

  /**
   * Reads the labelled photos, applies the label fixes and merges the people of copies. With
   * --lenient, photos that cannot be decoded are left out.
   */
  public PhotoSet photos(PrintWriter err) throws IOException {
    return photos(err, lenient);
  }

  /** As {@link #photos(PrintWriter)}, without decoding a photo. */
  public PhotoSet undecodedPhotos(PrintWriter err) throws IOException {
    return photos(err, false);
  }

  private PhotoSet photos(PrintWriter err, boolean decoding) throws IOException {
    PhotoSet photos = read(err, decoding);
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

  /** Returns whether photos are named. */
  public boolean isGiven() {
    return data != null && !data.isEmpty();
  }

  /** Returns the first folder or table. */
  public Path path() {
    return DataSource.of(data).get(0).path();
  }

  /** Returns the values of --data, as on a command line. */
  public String words() {
    return String.join(" --data ", data);
  }

  /** Returns the photos that --lenient left out, as they cannot be decoded. */
  public List<ReadProblem> leftOut() {
    return leftOut.problems();
  }

  /** Returns the decoder with the limit of pixels. */
  public PhotoDecoder decoder() {
    return PixelLimit.decoder(maxPixels);
  }

  private PhotoSet read(PrintWriter err, boolean decoding) throws IOException {
    List<DataSource> sources = DataSource.of(data);
    DataSource.checkNames("--file-pattern", filePatterns, sources);
    DataSource.checkNames("--assume", assumptions, sources);
    Map<String, PhotoSet> sets = new LinkedHashMap<>();
    Map<String, Part> all = new HashMap<>();
    ReadReport report = new ReadReport(List.of(), List.of(), 0);
    for (DataSource source : sources) {
      Reading reading;
      try {
        reading = format(source, sources).read(source.path());
      } catch (BrokenDataException e) {
        report(report.plus(e.report()));
        throw e;
      }
      report = report.plus(reading.report());
      tell(source, reading, err);
      sets.put(source.name(), reading.photos());
      String front = source.isJoined() ? source.name() + "/" : "";
      reading.parts().forEach((id, part) -> all.put(front + id, part));
    }
    boolean joined = sources.get(0).isJoined();
    PhotoSet photos =
        joined ? PhotoSet.concat(sets) : sets.values().stream().findFirst().orElseThrow();
    if (decoding) {
      Reading readable = ReadableOnly.of(photos, decoder(), err);
      leftOut = readable.report();
      photos = readable.photos();
    }
    report(report.plus(leftOut));
    parts = Map.copyOf(all);
    if (!givenSplit && all.containsValue(Part.TRAIN) && Set.copyOf(all.values()).size() > 1) {
      err.println(
          "mask: note: the photos are in parts such as train and val, and all are read;"
              + " --given-split splits as they do");
    }
    return photos;
  }

  private void tell(DataSource source, Reading reading, PrintWriter err) {
    if (!reading.report().clean()) {
      err.println("mask: " + reading.report().summary());
    }
    // The notes of the competition's folder are about its known ids.
    if (Files.isRegularFile(source.path()) || !PhotoFormats.isCompetition(source.path())) {
      reading.report().noteLines().forEach(line -> err.println("mask: note: " + line));
    }
  }

  private PhotoFormats format(DataSource source, List<DataSource> all) {
    Map<Attribute, String> assumed = new EnumMap<>(Attribute.class);
    for (String assumption : assumptions) {
      Optional<String> own = source.own(assumption, all);
      if (own.isPresent()) {
        int sign = own.get().indexOf('=');
        checkArgument(
            sign > 0,
            "--assume is %s, expected an attribute and its value, such as mask=not_worn",
            assumption);
        assumed.put(attribute(own.get().substring(0, sign)), own.get().substring(sign + 1));
      }
    }
    boolean folder = Files.isDirectory(source.path()) && !PhotoFormats.isCompetition(source.path());
    Optional<String> pattern =
        filePatterns.stream()
            .filter(p -> all.size() == 1 || folder || source.isNamedBy(p))
            .map(p -> source.own(p, all))
            .flatMap(Optional::stream)
            .reduce((first, last) -> last);
    return new PhotoFormats(lenient, peopleBy, Optional.ofNullable(labelMap), pattern, assumed);
  }

  private static Attribute attribute(String word) {
    for (Attribute attribute : Attribute.values()) {
      if (attribute.word().equalsIgnoreCase(word.strip())) {
        return attribute;
      }
    }
    throw new InvalidArgumentException(
        Problem.of("assumed", word, "mask, gender or age before the sign ="));
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
    checkArgument(
        !givenSplit || folds == 0, "--given-split and --folds %s, expected one of them", folds);
    Split split =
        givenSplit
            ? Split.given(photos, parts)
            : folds > 0
                ? PersonFolds.builder(photos, folds).optSeed(splitSeed).build().fold(fold)
                : PersonSplit.builder(photos)
                    .optValidationShare(validShare)
                    .optSeed(splitSeed)
                    .build()
                    .split();
    warn(split, err);
    return pseudoLabels == null ? split : PseudoLabels.read(pseudoLabels).addTo(split);
  }

  /** Tells the first warnings, and how many more there are. */
  private static void warn(Split split, PrintWriter err) {
    split.warnings().stream()
        .limit(WARNINGS)
        .forEach(warning -> err.println("mask: warning: " + warning));
    if (split.warnings().size() > WARNINGS) {
      err.printf("mask: warning: and %d more of this kind%n", split.warnings().size() - WARNINGS);
    }
  }

  /** Splits by person into all folds. */
  public List<Split> allFolds(PhotoSet photos, PrintWriter err) throws IOException {
    checkArgument(!givenSplit, "--given-split and --folds %s, expected one of them", folds);
    List<Split> all = new ArrayList<>();
    PersonFolds splits = PersonFolds.builder(photos, folds).optSeed(splitSeed).build();
    for (Split split : splits.folds()) {
      warn(split, err);
      all.add(pseudoLabels == null ? split : PseudoLabels.read(pseudoLabels).addTo(split));
    }
    return all;
  }

  /** Returns the options for a run's record. Evaluation rebuilds the same split from them. */
  public Map<String, Object> parameters() throws IOException {
    Map<String, Object> parameters = new LinkedHashMap<>();
    List<String> sources = DataSource.of(data).stream().map(DataSource::recorded).toList();
    parameters.put("data", sources.size() == 1 ? sources.get(0) : sources);
    parameters.put("lenient", lenient);
    parameters.put("peopleBy", peopleBy.name());
    parameters.put("labelFixes", labelFixes);
    parameters.put("labelFixesDigests", fixes().stream().map(f -> f.digest().hex()).toList());
    parameters.put("folds", folds);
    parameters.put("fold", fold);
    parameters.put("validShare", validShare);
    parameters.put("splitSeed", splitSeed);
    if (lenient) {
      parameters.put("unreadablePhotos", leftOut.problems().size());
    }
    if (maxPixels != null) {
      parameters.put("maxPixels", maxPixels);
    }
    if (mergeCopies) {
      parameters.put("mergeCopies", true);
    }
    if (labelMap != null) {
      parameters.put("labelMap", labelMap.toAbsolutePath().normalize().toString());
      parameters.put("labelMapDigest", Digest.ofFile(labelMap).hex());
    }
    if (!filePatterns.isEmpty()) {
      parameters.put("filePatterns", filePatterns);
    }
    if (!assumptions.isEmpty()) {
      parameters.put("assumed", assumptions);
    }
    if (givenSplit) {
      parameters.put("givenSplit", true);
    }
    if (pseudoLabels != null) {
      parameters.put("pseudoLabels", PseudoLabels.read(pseudoLabels).parameters());
    }
    return parameters;
  }
}
