package io.github.facemask.internal.onnx;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import com.google.common.collect.ImmutableSet;
import io.github.facemask.internal.program.ClassProbabilities;
import io.github.facemask.label.Attribute;
import io.github.facemask.prediction.PhotoClassifier;
import io.github.facemask.problem.InvalidFileException;
import io.github.facemask.problem.Problem;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** An {@link OnnxModel} that ONNX Runtime runs on the CPU. Thread-safe. */
public final class OnnxClassifier implements PhotoClassifier {

  private final OrtEnvironment environment;
  private final OrtSession session;
  private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
  private final ImmutableSet<Attribute> attributes;
  private final boolean years;

  private OnnxClassifier(
      OrtEnvironment environment,
      OrtSession session,
      ImmutableSet<Attribute> attributes,
      boolean years) {
    this.environment = environment;
    this.session = session;
    this.attributes = attributes;
    this.years = years;
  }

  /**
   * Loads a model.
   *
   * @param file a file that {@link OnnxModel} wrote
   * @param attributes the attributes that it answers
   * @param years whether it answers the age in years, too
   * @return the classifier, which the caller closes
   * @throws IOException if ONNX Runtime cannot load the file
   */
  public static OnnxClassifier load(Path file, ImmutableSet<Attribute> attributes, boolean years)
      throws IOException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (SessionOptions options = new SessionOptions()) {
      return new OnnxClassifier(
          environment, environment.createSession(file.toString(), options), attributes, years);
    } catch (OrtException e) {
      throw new InvalidFileException(
          file, Problem.saying("is not a model that ONNX Runtime can load: " + e.getMessage()), e);
    }
  }

  @Override
  public NDManager manager() {
    return manager;
  }

  @Override
  public NDArray classify(NDArray photos) {
    Map<String, float[]> answer = run(photos);
    long rows = photos.getShape().get(0);
    float[] probabilities = answer.get(OnnxModel.PROBABILITIES);
    NDArray labels =
        photos.getManager().create(probabilities, new Shape(rows, probabilities.length / rows));
    if (!years) {
      return ClassProbabilities.of(labels, attributes, false);
    }
    try (NDArray age =
        photos.getManager().create(answer.get(OnnxModel.YEARS), new Shape(rows, 1))) {
      NDArray both = labels.concat(age, 1);
      labels.close();
      return ClassProbabilities.of(both, attributes, true);
    }
  }

  /**
   * Runs the model.
   *
   * @param photos uint8 (B, H, W, 3)
   * @return each output's numbers, row-major, by its name
   */
  public Map<String, float[]> run(NDArray photos) {
    if (photos.getDataType() != DataType.UINT8) {
      throw new IllegalArgumentException(
          "photos have type " + photos.getDataType().name() + ", expected UINT8 for an ONNX model");
    }
    try (OnnxTensor input =
            OnnxTensor.createTensor(
                environment,
                photos.toByteBuffer(),
                photos.getShape().getShape(),
                OnnxJavaType.UINT8);
        OrtSession.Result result = session.run(Map.of(OnnxModel.PHOTOS, input))) {
      Map<String, float[]> answer = new LinkedHashMap<>();
      for (Map.Entry<String, OnnxValue> output : result) {
        FloatBuffer numbers = ((OnnxTensor) output.getValue()).getFloatBuffer();
        float[] values = new float[numbers.remaining()];
        numbers.get(values);
        answer.put(output.getKey(), values);
      }
      return answer;
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime failed: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime failed: " + e.getMessage(), e);
    } finally {
      manager.close();
    }
  }
}
