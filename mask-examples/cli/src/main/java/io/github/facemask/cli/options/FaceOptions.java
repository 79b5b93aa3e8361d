package io.github.facemask.cli.options;

import static com.google.common.base.Preconditions.checkArgument;

import io.github.facemask.facecrop.FaceCropSettings;
import io.github.facemask.facecrop.FaceDetector;
import io.github.facemask.facecrop.FaceDetectors;
import io.github.facemask.hub.Hub;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Which face detector a command uses. */
@HelpHeading(HelpHeading.Heading.FACES)
public class FaceOptions {

  @Option(
      names = "--face-detector",
      paramLabel = "yunet|cascade|FILE",
      description = {
        "How faces are found: yunet (its network, MIT licence, 0.2 MiB, is found on this machine or",
        "downloaded), cascade (OpenCV's cascades, which need no file), the name of a detector of",
        "your own, or an ONNX network for OpenCV's FaceDetectorYN (default: yunet if its network is",
        "on this machine, else cascade)."
      })
  public String network;

  @Spec(Spec.Target.MIXEE)
  CommandSpec command;

  /** Returns the named detector, if one is named. */
  public Optional<FaceDetector> named() throws IOException {
    return named(network, command);
  }

  /** Returns the detector of an option's value; empty for none. */
  public static Optional<FaceDetector> named(String network, CommandSpec command)
      throws IOException {
    if (network == null) {
      return Optional.empty();
    }
    return Optional.of(
        switch (network.toLowerCase(Locale.ROOT)) {
          case "yunet" -> FaceDetectors.yunet(HubConsole.hub(command));
          case "cascade" -> FaceDetectors.cascade();
          default -> customOrFile(network);
        });
  }

  private static FaceDetector customOrFile(String network) throws IOException {
    Optional<FaceDetector> custom = FaceDetectors.custom(network);
    checkArgument(
        custom.isPresent() || (!network.isBlank() && Files.exists(Path.of(network))),
        "--face-detector: %s: there is no such file, and no detector of this name; expected yunet,"
            + " cascade, or the ONNX file of a network for OpenCV's FaceDetectorYN",
        network);
    return custom.isPresent() ? custom.get() : FaceDetectors.yunet(Path.of(network));
  }

  /** Returns the named detector, or the recommended one; says so if it is the cascades. */
  public FaceDetector detector() throws IOException {
    Optional<FaceDetector> named = named();
    if (named.isPresent()) {
      return named.get();
    }
    FaceDetector usual = FaceDetectors.usual(HubConsole.hub(command));
    if (usual.network().length == 0) {
      command
          .commandLine()
          .getErr()
          .println(
              "mask: faces are found by OpenCV's cascades, which find about half of the faces under"
                  + " masks on real photos; YuNet finds nearly all: --face-detector yunet");
    }
    return usual;
  }

  /**
   * Returns the detector of settings: the named one, one of this library, or YuNet's of the hub.
   */
  FaceDetector detector(FaceCropSettings settings) throws IOException {
    Optional<FaceDetector> named = named();
    if (named.isPresent()) {
      return named.get();
    }
    Hub hub = HubConsole.hub(command);
    boolean published =
        FaceDetectors.YUNET
            .digest()
            .filter(digest -> digest.hex().equals(settings.detector().networkSha256()))
            .isPresent();
    checkArgument(
        !settings.detector().name().equals("yunet") || published,
        "the crops were made with %s; name the file of this network: --face-detector FILE",
        settings.detector());
    try {
      Optional<Path> network =
          published ? Optional.of(hub.locate(FaceDetectors.YUNET).file()) : Optional.empty();
      return FaceDetectors.open(settings.detector(), network);
    } catch (Hub.UnavailableException e) {
      throw new IllegalArgumentException(
          "the crops were made with YuNet, whose network is not on this machine and cannot be"
              + " downloaded; name its file: --face-detector FILE",
          e);
    }
  }
}
