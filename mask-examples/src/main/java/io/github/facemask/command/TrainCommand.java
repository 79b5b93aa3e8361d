package io.github.facemask.command;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.facemask.catalog.Backbone;
import io.github.facemask.dataset.Fold;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.facecrop.CropTable;
import io.github.facemask.preprocessing.Preprocessing;
import io.github.facemask.preprocessing.Subject;
import io.github.facemask.training.Outcome;
import io.github.facemask.training.Precision;
import io.github.facemask.training.Training;
import io.github.facemask.training.TrainingData;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Trains a backbone. */
@Command(
    name = "train",
    description = {
      "Trains a backbone on photos split by person. Writes runs/<run>/ with run.json (every",
      "choice, before the first step), metrics.jsonl (a line an epoch) and model/ (the best",
      "epoch's weights as safetensors). The same seed gives the same metrics."
    },
    footer = {"", "Example: mask train --data photos --backbone resnet18 --size 112 --epochs 12"})
final class TrainCommand implements Callable<Integer> {

  @Spec CommandSpec spec;

  @Mixin BackboneOptions backbone;
  @Mixin DataOptions data;
  @Mixin BatchOptions batches;
  @Mixin LearningOptions learning;

  @Option(
      names = "--runs",
      defaultValue = "runs",
      paramLabel = "DIR",
      description = "Folder of all runs (default: ${DEFAULT-VALUE}).")
  Path runs;

  @Option(names = "--name", defaultValue = "", description = "Name in the run's id.")
  String name;

  @Option(
      names = "--crops",
      defaultValue = "none",
      paramLabel = "none|auto|FILE",
      description = {
        "Train on faces: a table of 'mask crop', or auto to find the faces now;",
        "the model then crops what it predicts, too (default: ${DEFAULT-VALUE})."
      })
  String crops;

  @Option(
      names = "--unaudited-crops",
      description = {
        "Train on crops that nobody was shown; else 'mask audit-crops' must have shown the table,",
        "and auto is refused."
      })
  boolean unauditedCrops;

  @Mixin FaceOptions faces;

  @Option(
      names = "--epochs",
      defaultValue = "10",
      paramLabel = "N",
      description = "Passes over the photos (default: ${DEFAULT-VALUE}).")
  int epochs;

  @Option(
      names = "--accumulate",
      defaultValue = "1",
      paramLabel = "N",
      description = "Batches in a step (default: ${DEFAULT-VALUE}).")
  int accumulate;

  @Option(
      names = "--precision",
      defaultValue = "BFLOAT16",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  Precision precision;

  @Option(
      names = "--device",
      defaultValue = "auto",
      paramLabel = "auto|cpu|gpu",
      description = "auto takes a GPU where there is one (default: ${DEFAULT-VALUE}).")
  String device;

  @Option(
      names = "--seed",
      defaultValue = "7",
      description = "Names weights, draws and mixing (default: ${DEFAULT-VALUE}).")
  long seed;

  @Option(
      names = "--age-boundary",
      defaultValue = "60",
      paramLabel = "YEARS",
      description = "Who trains as 'from 60'; never judges so (default: ${DEFAULT-VALUE}).")
  int ageBoundary;

  /** The run to go on with; only for {@link ResumeCommand}, which has the run's own options. */
  @Option(names = "--resumed", hidden = true)
  Path resumed;

  @Override
  public Integer call() throws Exception {
    train();
    return 0;
  }

  /** Trains and tells how it went. */
  Outcome train() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    Backbone network = backbone.backbone();
    PhotoSet photos = data.photos(err);
    Fold split = data.split(photos, err);
    Optional<CropTable> cropTable =
        crops(split.train().plus(split.valid())).map(CropTable::asAudited);
    if (cropTable.isPresent()) {
      network = network.optSubject(Subject.FACE);
    }
    PhotoSet learners =
        ageBoundary == 60 ? split.train() : split.train().withTrainingAgeBoundary(ageBoundary);
    Preprocessing preprocessing = network.preprocessing();
    TrainingData sides =
        new TrainingData(
            learners,
            batches.training(learners, preprocessing, seed, cropTable),
            split.valid(),
            batches.evaluation(split.valid(), preprocessing, cropTable));
    Outcome outcome = train(network, sides, out);
    out.printf(
        Locale.ROOT,
        "%s: best macro F1 %.4f in epoch %d, accuracy %.4f%n",
        outcome.run().path(),
        outcome.best().macroF1(),
        outcome.best().epoch(),
        outcome.best().accuracy());
    return outcome;
  }

  private Outcome train(Backbone network, TrainingData sides, PrintWriter out) throws IOException {
    try (TrainingConsole console = new TrainingConsole(out)) {
      Training training =
          learning
              .applyTo(Training.of(network, sides))
              .optEpochs(epochs)
              .optBatchesPerStep(accumulate)
              .optPrecision(precision)
              .optDevice(Devices.named(device))
              .optSeed(seed)
              .optName(name)
              .optListener(console)
              .optNotes(
                  ImmutableMap.of(
                      "command",
                      String.join(" ", commandLine()),
                      "arguments",
                      commandLine(),
                      "source",
                      data.parameters(),
                      "ageBoundary",
                      ageBoundary))
              .build();
      return resumed == null ? training.run(runs) : training.resume(resumed);
    }
  }

  /** The crops, which were shown to a person or may be used unseen. */
  private Optional<CropTable> crops(PhotoSet photos) throws IOException {
    checkArgument(
        unauditedCrops || !crops.equals("auto"),
        "nobody is shown the crops of --crops auto; run 'mask crop' and 'mask audit-crops' and"
            + " train with --crops FILE, or go on with --unaudited-crops");
    Optional<CropTable> table = cropTable(photos);
    checkArgument(
        unauditedCrops || table.isEmpty() || table.get().audited(),
        "%s: nobody was shown these crops; run 'mask audit-crops --data %s --crops %s --out"
            + " crops.html' and look at the page, or go on with --unaudited-crops",
        crops,
        data.data,
        crops);
    return table;
  }

  private Optional<CropTable> cropTable(PhotoSet photos) throws IOException {
    return switch (crops) {
      case "none" -> Optional.empty();
      case "auto" ->
          Optional.of(
              Crops.of(
                  photos,
                  faces.crop(),
                  Optional.empty(),
                  Optional.empty(),
                  Threads.orProcessors(batches.threads)));
      default ->
          Optional.of(
              Crops.read(
                  Path.of(crops), photos, faces.crop(), Threads.orProcessors(batches.threads)));
    };
  }

  private List<String> commandLine() {
    List<String> all = new ArrayList<>(spec.commandLine().getParseResult().originalArgs());
    int hidden = all.indexOf("--resumed");
    return hidden < 0 ? all : ImmutableList.copyOf(all.subList(0, hidden));
  }
}
