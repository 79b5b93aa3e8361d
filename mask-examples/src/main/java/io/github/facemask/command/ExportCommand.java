package io.github.facemask.command;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import com.google.common.primitives.Doubles;
import com.google.common.primitives.Floats;
import io.github.facemask.catalog.Backbones;
import io.github.facemask.classifier.Answer;
import io.github.facemask.classifier.FaceClassifier;
import io.github.facemask.dataset.Photo;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.deploy.DeployFolder;
import io.github.facemask.deploy.DeployProgram;
import io.github.facemask.deploy.Target;
import io.github.facemask.evaluation.Evaluation;
import io.github.facemask.model.ModelFolder;
import io.github.facemask.network.Network;
import io.github.facemask.prediction.PredictionOrigin;
import io.github.facemask.prediction.PredictionTable;
import io.github.facemask.training.Precision;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Writes a trained model as a program. */
@Command(
    name = "export",
    description = {
      "Writes a trained model as the program that runs fastest: program.pt, which any libtorch of",
      "version 2 and Python's torch.jit.load read, and deploy.json. With --data, compares it with",
      "the model in float32 on the split's validation side and refuses a loss of macro F1."
    },
    footer = {"", "Example: mask export --model runs/<run> --out deployed --explain"})
final class ExportCommand implements Callable<Integer> {

  @Spec CommandSpec spec;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR",
      description = "Folder of a run or a model.")
  Path model;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Folder of the program; must not exist.")
  Path out;

  @Option(
      names = "--precision",
      defaultValue = "BFLOAT16",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  Precision precision;

  @Option(
      names = "--target",
      defaultValue = "CPU",
      description = {
        "${COMPLETION-CANDIDATES}; CPU is tuned for x86-64, PORTABLE runs on GPUs and Arm, too",
        "(default: ${DEFAULT-VALUE})."
      })
  Target target;

  @Option(names = "--explain", description = "Show what each pass did.")
  boolean explain;

  @ArgGroup(exclusive = false, heading = "The photos on which the program is compared:%n")
  DataOptions data;

  @Option(
      names = "--max-f1-loss",
      defaultValue = "0.005",
      paramLabel = "LOSS",
      description = "The largest loss of macro F1 against float32 (default: ${DEFAULT-VALUE}).")
  double maxLoss;

  @Override
  public Integer call() throws IOException {
    PrintWriter to = spec.commandLine().getOut();
    Path folder = Files.exists(model.resolve("run.json")) ? model.resolve("model") : model;
    ModelFolder source = ModelFolder.open(folder);
    DeployProgram program = write(source, precision, target);
    DeployFolder written = DeployFolder.write(program, source, precision, target, out);
    if (explain) {
      program.explanation().forEach(line -> to.println("  " + line));
    }
    if (data != null) {
      try {
        compare(source, written, to);
      } catch (IOException | RuntimeException e) {
        MoreFiles.deleteRecursively(out, RecursiveDeleteOption.ALLOW_INSECURE);
        throw e;
      }
    }
    to.printf(
        Locale.ROOT,
        "%s: %s, %s, %s, %.1f MiB%n",
        out,
        source.architecture(),
        precision,
        target,
        Files.size(out.resolve("program.pt")) / 1048576.0);
    return 0;
  }

  private static DeployProgram write(ModelFolder source, Precision precision, Target target)
      throws IOException {
    Network network =
        Backbones.get(source.architecture())
            .optPreprocessing(source.preprocessing())
            .optHeads(source.heads())
            .network();
    return DeployProgram.write(network, source.weights(), precision, target);
  }

  private void compare(ModelFolder source, DeployFolder written, PrintWriter to)
      throws IOException {
    PrintWriter err = spec.commandLine().getErr();
    PhotoSet photos = data.split(data.photos(err), err).valid();
    PredictionTable exact;
    Path aside = out.resolveSibling("." + out.getFileName() + "-float32");
    try {
      DeployFolder reference =
          DeployFolder.write(
              write(source, Precision.FLOAT32, target), source, Precision.FLOAT32, target, aside);
      exact = predict(reference, photos);
    } finally {
      if (Files.exists(aside)) {
        MoreFiles.deleteRecursively(aside, RecursiveDeleteOption.ALLOW_INSECURE);
      }
    }
    PredictionTable rounded = predict(written, photos);
    int same = 0;
    for (int row = 0; row < exact.size(); row++) {
      same += exact.argmax(row) == rounded.argmax(row) ? 1 : 0;
    }
    double before = Evaluation.of(exact, photos).scores().macroF1();
    double after = Evaluation.of(rounded, photos).scores().macroF1();
    to.printf(
        Locale.ROOT,
        "%d photos: %.2f %% classified as in float32, macro F1 %.4f instead of %.4f%n",
        exact.size(),
        100.0 * same / exact.size(),
        after,
        before);
    checkArgument(
        before - after <= maxLoss,
        "the program loses %s of macro F1, expected at most %s; nothing was written, try --precision"
            + " FLOAT32",
        before - after,
        maxLoss);
  }

  private static PredictionTable predict(DeployFolder folder, PhotoSet photos) throws IOException {
    PredictionTable.Builder table = PredictionTable.builder(PredictionOrigin.unknown());
    List<Path> files = photos.photos().stream().map(Photo::file).toList();
    List<Answer> answers = new ArrayList<>();
    try (FaceClassifier classifier = FaceClassifier.open(folder.path());
        Progress progress = Progress.of("compare", files.size(), "photos")) {
      classifier.classifyAll(
          files,
          answer -> {
            answers.add(answer);
            progress.to(answers.size());
          });
    }
    for (int i = 0; i < answers.size(); i++) {
      Answer answer = answers.get(i);
      if (answer.error().isPresent()) {
        throw answer.error().get();
      }
      double[] values = answer.prediction().orElseThrow().probabilities().toArray();
      table.add(photos.get(i).photo().id(), Floats.toArray(Doubles.asList(values)));
    }
    return table.build();
  }
}
