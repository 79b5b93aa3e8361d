package io.github.facemask.cli.data;

import static com.google.common.base.Preconditions.checkArgument;
import static io.github.facemask.problem.InvalidArgumentException.check;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.github.facemask.cli.options.Count;
import io.github.facemask.cli.options.DataOptions;
import io.github.facemask.cli.options.OutFile;
import io.github.facemask.cli.options.Progress;
import io.github.facemask.cli.options.Threads;
import io.github.facemask.dataset.LabelFixes;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.dataset.Split;
import io.github.facemask.internal.files.AtomicFile;
import io.github.facemask.lab.inspection.AnalysisSections;
import io.github.facemask.lab.inspection.CopyAnalysis;
import io.github.facemask.lab.inspection.DatasetAnalysis;
import io.github.facemask.lab.inspection.InspectionSections;
import io.github.facemask.lab.inspection.PhotoInspection;
import io.github.facemask.lab.report.DataSections;
import io.github.facemask.lab.report.HtmlReport;
import io.github.facemask.lab.report.Section;
import io.github.facemask.label.Attribute;
import io.github.facemask.label.FaceLabel;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Analyses a data set. */
@Command(
    name = "analyse",
    header = "Counts photos and people, shows the split, checks every photo.",
    description = {
      "Counts photos and people by class, attribute and age, shows the class imbalance and the",
      "split of the classes. Says which photos are exact copies, how many of their labels",
      "contradict each other, and how many are on both sides of the split. With --out or --json it",
      "also decodes every photo: size, brightness, sharpness, channels, unreadable, damaged and",
      "suspicious photos, similar photos of two people. Damaged are JPEGs that lost data: parts of",
      "them are grey or wrong."
    },
    footer = {"", "Example: mask analyse --data photos --out photos.html --json photos.json"})
public final class AnalyseCommand implements Callable<Integer> {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private static final int NAMED = 10;

  @Spec CommandSpec spec;

  @Mixin DataOptions data;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Write an HTML page with a contact sheet of each class.")
  Path out;

  @Option(names = "--json", paramLabel = "FILE", description = "Write all figures as JSON.")
  Path json;

  @Option(
      names = "--conflicts",
      paramLabel = "FILE",
      description = {
        "Write a file of fixes that give copies with contradicting labels the most frequent label,",
        "or the first one. Check it, then give it to --label-fixes."
      })
  Path conflicts;

  @Option(
      names = "--counts-only",
      description = "Do not decode the photos. Copies are then found by their bytes.")
  boolean countsOnly;

  @Option(
      names = "--per-class",
      defaultValue = "12",
      paramLabel = "N",
      description = "Photos on a contact sheet (default: ${DEFAULT-VALUE}).")
  int perClass;

  @Option(
      names = "--most",
      defaultValue = "60",
      paramLabel = "N",
      description =
          "Largest number of photos in a list of doubtful ones (default: ${DEFAULT-VALUE}).")
  int most;

  @Option(
      names = "--threads",
      defaultValue = Threads.AUTO,
      converter = Threads.class,
      paramLabel = "auto|N",
      description =
          "Threads that read photos; auto is one for each processor (default: ${DEFAULT-VALUE}).")
  int threads;

  @Override
  public Integer call() throws Exception {
    OutFile.check("--out", out);
    check(perClass >= 1, "perClass", perClass, "1 or more");
    check(most >= 1, "most", most, "1 or more");
    OutFile.check("--conflicts", conflicts);
    PrintWriter to = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    PhotoSet photos = countsOnly ? data.undecodedPhotos(err) : data.photos(err);
    checkArgument(photos.size() > 0, "%s: no photo could be read, expected some", data.words());
    Optional<Split> split = split(photos, err);
    DatasetAnalysis analysis = DatasetAnalysis.of(photos);
    print(to, photos, split, analysis);
    boolean cheap = countsOnly || (out == null && json == null);
    Optional<PhotoInspection> inspection = cheap ? Optional.empty() : inspect(photos);
    inspection.ifPresent(found -> print(to, found));
    PhotoSet.Copies same = cheap ? photos.copies() : inspection.orElseThrow().copies();
    CopyAnalysis copies =
        CopyAnalysis.of(
            same,
            cheap ? CopyAnalysis.By.BYTES : CopyAnalysis.By.PIXELS,
            split.orElseGet(() -> new Split(photos, PhotoSet.of(List.of()), List.of())));
    print(to, copies);
    if (conflicts != null) {
      LabelFixes fixes = same.fixes();
      fixes.write(conflicts);
      int count = fixes.fixes().size();
      to.printf("%s: %d %s%n", conflicts, count, count == 1 ? "fix" : "fixes");
    }
    if (json != null) {
      Map<String, Object> figures = new LinkedHashMap<>();
      figures.put("labels", analysis.toJson());
      figures.put(
          "leftOut",
          data.leftOut().stream()
              .map(p -> Map.of("photo", p.kind(), "reason", p.what() + "; " + p.advice()))
              .toList());
      split.ifPresent(sides -> figures.put("split", split(sides)));
      figures.put("copies", copies.toJson());
      inspection.ifPresent(found -> figures.put("photos", found.toJson()));
      AtomicFile.writeText(json, JSON.writeValueAsString(figures) + "\n");
      to.println(json);
    }
    if (out != null) {
      page(photos, split, analysis, copies, inspection).write(out);
      to.println(out);
    }
    return 0;
  }

