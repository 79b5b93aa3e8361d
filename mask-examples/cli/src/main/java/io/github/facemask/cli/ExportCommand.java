package io.github.facemask.cli;

import static com.google.common.base.Preconditions.checkArgument;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import com.google.common.primitives.Doubles;
import com.google.common.primitives.Floats;
import io.github.facemask.backbone.Backbones;
import io.github.facemask.classify.Answer;
import io.github.facemask.classify.FaceClassifier;
import io.github.facemask.dataset.Photo;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.dataset.Split;
import io.github.facemask.ensemble.Ensemble;
import io.github.facemask.evaluation.Evaluation;
import io.github.facemask.export.ExportPrecision;
import io.github.facemask.export.ExportedModel;
import io.github.facemask.internal.cropping.PhotoCropper;
import io.github.facemask.internal.passes.Calibrator;
import io.github.facemask.internal.passes.ExportProgram;
import io.github.facemask.internal.processor.Processor;
import io.github.facemask.model.ModelFolder;
import io.github.facemask.model.Target;
import io.github.facemask.network.Network;
import io.github.facemask.prediction.PredictionOrigin;
import io.github.facemask.prediction.PredictionTable;
import io.github.facemask.preprocessing.Preprocessing;
import io.github.facemask.preprocessing.View;
import io.github.facemask.provenance.RunFolder;
import io.github.facemask.tensor.Precision;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
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
      description = {
        "${COMPLETION-CANDIDATES}; INT8 needs --data, and suits ResNets and transformers. Without",
        "it, BFLOAT16 where this machine's processor multiplies it, else FLOAT32."
      })
  ExportPrecision precision;

  @Option(
      names = "--calibration-photos",
      paramLabel = "N",
      description = {
        "For INT8: on how many photos of the split's training side the bytes are calibrated",
        "(default: 64)."
      })
  Integer calibrationPhotos;

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
      paramLabel = "LOSS",
      description = "With --data: the largest loss of macro F1 against float32 (default: 0.005).")
  Double maxLoss;

  @Override
  public Integer call() throws IOException {
    checkArgument(
        maxLoss == null || (maxLoss >= 0 && maxLoss <= 1),
        "--max-f1-loss is %s, expected 0 to 1",
        maxLoss);
    return export();
  }

  int export() throws IOException {
    if (precision == null) {
      precision = ExportPrecision.of(Precision.fastestOn(Device.cpu()));
    }
    PrintWriter to = spec.commandLine().getOut();
    checkArgument(
        maxLoss == null || data != null,
        "--max-f1-loss is %s, expected --data with it: on which photos to compare",
        maxLoss);
    checkInt8();
    boolean run = Files.exists(model.resolve("run.json"));
    Path folder = run ? model.resolve("model") : model;
    if (run && !Files.exists(folder)) {
      if (!RunFolder.open(model).metrics().isEmpty()) {
        throw new IOException(
            folder + ": is missing, though the run has finished epochs; train it again");
      }
      throw new IOException(
          model + ": no epoch of this run is finished; go on with 'mask resume " + model + "'");
    }
    if (ExportedModel.isOne(folder)) {
      throw new IOException(
          model + ": is an exported program already; name the run or the model that it came from");
    }
    if (Files.isRegularFile(folder.resolve(Ensemble.MANIFEST))) {
      throw new IOException(
          model + ": is an ensemble; export each of its models, then 'mask ensemble' the programs");
    }
    if (precision == ExportPrecision.BFLOAT16
        && target == Target.CPU
        && !Processor.here().computesBfloat16()) {
      spec.commandLine()
          .getErr()
          .println(
              "mask: warning: this processor cannot run the program, which needs AVX-512 for"
                  + " bfloat16");
    }
    ModelFolder source = ModelFolder.open(folder);
    Split split = data == null ? null : split();
    ExportProgram program =
        precision == ExportPrecision.INT8
            ? writeInt8(source, split.train())
            : write(source, Precision.valueOf(precision.name()), target);
    ExportedModel written = ExportedModel.write(program, source, precision, target, out);
    if (explain) {
      program.explanation().forEach(line -> to.println("  " + line));
    }
    if (data != null) {
      try {
        compare(source, written, split.validation(), to);
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

  private void checkInt8() {
    boolean bytes = precision == ExportPrecision.INT8;
    checkArgument(
        bytes || calibrationPhotos == null,
        "--calibration-photos is %s, expected --precision INT8 with it",
        calibrationPhotos);
    checkArgument(
        calibrationPhotos == null || calibrationPhotos >= 1,
        "--calibration-photos is %s, expected 1 or more",
        calibrationPhotos);
    checkArgument(
        !bytes || data != null,
        "--precision is INT8, expected --data with it: on which photos to calibrate");
    checkArgument(
        !bytes || target == Target.CPU,
        "--target is %s, expected CPU for --precision INT8: its operations are oneDNN's",
        target);
    checkArgument(
        !bytes || Processor.here().addsBytesExactly(),
        "--precision is INT8, expected a processor with VNNI for it, as sums of bytes overflow on"
            + " others; this is %s: export with --precision FLOAT32",
        Processor.here().model());
  }

  private Split split() throws IOException {
    PrintWriter err = spec.commandLine().getErr();
    return data.split(data.photos(err), err);
  }

  private static ExportProgram write(ModelFolder source, Precision precision, Target target)
      throws IOException {
    return ExportProgram.write(Backbones.network(source), source.weights(), precision, target);
  }

  private ExportProgram writeInt8(ModelFolder source, PhotoSet photos) throws IOException {
    int count = Math.min(photos.size(), calibrationPhotos == null ? 64 : calibrationPhotos);
    if (calibrationPhotos != null && count < calibrationPhotos) {
      spec.commandLine()
          .getErr()
          .printf(
              "mask: warning: calibrated on %d photos, all of the split's training side%n", count);
    }
    Network network = Backbones.network(source);
    PhotoCropper cropper = new PhotoCropper();
    Preprocessing input = source.preprocessing();
    ByteBuffer frame = ByteBuffer.allocate(3 * input.height() * input.width());
    Shape shape = new Shape(1, input.height(), input.width(), 3);
    try (Calibrator calibrator = Calibrator.of(network, source.weights());
        Progress progress = Progress.of("calibrate", count, "photos")) {
      for (int i = 0; i < count; i++) {
        // Evenly over the set, which lies sorted by person.
        Path file = photos.photos().get((int) ((long) i * photos.size() / count)).file();
        cropper
            .decode(Files.readAllBytes(file), file.toString())
            .frame(input, View.WHOLE, frame.clear());
        try (NDArray photo = calibrator.manager().create(frame.flip(), shape, DataType.UINT8)) {
          calibrator.observe(photo);
        }
        progress.to(i + 1);
      }
      return ExportProgram.write(network, source.weights(), calibrator.calibration());
    }
  }

  private void compare(ModelFolder source, ExportedModel written, PhotoSet photos, PrintWriter to)
      throws IOException {
    PredictionTable exact;
    Path aside = out.resolveSibling("." + out.getFileName() + "-float32");
    try {
      ExportedModel reference =
          ExportedModel.write(
              write(source, Precision.FLOAT32, target),
              source,
              ExportPrecision.FLOAT32,
              target,
              aside);
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
    double most = maxLoss == null ? 0.005 : maxLoss;
    checkArgument(
        before - after <= most,
        "the program loses %s of macro F1, expected at most %s; nothing was written, try --precision"
            + " FLOAT32",
        String.format(Locale.ROOT, "%.4f", before - after),
        most);
  }

  private static PredictionTable predict(ExportedModel folder, PhotoSet photos) throws IOException {
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
