package io.github.facemask.facecrop;

import java.io.IOException;
import java.util.List;

/**
 * Thrown when the face detector that a model was trained with is not available. No other detector
 * is used in its place, since it would give other crops.
 */
public final class UnavailableDetectorException extends IOException {

  private static final long serialVersionUID = 1L;

  private final transient FaceCropSettings.Detector detector;

  UnavailableDetectorException(FaceCropSettings.Detector detector, String why) {
    super(
        "the face detector "
            + detector.name()
            + (detector.networkSha256().isEmpty()
                ? ""
                : " with the network " + detector.networkSha256().substring(0, 8))
            + " is not available: "
            + why);
    this.detector = detector;
  }

  private UnavailableDetectorException(String message, FaceCropSettings.Detector detector) {
    super(message);
    this.detector = detector;
  }

  /**
   * Creates the exception for a given detector that no model was trained with.
   *
   * @param given the detector that was given
   * @param wanted the detectors that the models were trained with
   * @return the exception
   */
  public static UnavailableDetectorException otherGiven(
      FaceCropSettings.Detector given, List<FaceCropSettings.Detector> wanted) {
    String expected =
        wanted.isEmpty()
            ? "the model sees whole photos and needs no face detector"
            : "the model was trained with " + wanted;
    return new UnavailableDetectorException(
        "the face detector given is " + given + "; " + expected, given);
  }

  /**
   * Returns the settings of the required detector, or of the given detector that no model needs.
   */
  public FaceCropSettings.Detector detector() {
    return detector;
  }
}
