package io.github.facemask.model;

import io.github.facemask.facecrop.FaceDetector;
import io.github.facemask.internal.files.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** The network of a face detector, kept in the folder of a model that was trained on its crops. */
public final class DetectorFile {

  private DetectorFile() {}

  static void write(FaceDetector detector, Path folder) throws IOException {
    byte[] network = detector.network();
    if (network.length > 0) {
      AtomicFile.write(folder.resolve(ModelCard.DETECTOR_FILE), out -> out.write(network));
    }
  }

  /**
   * Copies the network of a model's detector, if it has one.
   *
   * @param from the model
   * @param to a folder that exists
   * @throws IOException if it cannot be copied
   */
  public static void copy(ModelCard from, Path to) throws IOException {
    Path network = from.path().resolve(ModelCard.DETECTOR_FILE);
    if (from.faces().isPresent() && Files.isRegularFile(network)) {
      Files.copy(network, to.resolve(ModelCard.DETECTOR_FILE), StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
