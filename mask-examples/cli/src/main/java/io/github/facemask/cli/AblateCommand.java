package io.github.facemask.cli;

import static com.google.common.base.Preconditions.checkArgument;

import io.github.facemask.cli.options.Devices;
import io.github.facemask.cli.options.ModelOptions;
import io.github.facemask.cli.options.Photos;
import io.github.facemask.dataset.FacePhoto;
import io.github.facemask.dataset.PersonSplit;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.dataset.PstageFolder;
import io.github.facemask.ensemble.Ensemble;
import io.github.facemask.ensemble.EnsemblePredictor;
import io.github.facemask.ensemble.Member;
import io.github.facemask.evaluation.F1Difference;
import io.github.facemask.internal.files.AtomicFile;
import io.github.facemask.internal.records.RunJson;
import io.github.facemask.prediction.PredictionTable;
import io.github.facemask.provenance.RunFolder;
import io.github.facemask.tensor.Precision;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Trains a baseline and its variants, and compares them. */
@Command(
    name = "ablate",
    header = "Runs an ablation study over seeds; writes a table and a chart.",
    description = {
      "Trains each switch of a plan with several seeds and compares it with the first one: mean",
      "macro F1, and its change with the interval by person. Also trains once on a split by",
      "photo, to show how much too good its score is. Writes ablation.md and ablation.svg;",
      "existing runs are kept."
    },
    footer = {
      "",
      "A plan is YAML: 'seeds: [1, 2]', 'base: {epochs: 6}' and 'switches:' with a line of 'mask",
      "train' options for each name. Without --plan a small one is used, and printed on the page.",
      "",
      "Example: mask ablate --out ablation"
    })
final class AblateCommand implements Callable<Integer> {

  private static final String FINISHED = "finished";

  @Spec CommandSpec spec;

