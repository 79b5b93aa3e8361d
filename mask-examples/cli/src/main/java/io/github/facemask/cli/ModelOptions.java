package io.github.facemask.cli;

import ai.djl.Device;
import io.github.facemask.ensemble.Ensemble;
import io.github.facemask.ensemble.EnsemblePredictor;
import io.github.facemask.tensor.Precision;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which model predicts, and how. */
final class ModelOptions {

  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR",
      description = "Folder of a run, a model, an exported program or an ensemble.")
  Path model;

  @Option(
      names = "--batch",
      defaultValue = "32",
      paramLabel = "N",
      description = "Photos in a batch (default: ${DEFAULT-VALUE}).")
  int batch;

  @Option(
      names = "--threads",
      defaultValue = "0",
      description = "Threads that read photos; 0 for one a processor (default: ${DEFAULT-VALUE}).")
  int threads;

  @Option(
      names = "--precision",
      description = {
        "${COMPLETION-CANDIDATES}; without it, BFLOAT16 on GPUs and on processors that multiply it,",
        "else FLOAT32. Exported programs compute with their own."
      })
  Precision precision;

  @Option(
      names = "--device",
      defaultValue = "auto",
      paramLabel = "auto|cpu|gpu",
      description = "auto takes a GPU where there is one (default: ${DEFAULT-VALUE}).")
  String device;

  @Mixin FaceOptions faces = new FaceOptions();

  Ensemble ensemble() throws IOException {
    return Ensemble.open(model);
  }

  EnsemblePredictor predictor() throws IOException {
    Device where = Devices.named(device);
    Precision numbers = precision == null ? Precision.fastestOn(where) : precision;
    return new EnsemblePredictor(ensemble(), where, numbers);
  }
}
