package io.github.facemask.cli;

import static com.google.common.base.Preconditions.checkArgument;

import ai.djl.Device;
import io.github.facemask.cli.data.CropCommand;
import io.github.facemask.cli.interruption.Interruption;
import io.github.facemask.cli.options.DataOptions;
import io.github.facemask.cli.options.Devices;
import io.github.facemask.cli.options.ModelOptions;
import io.github.facemask.cli.options.PartOptions;
import io.github.facemask.cli.options.Photos;
import io.github.facemask.cli.options.ScorePrecision;
import io.github.facemask.cli.options.ValueConverters;
import io.github.facemask.cli.train.TrainCommand;
import io.github.facemask.dataset.FacePhoto;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.ensemble.Ensemble;
import io.github.facemask.ensemble.EnsemblePredictor;
import io.github.facemask.ensemble.Member;
import io.github.facemask.evaluation.F1Difference;
import io.github.facemask.internal.files.AtomicFile;
import io.github.facemask.internal.files.FolderLock;
import io.github.facemask.internal.records.RunJson;
import io.github.facemask.prediction.PredictionTable;
import io.github.facemask.provenance.Digest;
import io.github.facemask.provenance.RunFolder;
import io.github.facemask.tensor.Precision;
import io.github.facemask.training.TrainingResult;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
      "train' options for each name; 'judge: {data: DIR}' names other photos to judge on. Without",
      "--plan a small one is used, and printed on the page.",
      "",
      "Example: mask ablate --out ablation"
    })
final class AblateCommand implements Callable<Integer> {

  /** Options that say how crops are made; training takes the finished table instead. */
  private static final List<String> CROPPING =
      List.of("face-margins", "align", "lowest-score", "sure-score", "lowest-weight", "subject");

  private static final CommandSpec DATA = CommandSpec.forAnnotatedObject(new DataOptions());

  @Spec CommandSpec spec;

  @Option(names = "--plan", paramLabel = "FILE", description = "The plan (default: a small one).")
  Path planFile;

  @Option(
      names = "--data",
      paramLabel = "[NAME=]DIR|FILE",
      description = {
        "The photos, as for 'mask train', in place of those of the plan (default: synthetic photos,",
        "written to --out)."
      })
  List<String> data = new ArrayList<>();

  @Option(names = "--out", required = true, paramLabel = "DIR", description = "Folder of it all.")
  Path out;

  @Mixin PartOptions only;

  @Override
  public Integer call() throws Exception {
    return Interruption.whileStartedAgain(spec, this::compare);
  }

  private int compare() throws Exception {
    only.check();
    AblationPlan plan = AblationPlan.read(planFile);
    // Parts of it may be trained at the same time.
    return only.only != null
        ? ablate(plan)
        : FolderLock.<Integer, Exception>during(out, () -> ablate(plan));
  }

  private int ablate(AblationPlan plan) throws IOException {
    PrintWriter err = spec.commandLine().getErr();
    DataOptions options = dataOptions(plan, Map.of());
    PhotoSet all = options.photos(err);
    if (only.pending) {
      return tellPending(plan, all);
    }
    if (only.only != null) {
      return trainOnly(plan, all);
    }
    PhotoSet judges =
        plan.judge().isEmpty() ? options.split(all, err).validation() : judges(plan, err);
    if (!plan.judge().isEmpty()) {
      refuseTrained(plan, judges);
    }
    Map<String, List<PredictionTable>> tables = new LinkedHashMap<>();
    for (String name : plan.switches().keySet()) {
      List<PredictionTable> seeds = new ArrayList<>();
      for (long seed : plan.seeds()) {
        Path run = train(plan, Part.of(plan, name, seed, Optional.empty()));
        seeds.add(predict(List.of(run), judges));
      }
      tables.put(name, seeds);
    }
    if (alike(tables)) {
      tables.put("ensemble of all, by seed", ensembles(plan, judges));
    }
    AblationPage page = new AblationPage(plan, judges);
    String baseline = plan.switches().keySet().iterator().next();
    for (Map.Entry<String, List<PredictionTable>> entry : tables.entrySet()) {
      F1Difference change =
          F1Difference.betweenMeans(tables.get(baseline), entry.getValue(), judges);
      page.add(entry.getKey(), entry.getValue(), change);
    }
    if (splitsByPhoto(plan, all)) {
      page.byPhoto(byPhoto(plan, baseline, all));
    }
    AtomicFile.writeText(out.resolve("ablation.md"), page.markdown());
    AtomicFile.writeText(out.resolve("ablation.svg"), page.svg());
    spec.commandLine().getOut().println(page.markdown());
    return 0;
  }

