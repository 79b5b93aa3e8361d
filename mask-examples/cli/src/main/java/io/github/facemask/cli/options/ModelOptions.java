package io.github.facemask.cli.options;

import ai.djl.Device;
import io.github.facemask.ensemble.Ensemble;
import io.github.facemask.ensemble.EnsemblePredictor;
import io.github.facemask.facecrop.FaceDetector;
import io.github.facemask.image.PhotoDecoder;
import io.github.facemask.tensor.Precision;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The model, and how it predicts. */
public final class ModelOptions {

  @HelpHeading(HelpHeading.Heading.NETWORK)
  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR",
      description = "Folder of a run, a model, an exported program or an ensemble.")
  public Path model;

  @Option(
      names = "--batch",
      defaultValue = "32",
      paramLabel = "N",
      description = "Photos in a batch (default: ${DEFAULT-VALUE}).")
  public int batch;

  @Option(
      names = "--threads",
      defaultValue = Threads.AUTO,
      converter = Threads.class,
      paramLabel = "auto|N",
      description =
          "Threads that read photos; auto is one for each processor (default: ${DEFAULT-VALUE}).")
  public int threads;

  @Option(
      names = "--precision",
      description = {
        "${COMPLETION-CANDIDATES} (default: the one in which the model was validated in training, if",
        "this machine computes in it, otherwise FLOAT32). Exported programs have their own."
      })
  public Precision precision;

  @Option(
      names = "--device",
      defaultValue = "auto",
      paramLabel = "auto|cpu|gpu",
      description = "auto uses a GPU if there is one (default: ${DEFAULT-VALUE}).")
  public String device;

  @HelpHeading(HelpHeading.Heading.FACES)
  @Option(
      names = "--face-detector",
      paramLabel = "yunet|cascade|FILE",
      description = {
        "The network of the face detector that the model was trained with, if its folder lacks it;",
        "no other detector is used."
      })
  public String detector;

  /** Set by commands with an option of it. */
  public PhotoDecoder decoder = PhotoDecoder.create();

  @Spec(Spec.Target.MIXEE)
  public CommandSpec command;

  public Optional<FaceDetector> detector() throws IOException {
    return FaceOptions.named(detector, command);
  }

  public Ensemble ensemble() throws IOException {
    return Ensemble.open(model);
  }

  public EnsemblePredictor predictor() throws IOException {
    Device where = Devices.named(device);
    Ensemble ensemble = ensemble();
    ensemble.refuseOtherDetector(detector());
    return new EnsemblePredictor(ensemble, where, precision(ensemble).used());
  }

  /**
   * Returns the precision of the models.
   *
   * @param ensemble the models
   */
  public ScorePrecision precision(Ensemble ensemble) throws IOException {
    return ScorePrecision.of(ensemble, Optional.ofNullable(precision), Devices.named(device));
  }
}
