package io.github.facemask.cli.options;

import io.github.facemask.facecrop.FaceCrop;
import io.github.facemask.facecrop.FaceCropSettings;
import io.github.facemask.facecrop.FaceDetector;
import io.github.facemask.facecrop.FaceDetectors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** How faces are found, where a command looks for them. */
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

  /** Returns the detector that was named, if one was. */
  public Optional<FaceDetector> detector() throws IOException {
    return network == null ? Optional.empty() : Optional.of(FaceDetectors.yunet(network));
  }

  /** Returns the crop of the named detector, else of the cascades. */
  public FaceCrop crop() throws IOException {
    return FaceCrop.by(detector().orElseGet(FaceDetectors::cascade));
  }

  /** Returns the crop that settings describe, by the named detector or a built-in one. */
  public FaceCrop crop(FaceCropSettings settings) throws IOException {
    Optional<FaceDetector> named = detector();
    return FaceCrop.of(
        settings,
        named.isPresent()
            ? named.get()
            : FaceDetectors.open(settings.detector(), Optional.empty()));
  }
}