  @Option(names = "--plan", paramLabel = "FILE", description = "The plan (default: a small one).")
  Path planFile;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "Photos in the competition's layout (default: synthetic photos, written to --out).")
  Path data;

  @Option(names = "--out", required = true, paramLabel = "DIR", description = "Folder of it all.")
  Path out;

  @Override
  public Integer call() throws Exception {
    AblationPlan plan = AblationPlan.read(planFile);
    Path photos = data == null ? drawn(plan) : data;
    PhotoSet all = PstageFolder.read(photos);
    PhotoSet judges =
        PersonSplit.builder(all)
            .optValidationShare(plan.validShare())
            .optSeed(plan.splitSeed())
            .build()
            .split()
            .validation();
    Map<String, List<PredictionTable>> tables = new LinkedHashMap<>();
    for (Map.Entry<String, Map<String, String>> entry : plan.switches().entrySet()) {
      List<PredictionTable> seeds = new ArrayList<>();
      for (long seed : plan.seeds()) {
        Path run = train(plan, entry.getKey(), entry.getValue(), seed, photos, "");
        seeds.add(predict(List.of(run), judges));
      }
      tables.put(entry.getKey(), seeds);
    }
    tables.put("ensemble of all, by seed", ensembles(plan, photos, judges));
    AblationPage page = new AblationPage(plan, judges);
    String baseline = plan.switches().keySet().iterator().next();
    for (Map.Entry<String, List<PredictionTable>> entry : tables.entrySet()) {
      F1Difference change =
          F1Difference.betweenMeans(tables.get(baseline), entry.getValue(), judges);
      page.add(entry.getKey(), entry.getValue(), change);
    }
    page.byPhoto(byPhoto(plan, baseline, all));
    AtomicFile.writeText(out.resolve("ablation.md"), page.markdown());
    AtomicFile.writeText(out.resolve("ablation.svg"), page.svg());
    spec.commandLine().getOut().println(page.markdown());
    return 0;
  }

  private Path drawn(AblationPlan plan) throws IOException {
    Path photos = out.resolve("photos");
    if (!Files.isDirectory(photos)) {
      run(
          List.of(
              "synth",
              "--out",
              photos.toString(),
              "--people=" + plan.people(),
              "--eval-photos=1",
              "--seed=7"));
    }
    return photos;
  }

  private Path train(
      AblationPlan plan,
      String name,
      Map<String, String> options,
      long seed,
      Path photos,
      String suffix)
      throws IOException {
    String slug = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-") + suffix;
    Path folder = out.resolve("runs").resolve(slug + "-seed" + seed);
    if (!Files.isDirectory(folder) || runIn(folder) == null) {
      Map<String, String> own = new LinkedHashMap<>(options);
      if ("auto".equals(own.getOrDefault("crops", plan.base().get("crops")))) {
        own.put("crops", crops(photos).toString());
      }
      List<String> words = new ArrayList<>(List.of("train", "--data", photos.toString()));
      words.addAll(AblationPlan.words(plan.base(), own));
      words.addAll(
          List.of(
              "--seed=" + seed,
              "--valid-share=" + plan.validShare(),
              "--split-seed=" + plan.splitSeed(),
              "--runs",
              folder.toString()));
      run(words);
      markFinished(folder);
    }
    return runIn(folder);
  }

  /** Finds the faces once for all runs. */
  private Path crops(Path photos) {
    Path table = out.resolve("crops.jsonl");
    if (!Files.isRegularFile(table)) {
      run(List.of("crop", "--data", photos.toString(), "--out", table.toString()));
    }
    return table;
  }

  /** Returns the finished run in a folder, or null. A killed run does not count. */
  private static Path runIn(Path folder) throws IOException {
    Path mark = folder.resolve(FINISHED);
    return Files.isRegularFile(mark) ? folder.resolve(Files.readString(mark).strip()) : null;
  }

  private static void markFinished(Path folder) throws IOException {
    try (Stream<Path> runs = Files.list(folder)) {
      // Run names begin with the time.
      Path last = runs.filter(Files::isDirectory).max(Comparator.naturalOrder()).orElseThrow();
      AtomicFile.writeText(folder.resolve(FINISHED), last.getFileName() + "\n");
    }
  }

  /** Returns the soft vote of all switches' runs for each seed. */
  private List<PredictionTable> ensembles(AblationPlan plan, Path photos, PhotoSet judges)
      throws IOException {
    List<PredictionTable> tables = new ArrayList<>();
    for (long seed : plan.seeds()) {
      List<Path> runs = new ArrayList<>();
      for (Map.Entry<String, Map<String, String>> entry : plan.switches().entrySet()) {
        runs.add(train(plan, entry.getKey(), entry.getValue(), seed, photos, ""));
      }
      tables.add(predict(runs, judges));
    }
    return tables;
  }

  /** Returns the first switch's score if every photo counts as a separate person. */
  private double byPhoto(AblationPlan plan, String baseline, PhotoSet all) throws IOException {
    Path table = out.resolve("by-photo.csv");
    StringBuilder rows = new StringBuilder("path,person,class\n");
    for (FacePhoto photo : all) {
      rows.append(photo.photo().file().toAbsolutePath().normalize())
          .append(',')
          .append(photo.photo().id())
          .append(',')
          .append(photo.label().id())
          .append('\n');
    }
    AtomicFile.writeText(table, rows.toString());
    double sum = 0;
    for (long seed : plan.seeds()) {
      Path run = train(plan, baseline, plan.switches().get(baseline), seed, table, "-by-photo");
      sum +=
          RunJson.metrics(RunFolder.open(run)).stream()
              .mapToDouble(epoch -> epoch.path("macroF1").asDouble())
              .max()
              .orElseThrow();
    }
    return sum / plan.seeds().size();
  }

  private PredictionTable predict(List<Path> runs, PhotoSet judges) throws IOException {
    List<Member> models = new ArrayList<>();
    for (Path run : runs) {
      models.addAll(Ensemble.open(run).members());
    }
    Ensemble ensemble = Ensemble.of(models);
    ensemble.refuseSeenPeople(judges.people());
    EnsemblePredictor predictor =
        new EnsemblePredictor(ensemble, Devices.named("auto"), Precision.FLOAT32);
    ModelOptions options = new ModelOptions();
    options.batch = 32;
    return ensemble.combine(Photos.predictEach(predictor, options, judges));
  }

  private void run(List<String> words) {
    PrintWriter to = spec.commandLine().getOut();
    to.println("$ mask " + String.join(" ", words));
    to.flush();
    CommandLine line = MaskCommand.commandLine(to, spec.commandLine().getErr());
    checkArgument(
        line.execute(words.toArray(String[]::new)) == 0,
        "the step 'mask %s' failed; what was made so far is in %s",
        words.get(0),
        out);
  }
}
