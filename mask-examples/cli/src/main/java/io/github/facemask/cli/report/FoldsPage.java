package io.github.facemask.cli.report;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.facemask.crossvalidation.CrossValidation;
import io.github.facemask.dataset.FacePhoto;
import io.github.facemask.dataset.Photo;
import io.github.facemask.dataset.PhotoListing;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.evaluation.Evaluation;
import io.github.facemask.internal.files.AtomicFolder;
import io.github.facemask.internal.records.RunJson;
import io.github.facemask.lab.report.DataSections;
import io.github.facemask.lab.report.EvaluationSections;
import io.github.facemask.lab.report.HtmlReport;
import io.github.facemask.lab.report.Section;
import io.github.facemask.prediction.PredictionTable;
import io.github.facemask.problem.InvalidFileException;
import io.github.facemask.problem.Problem;
import io.github.facemask.provenance.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A page over all folds of a cross-validation. */
final class FoldsPage {

  private static final int DEPTH = 4;

  private final String name;
  private final Evaluation together;
  private final List<Fold> folds;
  private final Optional<PhotoSet> truth;

  /** A fold's run; with the evaluation of its predictions if they are there. */
  private record Fold(RunFolder run, PhotoSet validated, Optional<Evaluation> evaluation) {}

  private FoldsPage(String name, Evaluation together, List<Fold> folds, Optional<PhotoSet> truth) {
    this.name = name;
    this.together = together;
    this.folds = folds;
    this.truth = truth;
  }

  /**
   * Reads a cross-validation.
   *
   * @param judgement its folder, or the JSON file of its evaluation
   * @param runs where the runs of a JSON file are, besides the file's own folder
   * @param moved photos with their files, if they are not where the runs found them
   */
  static FoldsPage of(Path judgement, Path runs, Optional<PhotoSet> moved) throws IOException {
    if (!Files.exists(judgement)) {
      throw new NoSuchFileException(judgement.toString());
    }
    return Files.isDirectory(judgement)
        ? ofFolder(judgement, moved)
        : ofFile(judgement, runs, moved);
  }

  private static FoldsPage ofFolder(Path folder, Optional<PhotoSet> moved) throws IOException {
    List<RunFolder> runs = new ArrayList<>();
    for (Optional<RunFolder> run = run(folder, 0);
        run.isPresent();
        run = run(folder, runs.size())) {
      runs.add(run.get());
    }
    Path table = folder.resolve(CrossValidation.PREDICTIONS);
    if (runs.isEmpty() || !Files.isRegularFile(table)) {
      throw new InvalidFileException(
          folder,
          Problem.saying(
                  runs.isEmpty()
                      ? "has no runs of folds"
                      : "has no " + CrossValidation.PREDICTIONS + ", so it is not finished")
              .withRemedy(
                  runs.isEmpty()
                      ? "name a folder that 'mask cross-validate' wrote"
                      : "start 'mask cross-validate' again with the same options"));
    }
    List<Fold> folds = folds(runs, Optional.of(PredictionTable.read(table)), moved);
    PhotoSet truth = truth(folds).orElseThrow();
    return new FoldsPage(
        name(folder), Evaluation.of(PredictionTable.read(table), truth), folds, Optional.of(truth));
  }

  private static FoldsPage ofFile(Path file, Path runs, Optional<PhotoSet> moved)
      throws IOException {
    Evaluation together = Evaluation.read(file);
    List<RunFolder> found = new ArrayList<>();
    for (String id : together.origin().runs()) {
      for (Path where : List.of(file.toAbsolutePath().getParent(), runs)) {
        Optional<Path> run = among(where, id);
        if (run.isPresent()) {
          found.add(RunFolder.open(run.get()));
          break;
        }
      }
    }
    Optional<PredictionTable> table = Optional.empty();
    if (!found.isEmpty()) {
      Path folder = found.get(0).path().toAbsolutePath().normalize().getParent().getParent();
      Path predictions = folder.resolve(CrossValidation.PREDICTIONS);
      if (Files.isRegularFile(predictions)) {
        table = Optional.of(PredictionTable.read(predictions));
      }
    }
    List<Fold> folds = folds(found, table, moved);
    return new FoldsPage(name(file), together, folds, truth(folds).or(() -> moved));
  }

  private static String name(Path path) {
    return path.toAbsolutePath().normalize().getFileName().toString();
  }

  private static Optional<RunFolder> run(Path folder, int fold) throws IOException {
    Path inside = folder.resolve("fold-" + fold);
    if (!Files.isDirectory(inside)) {
      return Optional.empty();
    }
    try (Stream<Path> all = Files.list(inside)) {
      Optional<Path> run =
          all.filter(r -> !AtomicFolder.isUnfinished(r))
              .filter(r -> Files.isRegularFile(r.resolve("run.json")))
              .sorted()
              .findFirst();
      return run.isPresent() ? Optional.of(RunFolder.open(run.get())) : Optional.empty();
    }
  }

  /** Returns the folder of a run among all runs, or in a fold of a cross-validation. */
  static Optional<Path> among(Path folder, String run) throws IOException {
    if (!Files.isDirectory(folder)) {
      return Optional.empty();
    }
    try (Stream<Path> inside = Files.walk(folder, DEPTH)) {
      return inside
          .filter(f -> f.endsWith(run) && Files.isRegularFile(f.resolve("run.json")))
          .sorted()
          .findFirst();
    }
  }

