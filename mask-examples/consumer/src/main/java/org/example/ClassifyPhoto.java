package org.example;

import io.github.facemask.classify.FaceClassifier;
import io.github.facemask.classify.FacePrediction;
import io.github.facemask.label.MaskState;
import java.io.IOException;
import java.nio.file.Path;

/** A model and a photo in, a line of text out. */
public final class ClassifyPhoto {

  private ClassifyPhoto() {}

  /** Takes the folder of a run or model and a photo. */
  public static void main(String[] args) throws IOException {
    try (FaceClassifier classifier = FaceClassifier.open(Path.of(args[0]))) {
      FacePrediction face = classifier.classify(Path.of(args[1]));
      System.out.println(
          face.best().displayName() + ", mask worn: " + face.probability(MaskState.WORN));
    }
  }
}
