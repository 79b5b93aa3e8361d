package io.github.facemask.cli.model;

import static com.google.common.base.Preconditions.checkArgument;

import ai.djl.Device;
import io.github.facemask.cli.options.DataOptions;
import io.github.facemask.dataset.Split;
import io.github.facemask.ensemble.Ensemble;
import io.github.facemask.evaluation.Evaluation;
import io.github.facemask.export.ExportedModel;
import io.github.facemask.export.Exporter;
import io.github.facemask.internal.processor.Processor;
import io.github.facemask.internal.records.RunJson;
import io.github.facemask.internal.torchscript.EngineFeatures;
import io.github.facemask.model.ModelFolder;
import io.github.facemask.model.Target;
import io.github.facemask.provenance.RunFolder;
import io.github.facemask.tensor.Precision;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Exports a trained model, or an ensemble as one program. */
@Command(
    name = "export",
    header = "Exports a model as TorchScript, as ONNX or for timm.",
    description = {
      "Exports a trained model, or an ensemble as one program: program.pt, for any libtorch 2 and",
      "Python's torch.jit.load, or model.onnx, for ONNX Runtime and others, with deploy.json and a",
      "model card, README.md. With --data, compares it with the model in float32 on the split's",
      "validation side and refuses a loss of macro F1. --format SAFETENSORS writes a folder that",
      "Python's timm loads."
    },
    footer = {
      "",
      "Example: mask export --model runs/<run> --out deployed --explain",
      "         mask export --model runs/<run> --out onnx --format onnx"
    })
public final class ExportCommand implements Callable<Integer> {

  /** What is written. */
  enum Format {
    TORCHSCRIPT,
    ONNX,
    SAFETENSORS
  }

