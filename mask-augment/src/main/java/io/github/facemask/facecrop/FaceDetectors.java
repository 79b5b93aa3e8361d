package io.github.facemask.facecrop;

import com.google.common.collect.ImmutableList;
import io.github.facemask.hub.Hub;
import io.github.facemask.provenance.Digest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/** Finds face detectors by name. */
public final class FaceDetectors {

  /** The network of YuNet in OpenCV's model zoo: 232,589 bytes, MIT licence. */
  public static final Hub.Artifact YUNET =
      new Hub.Artifact(
          "face_detection_yunet_2023mar",
          "opencv/face_detection_yunet",
          ImmutableList.of("face_detection_yunet_2023mar.onnx"),
          Optional.empty(),
          Optional.of(
              new Digest("8f2383e4dd3cfbb4553ea8718107fc0423210dc964f9f4280604804ed2552fa4")));

  private FaceDetectors() {}

  /** Returns OpenCV's cascades, which need no file. */
  public static FaceDetector cascade() {
    return CascadeDetector.create();
  }

  /**
   * Returns the recommended detector: YuNet if its network is on this machine, else the cascades.
   * Nothing is downloaded.
   *
   * @return the detector
   * @throws IOException if the network cannot be read
   */
  public static FaceDetector usual() throws IOException {
    return usual(Hub.usual());
  }

  /**
   * Returns the recommended detector, as {@link #usual()}.
   *
   * @param hub where the network is looked for
   * @return the detector
   * @throws IOException if the network cannot be read, or another file has its name
   */
  public static FaceDetector usual(Hub hub) throws IOException {
    boolean atHand = hub.places(YUNET).stream().anyMatch(place -> place.found().isPresent());
    return atHand ? yunet(hub) : cascade();
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
   * Returns YuNet with the network of OpenCV's model zoo of March 2023 (MIT licence), downloaded if
   * it is not on this machine; see {@link Hub#usual}.
   *
   * @return the detector
   * @throws IOException if it is not on this machine and cannot be downloaded
   */
  public static FaceDetector yunet() throws IOException {
    return yunet(Hub.usual());
  }

  /**
   * Returns YuNet with the network of OpenCV's model zoo of March 2023.
   *
   * @param hub where it is found
   * @return the detector
   * @throws IOException if it is not on this machine and cannot be downloaded
   */
  public static FaceDetector yunet(Hub hub) throws IOException {
    return yunet(hub.locate(YUNET).file());
  }

  /**
   * Returns the detector with exactly the given settings.
   *
   * @param wanted the settings
   * @param network the file of its network, if it needs one and the file is available
   * @return a detector whose {@link FaceDetector#settings} equal them
   * @throws UnavailableException if there is none, or the file holds another network
   * @throws IOException if the file cannot be read
   */
  public static FaceDetector open(FaceCropSettings.Detector wanted, Optional<Path> network)
      throws IOException {
    FaceDetector found =
        switch (wanted.name()) {
          case CascadeDetector.NAME -> CascadeDetector.of(wanted);
          case YuNetDetector.NAME ->
              YuNetDetector.of(network.orElseThrow(() -> missing(wanted)), wanted);
          default ->
              provider(wanted.name()).orElseThrow(() -> missing(wanted)).open(wanted, network);
        };
    if (!found.settings().equals(wanted)) {
      throw new UnavailableException(
          wanted, "the one at hand is " + found.settings() + ", which finds other faces");
    }
    return found;
  }

  /**
   * Returns the custom detector of a name, with its usual settings.
   *
   * @param name the name of a {@link FaceDetector.Provider} on the class path
   * @return the detector, or empty if there is none of this name
   * @throws IOException if a file that it needs cannot be read
   */
  public static Optional<FaceDetector> custom(String name) throws IOException {
    Optional<FaceDetector.Provider> provider = provider(name);
    return provider.isPresent() ? Optional.of(provider.get().create()) : Optional.empty();
  }

  private static Optional<FaceDetector.Provider> provider(String name) {
    try {
      return ServiceLoader.load(FaceDetector.Provider.class).stream()
          .map(ServiceLoader.Provider::get)
          .filter(each -> each.name().equals(name))
          .findFirst();
    } catch (ServiceConfigurationError e) {
      throw new IllegalArgumentException(
          "a face detector on the class path cannot be made: " + e.getMessage(), e);
    }
  }

  private static UnavailableException missing(FaceCropSettings.Detector wanted) {
    return new UnavailableException(
        wanted,
        wanted.networkSha256().isEmpty()
            ? "neither this library nor a provider on the class path has it; pass the detector"
                + " itself"
            : "pass the file of its network, or the detector itself");
  }

  /**
   * Thrown when the face detector that a model was trained with is not available. No other detector
   * is used in its place, since it would give other crops.
   */
  public static final class UnavailableException extends IOException {

    private static final long serialVersionUID = 1L;

    private final transient FaceCropSettings.Detector detector;

    UnavailableException(FaceCropSettings.Detector detector, String why) {
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

    private UnavailableException(String message, FaceCropSettings.Detector detector) {
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
    public static UnavailableException otherGiven(
        FaceCropSettings.Detector given, List<FaceCropSettings.Detector> wanted) {
      String expected =
          wanted.isEmpty()
              ? "the model sees whole photos and needs no face detector"
              : "the model was trained with " + wanted;
      return new UnavailableException(
          "the face detector given is " + given + "; " + expected, given);
    }

    /**
     * Returns the settings of the required detector, or of the given detector that no model needs.
     */
    public FaceCropSettings.Detector detector() {
      return detector;
    }
  }
}
