package io.github.facemask.cli;

import io.github.facemask.facecrop.FaceCrop;
import io.github.facemask.facecrop.YuNetDetector;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** How faces are found, where a command looks for them. */
final class FaceOptions {

  @Option(
      names = "--face-detector",
      paramLabel = "FILE",
      description = {
        "Find faces with this network, an ONNX file for OpenCV's FaceDetectorYN (YuNet), instead",
        "of OpenCV's cascades. Use one detector for training and predicting."
      })
  Path network;

  FaceCrop crop() throws IOException {
    return network == null ? FaceCrop.cascade() : FaceCrop.by(YuNetDetector.of(network));
  }
}