  private static List<Fold> folds(
      List<RunFolder> runs, Optional<PredictionTable> table, Optional<PhotoSet> moved)
      throws IOException {
    Map<String, Photo> files = new HashMap<>();
    moved.ifPresent(set -> set.photos().forEach(photo -> files.put(photo.id(), photo)));
    List<Fold> folds = new ArrayList<>();
    for (RunFolder run : runs) {
      List<FacePhoto> photos = new ArrayList<>();
      for (FacePhoto photo :
          PhotoListing.read(run.path().resolve(PhotoListing.FILE)).validation()) {
        photos.add(photo.withPhoto(files.getOrDefault(photo.photo().id(), photo.photo())));
      }
      PhotoSet validated = PhotoSet.of(photos);
      folds.add(new Fold(run, validated, table.map(t -> Evaluation.of(t, validated))));
    }
    return folds;
  }

  private static Optional<PhotoSet> truth(List<Fold> folds) {
    return folds.stream().map(Fold::validated).reduce(PhotoSet::plus);
  }

  /** Returns the evaluation over all folds. */
  Evaluation evaluation() {
    return together;
  }

  /** Returns the number of folds whose runs were found. */
  int folds() {
    return folds.size();
  }

  /** Writes the page. */
  void write(Path out) throws IOException {
    HtmlReport.Builder page =
        HtmlReport.builder("facemask: " + name)
            .optSubtitle(
                together.photos()
                    + " photos of "
                    + together.people()
                    + " people, each predicted by the run that was not trained on its person")
            .add(EvaluationSections.summary(together));
    List<RunFolder> runs = folds.stream().map(Fold::run).toList();
    if (folds.isEmpty()) {
      page.add(
          new Section.Text(
              "Folds",
              List.of(
                  "The runs "
                      + String.join(", ", together.origin().runs())
                      + " were not found. Name the folder that holds them with --runs.")));
    } else {
      page.add(bars()).add(table());
    }
    page.add(EvaluationSections.attributes(together));
    if (together.confusion().total() > 0) {
      page.add(EvaluationSections.confusion(together)).add(EvaluationSections.classes(together));
    }
    page.add(EvaluationSections.calibration(together));
    truth.ifPresent(photos -> page.add(EvaluationSections.worst(together, photos)));
    if (!runs.isEmpty()) {
      page.add(ComparisonPage.curves(runs));
      page.add(DataSections.classCounts("Photos by class", truth.orElseThrow()));
      if (runs.size() > 1) {
        page.add(ComparisonPage.choices(runs));
      }
      page.add(RunSections.choices(runs.get(0), RunJson.record(runs.get(0))));
    }
    page.add(EvaluationSections.origin(together));
    page.build().write(out);
  }

  private Section bars() throws IOException {
    List<Section.Bar> bars = new ArrayList<>();
    for (int i = 0; i < folds.size(); i++) {
      double score = score(folds.get(i));
      bars.add(
          new Section.Bar(
              "fold " + (i + 1),
              score,
              String.format(Locale.ROOT, "%.4f", score),
              Optional.of(together.macroF1())));
    }
    double[] scores = bars.stream().mapToDouble(Section.Bar::value).toArray();
    double mean = Arrays.stream(scores).average().orElse(0);
    double squares = Arrays.stream(scores).map(s -> (s - mean) * (s - mean)).sum();
    String title = together.score().name();
    return new Section.Bars(
        title.substring(0, 1).toUpperCase(Locale.ROOT) + title.substring(1) + " of each fold",
        String.format(
            Locale.ROOT,
            "Mean %.4f, standard deviation %.4f; the mark is the score over all photos, %.4f.",
            mean,
            scores.length < 2 ? 0 : Math.sqrt(squares / (scores.length - 1)),
            together.macroF1()),
        bars);
  }

  /** Returns the score of a fold's predictions, or of the run's best epoch without these. */
  private static double score(Fold fold) throws IOException {
    return fold.evaluation().isPresent()
        ? fold.evaluation().get().macroF1()
        : best(fold.run()).map(epoch -> epoch.path("macroF1").asDouble()).orElse(0.0);
  }

  private static Optional<JsonNode> best(RunFolder run) throws IOException {
    return RunJson.metrics(run).stream()
        .max(Comparator.comparingDouble(epoch -> epoch.path("macroF1").asDouble()));
  }

  private Section table() throws IOException {
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < folds.size(); i++) {
      Fold fold = folds.get(i);
      Optional<JsonNode> best = best(fold.run());
      rows.add(
          List.of(
              "fold " + (i + 1),
              fold.run().id().value(),
              String.valueOf(fold.validated().size()),
              String.valueOf(fold.validated().people().size()),
              String.format(Locale.ROOT, "%.4f", score(fold)),
              fold.evaluation()
                  .map(e -> String.format(Locale.ROOT, "%.4f", e.counts().accuracy()))
                  .orElse("-"),
              best.map(epoch -> epoch.path("epoch").asText()).orElse("-")));
    }
    return new Section.Table(
        "Runs of the folds",
        List.of(
            "fold", "run", "photos", "people", together.score().name(), "accuracy", "best epoch"),
        rows);
  }
}
