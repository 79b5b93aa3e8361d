package io.github.facemask.internal.cards;

import io.github.facemask.facecrop.FaceDetector;
import io.github.facemask.internal.files.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** The network of a face detector, kept in the folder of a model that was trained on its crops. */
public final class DetectorFile {

  /** Its name in the folder. */
  public static final String NAME = "face-detector.onnx";

  private DetectorFile() {}

  /**
   * Writes the network of a detector, if it has one.
   *
   * @param detector the detector
   * @param folder a folder; created if missing
   * @throws IOException if it cannot be written
   */
  public static void write(FaceDetector detector, Path folder) throws IOException {
    byte[] network = detector.network();
    if (network.length > 0) {
      AtomicFile.write(folder.resolve(NAME), out -> out.write(network));
    }
  }

  /**
   * Copies the network of a model's detector, if it has one.
   *
   * @param from the folder of the model
   * @param to an existing folder
   * @throws IOException if it cannot be copied
   */
  public static void copy(Path from, Path to) throws IOException {
    Path network = from.resolve(NAME);
    if (Files.isRegularFile(network)) {
      Files.copy(network, to.resolve(NAME), StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
