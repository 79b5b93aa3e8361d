package io.github.facemask.spark;

import io.github.facemask.classify.FaceClassifier;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The classifiers of this process, one for each model. The tasks of an executor share them, so the
 * weights are in memory once. They stay open until the executor ends.
 */
final class ExecutorClassifier {

  private static final Map<String, FaceClassifier> OPEN = new HashMap<>();

  private ExecutorClassifier() {}

  static synchronized FaceClassifier of(String model) throws IOException {
    FaceClassifier classifier = OPEN.get(model);
    if (classifier == null) {
      classifier = FaceClassifier.open(Path.of(model));
      OPEN.put(model, classifier);
    }
    return classifier;
  }
}
