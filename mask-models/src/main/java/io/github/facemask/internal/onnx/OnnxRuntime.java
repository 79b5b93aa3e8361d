package io.github.facemask.internal.onnx;

import com.google.common.collect.ImmutableSet;
import io.github.facemask.label.Attribute;
import io.github.facemask.prediction.PhotoClassifier;
import io.github.facemask.problem.InvalidFileException;
import io.github.facemask.problem.Problem;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Loads ONNX models if ONNX Runtime is on the class path, which users add themselves. This class
 * names none of its types, so that it can say that they are missing.
 */
public final class OnnxRuntime {

  private static final String MAIN_CLASS = "ai.onnxruntime.OrtEnvironment";

  private OnnxRuntime() {}

  /**
   * Loads a model to run on the CPU.
   *
   * @param file a file that {@link OnnxModel} wrote
   * @param attributes the attributes that it answers
   * @param years whether it answers the age in years, too
   * @return the classifier, thread-safe, which the caller closes
   * @throws IOException if ONNX Runtime is not on the class path, or cannot load the file
   */
  public static PhotoClassifier load(Path file, ImmutableSet<Attribute> attributes, boolean years)
      throws IOException {
    check(file);
    try {
      return OnnxClassifier.load(file, attributes, years);
    } catch (LinkageError e) {
      throw new InvalidFileException(
          file,
          Problem.saying("is an ONNX model, and ONNX Runtime does not load here: " + e)
              .withRemedy(
                  "use a version of it for this machine, or export the model as TorchScript"),
          e);
    }
  }

  /**
   * Checks that ONNX Runtime is on the class path.
   *
   * @param file the model that needs it
   * @throws IOException if it is not
   */
  public static void check(Path file) throws IOException {
    try {
      Class.forName(MAIN_CLASS, false, OnnxRuntime.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new InvalidFileException(
          file,
          Problem.saying("is an ONNX model, and ONNX Runtime is not on the class path")
              .withRemedy(
                  "add com.microsoft.onnxruntime:onnxruntime to it, or export the model as"
                      + " TorchScript"),
          e);
    }
  }
}