  /** Returns the split; one person cannot be split, but can be looked at. */
  private Optional<Split> split(PhotoSet photos, PrintWriter err) throws IOException {
    if (photos.people().size() < 2) {
      err.println("mask: note: the photos show one person, so there is no split to train on");
      return Optional.empty();
    }
    return Optional.of(data.split(photos, err));
  }

  private Optional<PhotoInspection> inspect(PhotoSet photos) throws IOException {
    try (Progress progress = Progress.of("look", photos.size(), "photos")) {
      return Optional.of(
          PhotoInspection.builder(photos)
              .optThreads(Threads.orProcessors(threads))
              .optDecoder(data.decoder())
              .optProgress(progress::to)
              .run());
    }
  }

  private HtmlReport page(
      PhotoSet photos,
      Optional<Split> split,
      DatasetAnalysis analysis,
      CopyAnalysis copies,
      Optional<PhotoInspection> inspection) {
    HtmlReport.Builder page =
        HtmlReport.builder("Photos of " + data.path().toAbsolutePath().normalize().getFileName())
            .optSubtitle(photos.size() + " photos of " + analysis.people() + " people")
            .addAll(AnalysisSections.of(analysis));
    split.ifPresent(
        sides -> {
          page.add(DataSections.classCounts("Training photos by class", sides.train()));
          page.add(DataSections.classCounts("Validation photos by class", sides.validation()));
          if (!sides.warnings().isEmpty()) {
            page.add(new Section.Text("Warnings of the split", sides.warnings()));
          }
        });
    if (!data.leftOut().isEmpty()) {
      page.add(
          new Section.Table(
              "Unreadable photos left out: " + data.leftOut().size(),
              List.of("photo", "reason"),
              data.leftOut().stream().limit(most).map(p -> List.of(p.kind(), p.what())).toList()));
    }
    page.addAll(copies.sections(most));
    inspection.ifPresent(found -> page.addAll(InspectionSections.of(found, most)));
    page.addAll(DataSections.contactSheets(photos, perClass, data.splitSeed));
    return page.build();
  }

  private static Map<String, Object> split(Split split) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("train", DatasetAnalysis.of(split.train()).toJson());
    json.put("valid", DatasetAnalysis.of(split.validation()).toJson());
    json.put("warnings", List.copyOf(split.warnings()));
    return json;
  }

  private static void print(
      PrintWriter to, PhotoSet photos, Optional<Split> split, DatasetAnalysis analysis) {
    to.printf(
        "%s of %d %s%n",
        Count.of(analysis.photos(), "photo"),
        analysis.people(),
        analysis.people() == 1 ? "person" : "people");
    to.printf("%-42s %8s %8s %8s %10s%n", "class", "photos", "people", "training", "validation");
    int[] train = split.map(s -> s.train().labelCounts()).orElse(new int[FaceLabel.COUNT]);
    int[] valid = split.map(s -> s.validation().labelCounts()).orElse(new int[FaceLabel.COUNT]);
    int[] all = photos.labelCounts();
    boolean complete = photos.complete();
    for (FaceLabel each : FaceLabel.values()) {
      int id = each.id();
      if (all[id] > 0 || (complete && each.complete())) {
        to.printf(
            "%2s %-39s %8d %8d %8d %10d%n",
            each.complete() ? Integer.toString(id) : "",
            each.displayName(),
            all[id],
            analysis.labelPeople().get(id),
            train[id],
            valid[id]);
      }
    }
    for (Attribute attribute : Attribute.values()) {
      if (analysis.unknown(attribute) > 0) {
        to.printf(
            "%s unknown: %s%n", attribute.word(), Count.of(analysis.unknown(attribute), "photo"));
      }
    }
    for (String set : photos.sets()) {
      if (!set.isEmpty()) {
        to.printf("set %s: %s%n", set, Count.of(photos.only(set).size(), "photo"));
      }
    }
    to.printf(Locale.ROOT, "largest to smallest class: %.1f : 1%n", analysis.imbalance());
  }

  private void print(PrintWriter to, CopyAnalysis copies) {
    to.println(copies.text());
    if (copies.contradicting() > 0 && conflicts == null) {
      to.println("  --conflicts FILE writes fixes of the contradicting labels, to decide on");
    }
    if (copies.onBothSides() > 0) {
      to.println(
          data.mergeCopies
              ? "  --merge-copies compares bytes; these photos have the same pixels in other bytes"
              : "  --merge-copies keeps the copies of a photo on one side of the split");
    }
  }

  private static void print(PrintWriter to, PhotoInspection found) {
    to.printf(
        Locale.ROOT,
        "channels: mean %s, deviation %s%n",
        numbers(found.channels().mean().toArray()),
        numbers(found.channels().deviation().toArray()));
    to.printf(
        "unreadable %d, damaged %d, suspicious %d, similar photos of two people %d pairs%n",
        found.unreadable().size(),
        found.damaged().size(),
        found.suspicious().size(),
        found.nearDuplicates().size());
    found.unreadable().stream()
        .limit(NAMED)
        .forEach(u -> to.printf("  unreadable: %s: %s%n", u.photo().photo().id(), u.reason()));
    tellMore(to, found.unreadable().size());
    found.damaged().stream()
        .limit(NAMED)
        .forEach(d -> to.printf("  damaged: %s: %s%n", d.photo().photo().id(), d.reason()));
    tellMore(to, found.damaged().size());
  }

  private static void tellMore(PrintWriter to, int all) {
    if (all > NAMED) {
      to.printf("  and %d more, named by --out and --json%n", all - NAMED);
    }
  }

  private static String numbers(double[] values) {
    return String.format(Locale.ROOT, "%.4f %.4f %.4f", values[0], values[1], values[2]);
  }
}
