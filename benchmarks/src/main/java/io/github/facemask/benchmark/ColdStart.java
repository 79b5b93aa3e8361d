package io.github.facemask.benchmark;

import io.github.facemask.classify.FaceClassifier;
import io.github.facemask.tensor.Precision;
import java.io.IOException;
import java.nio.file.Path;

/** A process that opens a model, classifies one photo and ends: what cold_start measures. */
public final class ColdStart {

  private ColdStart() {}

  /**
   * Classifies a photo in float32, as the peer does.
   *
   * @param arguments folder of the model, file of the photo
   * @throws IOException if one of them cannot be read
   */
  public static void main(String[] arguments) throws IOException {
    try (FaceClassifier classifier =
        FaceClassifier.builder(Path.of(arguments[0])).optPrecision(Precision.FLOAT32).open()) {
      System.out.println("class " + classifier.classify(Path.of(arguments[1])).best().id());
    }
  }
}