  /** Refuses to judge on files that a switch trains on, by their content. */
  private void refuseTrained(AblationPlan plan, PhotoSet judges) throws IOException {
    Map<Long, Set<Digest>> trained = new HashMap<>();
    Set<Path> read = new HashSet<>();
    for (Map<String, List<String>> own : plan.switches().values()) {
      for (FacePhoto photo : dataOptions(plan, own).photos(new PrintWriter(Writer.nullWriter()))) {
        if (read.add(photo.photo().file())) {
          trained
              .computeIfAbsent(Files.size(photo.photo().file()), size -> new HashSet<>())
              .add(Digest.ofFile(photo.photo().file()));
        }
      }
    }
    long both = 0;
    String first = "";
    for (FacePhoto photo : judges) {
      Path file = photo.photo().file();
      Set<Digest> alike = trained.getOrDefault(Files.size(file), Set.of());
      if (!alike.isEmpty() && alike.contains(Digest.ofFile(file))) {
        first = both == 0 ? photo.photo().id() : first;
        both++;
      }
    }
    checkArgument(
        both == 0,
        "%s of the %s photos that judge are also training photos, for instance %s; judge on others",
        both,
        judges.size(),
        first);
  }

  /** Only models that answer the same can vote together. */
  private static boolean alike(Map<String, List<PredictionTable>> tables) {
    return tables.values().stream()
            .flatMap(List::stream)
            .map(table -> table.origin().attributes())
            .distinct()
            .count()
        == 1;
  }

  /** Returns the options of the photos, as the training of each switch has them. */
  private DataOptions dataOptions(AblationPlan plan, Map<String, List<String>> own)
      throws IOException {
    TrainCommand train = new TrainCommand();
    Map<String, List<String>> all = new LinkedHashMap<>(own);
    all.putAll(photos(plan));
    List<String> words = new ArrayList<>(AblationPlan.words(plan.base(), all));
    words.addAll(split(plan));
    CommandLine line = new CommandLine(train).setCaseInsensitiveEnumValuesAllowed(true);
    ValueConverters.register(line);
    line.parseArgs(words.toArray(String[]::new));
    return train.data();
  }

  private static PhotoSet judges(AblationPlan plan, PrintWriter err) throws IOException {
    DataOptions options = new DataOptions();
    CommandLine line =
        new CommandLine(
                CommandSpec.create().addMixin("data", CommandSpec.forAnnotatedObject(options)))
            .setCaseInsensitiveEnumValuesAllowed(true);
    try {
      line.parseArgs(AblationPlan.words(plan.judge(), Map.of()).toArray(String[]::new));
    } catch (CommandLine.ParameterException e) {
      throw new IllegalArgumentException("judge: " + e.getMessage(), e);
    }
    return options.photos(err);
  }

  /** Returns the photos of all runs, drawn if none are given. */
  private Map<String, List<String>> photos(AblationPlan plan) throws IOException {
    if (!data.isEmpty()) {
      return Map.of("data", data);
    }
    return plan.base().containsKey("data")
        ? Map.of()
        : Map.of("data", List.of(drawn(plan).toString()));
  }

