package io.github.facemask.facecrop;

import java.io.IOException;
import java.nio.file.Path;

/** A file that should hold a face detector's network does not. */
public final class DetectorModelException extends IOException {

  private static final long serialVersionUID = 1L;

  DetectorModelException(Path file, String reason, Throwable cause) {
    super(
        file
            + ": "
            + reason
            + "; expected an ONNX file for OpenCV's FaceDetectorYN, for instance"
            + " face_detection_yunet_2023mar.onnx of OpenCV's model zoo",
        cause);
  }
}