  @Spec CommandSpec spec;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR",
      description = "Folder of a run, a model or an ensemble.")
  Path model;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Folder of the program; must not exist.")
  Path out;

  @Option(
      names = "--format",
      defaultValue = "TORCHSCRIPT",
      description = {
        "${COMPLETION-CANDIDATES}; ONNX is in float32, SAFETENSORS are the weights for timm",
        "(default: ${DEFAULT-VALUE})."
      })
  Format format;

  @Option(
      names = "--precision",
      description = {
        "${COMPLETION-CANDIDATES}; INT8 needs --data, and suits ResNets and transformers",
        "(default: BFLOAT16 if this machine's processor supports it, otherwise FLOAT32; FLOAT32",
        "for ONNX)."
      })
  Precision precision;

  @Option(
      names = "--calibration-photos",
      paramLabel = "N",
      description = {
        "For INT8: the number of photos of the split's training side to calibrate on",
        "(default: 64)."
      })
  Integer calibrationPhotos;

  @Option(
      names = "--target",
      description = {
        "For TORCHSCRIPT: ${COMPLETION-CANDIDATES}; CPU is tuned for x86-64, PORTABLE runs on GPUs",
        "and Arm, too (default: CPU)."
      })
  Target target;

  @Option(
      names = "--evaluation",
      paramLabel = "FILE",
      description = {
        "Scores of the model for its card: a file of 'mask evaluate --out'. With --data, the card",
        "has the program's own scores."
      })
  Path evaluation;

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
    checkArgument(
        maxLoss == null || data != null,
        "--max-f1-loss is %s, expected --data with it: on which photos to compare",
        maxLoss);
    checkArgument(
        evaluation == null || data == null,
        "--evaluation is %s, expected it without --data, which measures the scores anew",
        evaluation);
    checkFormat();
    if (precision == null) {
      precision =
          format == Format.TORCHSCRIPT ? Precision.fastestOn(Device.cpu()) : Precision.FLOAT32;
    }
    if (target == null) {
      target = Target.CPU;
    }
    checkInt8();
    Path folder = folder();
    boolean ensemble = Files.isRegularFile(folder.resolve(Ensemble.MANIFEST));
    if (format == Format.SAFETENSORS) {
      checkArgument(
          !ensemble,
          "--format is SAFETENSORS, expected TORCHSCRIPT or ONNX for the ensemble %s: timm has no"
              + " votes; export each of its models, in its folder members",
          model);
      return weights(ModelFolder.open(folder));
    }
    if (format == Format.TORCHSCRIPT
        && precision == Precision.BFLOAT16
        && target == Target.CPU
        && !EngineFeatures.computesBfloat16()) {
      spec.commandLine()
          .getErr()
          .println(
              "mask: warning: "
                  + Processor.here().described()
                  + " cannot run the program, which needs AVX-512 for bfloat16");
    }
    Exporter.Builder builder =
        ensemble ? Ensemble.open(folder).exporter() : Exporter.builder(ModelFolder.open(folder));
    print(exporter(builder).export(out));
    return 0;
  }

  private void print(Exporter.Result result) throws IOException {
    PrintWriter to = spec.commandLine().getOut();
    if (explain) {
      result.explanation().forEach(line -> to.println("  " + line));
    }
    result
        .agreement()
        .ifPresent(
            a ->
                to.printf(
                    Locale.ROOT,
                    "%d photos: %.2f %% classified as in float32, macro F1 %.4f instead of"
                        + " %.4f%n",
                    a.photos(),
                    100 * a.same(),
                    a.macroF1(),
                    a.macroF1Float32()));
    ExportedModel written = result.model();
    to.printf(
        Locale.ROOT,
        "%s: %s, %s, %s, %.1f MiB%n",
        out,
        written.architecture(),
        written.precision(),
        format == Format.ONNX ? "ONNX" : written.target(),
        Files.size(written.programFile()) / 1048576.0);
  }

  private int weights(ModelFolder source) throws IOException {
    Exporter.writeForTimm(source, scores(), out);
    spec.commandLine()
        .getOut()
        .printf(
            Locale.ROOT,
            "%s: %s, weights for timm, %.1f MiB%n",
            out,
            source.architecture(),
            Files.size(out.resolve("model.safetensors")) / 1048576.0);
    return 0;
  }

  private Optional<Evaluation> scores() throws IOException {
    return evaluation == null ? Optional.empty() : Optional.of(Evaluation.read(evaluation));
  }

  /** Returns the folder of the model or the ensemble. */
  private Path folder() throws IOException {
    boolean run = Files.exists(model.resolve("run.json"));
    Path folder = run ? model.resolve("model") : model;
    if (run && !Files.exists(folder)) {
      if (!RunJson.metrics(RunFolder.open(model)).isEmpty()) {
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
    return folder;
  }

  private void checkFormat() {
    checkArgument(
        format == Format.TORCHSCRIPT || precision == null || precision == Precision.FLOAT32,
        "--precision is %s, expected FLOAT32 for --format %s: %s",
        precision,
        format,
        format == Format.ONNX
            ? "ONNX Runtime quantizes with calibration tools of its own"
            : "the weights are written as they were trained");
    checkArgument(
        format == Format.TORCHSCRIPT || target == null,
        "--target is %s, expected none for --format %s: it is not written for one processor",
        target,
        format);
    checkArgument(
        format != Format.SAFETENSORS || data == null,
        "--data is given, expected none for --format SAFETENSORS, which are the model's own weights:"
            + " for scores in the card give --evaluation");
    checkArgument(
        format != Format.SAFETENSORS || !explain,
        "--explain is given, expected none for --format SAFETENSORS, which no pass changes");
  }

  private void checkInt8() {
    boolean bytes = precision == Precision.INT8;
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
        Processor.here().described());
  }

  private Exporter exporter(Exporter.Builder exporter) throws IOException {
    exporter.optPrecision(precision).optTarget(target);
    exporter.optFormat(
        format == Format.ONNX ? ExportedModel.Format.ONNX : ExportedModel.Format.TORCHSCRIPT);
    scores().ifPresent(exporter::optEvaluation);
    if (data != null) {
      PrintWriter err = spec.commandLine().getErr();
      Split split = data.split(data.photos(err), err);
      if (precision == Precision.INT8) {
        int count = calibrationPhotos == null ? 64 : calibrationPhotos;
        if (calibrationPhotos != null && split.train().size() < count) {
          err.printf(
              "mask: warning: calibrated on %d photos, all of the split's training side%n",
              split.train().size());
        }
        exporter.optCalibration(split.train(), count);
      }
      exporter.optGuard(split.validation(), maxLoss == null ? 0.005 : maxLoss);
    }
    return exporter.build();
  }
}