  private static List<String> split(AblationPlan plan) {
    return List.of("--valid-share=" + plan.validShare(), "--split-seed=" + plan.splitSeed());
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

  /**
   * A training of the study.
   *
   * @param name the name of its folder
   * @param own the options of its switch
   * @param seed its seed
   * @param others other photos, for another split
   */
  private record Part(
      String name, Map<String, List<String>> own, long seed, Optional<Path> others) {

    static Part of(AblationPlan plan, String name, long seed, Optional<Path> others) {
      String slug =
          name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-")
              + (others.isPresent() ? "-by-photo" : "");
      return new Part(slug + "-seed" + seed, plan.switches().get(name), seed, others);
    }
  }

  /** Returns all trainings of the study, those by photo last. */
  private List<Part> parts(AblationPlan plan, PhotoSet all) throws IOException {
    List<Part> every = new ArrayList<>();
    for (String name : plan.switches().keySet()) {
      plan.seeds().forEach(seed -> every.add(Part.of(plan, name, seed, Optional.empty())));
    }
    if (splitsByPhoto(plan, all)) {
      Optional<Path> table = Optional.of(byPhotoTable(all));
      String baseline = plan.switches().keySet().iterator().next();
      plan.seeds().forEach(seed -> every.add(Part.of(plan, baseline, seed, table)));
    }
    return every;
  }

  private TrialFolder folder(Part part) {
    return new TrialFolder(out.resolve("runs").resolve(part.name));
  }

  /** Prints the parts that are not trained, and makes what they need. */
  private int tellPending(AblationPlan plan, PhotoSet all) throws IOException {
    List<String> names = new ArrayList<>();
    for (Part part : parts(plan, all)) {
      if (folder(part).complete().isEmpty()) {
        words(plan, part);
        names.add(part.name);
      }
    }
    names.forEach(spec.commandLine().getOut()::println);
    return 0;
  }

  private int trainOnly(AblationPlan plan, PhotoSet all) throws IOException {
    for (Part part : parts(plan, all)) {
      if (part.name.equals(only.only)) {
        train(plan, part);
        return 0;
      }
    }
    throw only.unknown(parts(plan, all).stream().map(Part::name).toList());
  }

  /** Trains a part, unless that is done. */
  private Path train(AblationPlan plan, Part part) throws IOException {
    Optional<TrainingResult> complete = folder(part).complete();
    return (complete.isPresent() ? complete.get() : folder(part).train(words(plan, part), spec))
        .run()
        .path();
  }

  /** Returns the words of {@code mask train} for a part; finds the faces that it needs. */
  private List<String> words(AblationPlan plan, Part part) throws IOException {
    Optional<Path> others = part.others;
    Map<String, List<String>> own = new LinkedHashMap<>(part.own);
    own.putAll(
        others.isPresent() ? Map.of("data", List.of(others.get().toString())) : photos(plan));
    if (others.isPresent()) {
      // The table has what these options would read.
      plan.base().keySet().stream()
          .filter(option -> !option.equals("data") && DATA.findOption("--" + option) != null)
          .forEach(option -> own.put(option, List.of()));
    }
    Map<String, List<String>> whole = new LinkedHashMap<>(plan.base());
    whole.putAll(own);
    if (List.of("auto").equals(whole.get("crops"))) {
      own.put("crops", List.of(crops(whole).toString()));
      CROPPING.forEach(
          option -> {
            if (whole.containsKey(option)) {
              own.put(option, List.of());
            }
          });
    } else if (whole.containsKey("overlay") && !whole.containsKey("overlay-faces")) {
      own.put("overlay-faces", List.of(crops(whole).toString()));
    }
    List<String> words = new ArrayList<>(List.of("train"));
    words.addAll(AblationPlan.words(plan.base(), own));
    words.add("--seed=" + part.seed);
    words.addAll(split(plan));
    return words;
  }

  /** Finds the faces once for all runs that find them in the same way. */
  private Path crops(Map<String, List<String>> options) {
    CommandSpec crop = CommandSpec.forAnnotatedObject(new CropCommand());
    Map<String, List<String>> known = new LinkedHashMap<>();
    options.forEach(
        (name, values) -> {
          if (crop.findOption("--" + name) != null && !name.equals("out")) {
            known.put(name, values);
          }
        });
    List<String> words = AblationPlan.words(known, Map.of());
    Path table = out.resolve("crops-" + Digest.ofText(words.toString()).shortHex() + ".jsonl");
    if (!Files.isRegularFile(table)) {
      List<String> all = new ArrayList<>(List.of("crop", "--out", table.toString()));
      all.addAll(words);
      run(all);
    }
    return table;
  }

  /** Returns the soft vote of all switches' runs for each seed. */
  private List<PredictionTable> ensembles(AblationPlan plan, PhotoSet judges) throws IOException {
    List<PredictionTable> tables = new ArrayList<>();
    for (long seed : plan.seeds()) {
      List<Path> runs = new ArrayList<>();
      for (String name : plan.switches().keySet()) {
        runs.add(train(plan, Part.of(plan, name, seed, Optional.empty())));
      }
      tables.add(predict(runs, judges));
    }
    return tables;
  }

  private static boolean splitsByPhoto(AblationPlan plan, PhotoSet all) {
    return plan.judge().isEmpty() && all.complete() && all.sets().size() == 1;
  }

  /** Writes a table in which every photo counts as a separate person. */
  private Path byPhotoTable(PhotoSet all) throws IOException {
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
    return table;
  }

  /** Returns the first switch's score if every photo counts as a separate person. */
  private double byPhoto(AblationPlan plan, String baseline, PhotoSet all) throws IOException {
    Optional<Path> table = Optional.of(byPhotoTable(all));
    double sum = 0;
    for (long seed : plan.seeds()) {
      Path run = train(plan, Part.of(plan, baseline, seed, table));
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
    Device device = Devices.named("auto");
    Precision precision = ScorePrecision.of(ensemble, Optional.empty(), device).used();
    EnsemblePredictor predictor = new EnsemblePredictor(ensemble, device, precision);
    ModelOptions options = new ModelOptions();
    options.batch = 32;
    return ensemble.combine(Photos.predictEach(predictor, options, judges));
  }

  private void run(List<String> words) {
    CommandLine own = spec.commandLine();
    // With --pending, the output has the names alone.
    PrintWriter to = only.pending ? own.getErr() : own.getOut();
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
