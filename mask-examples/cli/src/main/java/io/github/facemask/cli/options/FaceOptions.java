package io.github.facemask.cli.options;

import io.github.facemask.facecrop.FaceCrop;
import io.github.facemask.facecrop.FaceCropSettings;
import io.github.facemask.facecrop.FaceDetector;
import io.github.facemask.facecrop.FaceDetectors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How a command finds faces. */
@HelpHeading(HelpHeading.Heading.FACES)
public final class FaceOptions {

  @Option(
      names = "--face-detector",
      paramLabel = "yunet|FILE",
      description = {
        "Find faces with YuNet instead of OpenCV's cascades: yunet finds its network (MIT licence,",
        "0.2 MiB) on this machine or downloads it; a file is an ONNX network for OpenCV's",
        "FaceDetectorYN."
      })
  public String network;

  @Spec(Spec.Target.MIXEE)
  CommandSpec command;

  /** Returns the given detector, if there is one. */
  public Optional<FaceDetector> detector() throws IOException {
    return detector(network, command);
  }

  /** Returns the detector of an option's value; empty for none. */
  public static Optional<FaceDetector> detector(String network, CommandSpec command)
      throws IOException {
    if (network == null) {
      return Optional.empty();
    }
    return Optional.of(
        network.equalsIgnoreCase("yunet")
            ? FaceDetectors.yunet(HubConsole.hub(command))
            : FaceDetectors.yunet(Path.of(network)));
  }

  /** Returns the crop with the given detector, by default with the cascades. */
  public FaceCrop crop() throws IOException {
    return FaceCrop.by(detector().orElseGet(FaceDetectors::cascade));
  }

  /** Returns the crop for settings, with the given detector or a built-in one. */
  public FaceCrop crop(FaceCropSettings settings) throws IOException {
    Optional<FaceDetector> named = detector();
    return FaceCrop.of(
        settings,
        named.isPresent()
            ? named.get()
            : FaceDetectors.open(settings.detector(), Optional.empty()));
  }
}
