package io.github.facemask.cli.options;

import io.github.facemask.facecrop.FaceCrop;
import io.github.facemask.facecrop.FaceCropSettings;
import io.github.facemask.facecrop.FaceDetector;
import io.github.facemask.facecrop.FaceDetectors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** How a command finds faces. */
@HelpHeading(HelpHeading.Heading.FACES)
public final class FaceOptions {

  @Option(
      names = "--face-detector",
      paramLabel = "FILE",
      description = {
        "Find faces with this network, an ONNX file for OpenCV's FaceDetectorYN (YuNet), instead",
        "of OpenCV's cascades."
      })
  public Path network;

  /** Returns the given detector, if there is one. */
  public Optional<FaceDetector> detector() throws IOException {
    return network == null ? Optional.empty() : Optional.of(FaceDetectors.yunet(network));
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
