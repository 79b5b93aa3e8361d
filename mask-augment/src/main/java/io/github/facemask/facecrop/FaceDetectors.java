package io.github.facemask.facecrop;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Finds face detectors by name. */
public final class FaceDetectors {

  private FaceDetectors() {}

  /** Returns OpenCV's cascades, which need no file. */
  public static FaceDetector cascade() {
    return CascadeDetector.create();
  }

  /**
   * Returns YuNet, which finds more faces than the cascades, and more of those under masks.
   *
   * @param network the ONNX file of its network
   * @return the detector
   * @throws IOException if the file cannot be read or holds no such network
   */
  public static FaceDetector yunet(Path network) throws IOException {
    return YuNetDetector.of(network);
  }

  /**
   * Returns the detector with exactly the given settings.
   *
   * @param wanted the settings
   * @param network the file of its network, if it needs one and the file is available
   * @return a detector whose {@link FaceDetector#settings} equal them
   * @throws UnavailableDetectorException if there is none, or the file holds another network
   * @throws IOException if the file cannot be read
   */
  public static FaceDetector open(FaceCropSettings.Detector wanted, Optional<Path> network)
      throws IOException {
    FaceDetector found =
        switch (wanted.name()) {
          case CascadeDetector.NAME -> CascadeDetector.of(wanted);
          case YuNetDetector.NAME ->
              YuNetDetector.of(network.orElseThrow(() -> missing(wanted)), wanted);
          default -> throw missing(wanted);
        };
    if (!found.settings().equals(wanted)) {
      throw new UnavailableDetectorException(
          wanted, "the one at hand is " + found.settings() + ", which finds other faces");
    }
    return found;
  }

  private static UnavailableDetectorException missing(FaceCropSettings.Detector wanted) {
    return new UnavailableDetectorException(
        wanted,
        wanted.networkSha256().isEmpty()
            ? "it is not one of this library; pass the detector itself"
            : "pass the file of its network, or the detector itself");
  }
}
