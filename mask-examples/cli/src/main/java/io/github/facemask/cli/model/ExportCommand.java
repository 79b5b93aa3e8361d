package io.github.facemask.cli.model;

import static com.google.common.base.Preconditions.checkArgument;

import ai.djl.Device;
import io.github.facemask.cli.options.DataOptions;
import io.github.facemask.dataset.Split;
import io.github.facemask.ensemble.Ensemble;
import io.github.facemask.export.ExportedModel;
import io.github.facemask.export.Exporter;
import io.github.facemask.internal.processor.Processor;
import io.github.facemask.internal.records.RunJson;
import io.github.facemask.model.ModelFolder;
import io.github.facemask.model.Target;
import io.github.facemask.provenance.RunFolder;
import io.github.facemask.tensor.Precision;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Exports a trained model as a TorchScript program. */
@Command(
    name = "export",
    header = "Exports a model as a fast TorchScript program.",
    description = {
      "Exports a trained model as a fast TorchScript program: program.pt, for any libtorch 2 and",
      "Python's torch.jit.load, and deploy.json. With --data, compares it with the model in",
      "float32 on the split's validation side and refuses a loss of macro F1."
    },
    footer = {"", "Example: mask export --model runs/<run> --out deployed --explain"})
public final class ExportCommand implements Callable<Integer> {

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
        "${COMPLETION-CANDIDATES}; INT8 needs --data, and suits ResNets and transformers",
        "(default: BFLOAT16 if this machine's processor supports it, otherwise FLOAT32)."
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
      precision = Precision.fastestOn(Device.cpu());
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
    if (Files.isRegularFile(folder.resolve(Ensemble.MANIFEST))) {
      throw new IOException(
          model + ": is an ensemble; export each of its models, then 'mask ensemble' the programs");
    }
    if (precision == Precision.BFLOAT16
        && target == Target.CPU
        && !Processor.here().computesBfloat16()) {
      spec.commandLine()
          .getErr()
          .println(
              "mask: warning: this processor cannot run the program, which needs AVX-512 for"
                  + " bfloat16");
    }
    ModelFolder source = ModelFolder.open(folder);
    Exporter.Result result = exporter(source).export(out);
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
        Processor.here().model());
  }

  private Exporter exporter(ModelFolder source) throws IOException {
    Exporter.Builder exporter = Exporter.builder(source).optPrecision(precision).optTarget(target);
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
