package io.github.facemask.internal.parity;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.facemask.batch.PhotoBatch;
import io.github.facemask.internal.files.WholeFile;
import io.github.facemask.internal.program.ProgramModel;
import io.github.facemask.internal.program.TrainingPlan;
import io.github.facemask.loss.CrossEntropy;
import io.github.facemask.network.Network;
import io.github.facemask.optimizer.AdamW;
import io.github.facemask.problem.InvalidFileException;
import io.github.facemask.tensor.HostTensor;
import io.github.facemask.tensor.MemoryLayout;
import io.github.facemask.tensor.Precision;
import io.github.facemask.training.TrainableModel.StepOutput;
import io.github.facemask.training.TrainableNetwork.TrainingConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A reference from timm: the logits and the outputs of some layers in float64, and the loss and
 * gradient norms of one training step. Weights and input come from a formula.
 */
public final class GoldenCase {

  private final JsonNode json;

  private GoldenCase(JsonNode json) {
    this.json = json;
  }

  /**
   * Reads a reference.
   *
   * @param file a JSON file with model, seed, input, logits, probes and train
   * @return the reference
   * @throws IOException if the file cannot be read or lacks a part
   */
  public static GoldenCase read(Path file) throws IOException {
    JsonNode json = WholeFile.readJson(file);
    for (String key : List.of("model", "seed", "input", "logits", "probes", "train")) {
      if (!json.has(key)) {
        throw InvalidFileException.of(file, "lacks '" + key + "'", "a golden file of timm");
      }
    }
    return new GoldenCase(json);
  }

  /** Returns timm's name of the model, with its tag. */
  public String model() {
    return json.get("model").asText();
  }

  /** Returns the input's height and width in pixels. */
  public int inputSize() {
    return json.get("input").get(2).asInt();
  }

  /** Returns the number of logits. */
  public int classes() {
    return json.get("logits").get(0).size();
  }

  /**
   * Runs a network on the reference's weights and input, in float32 on the CPU.
   *
   * @param network the network to compare
   * @param layout the memory layout of features and kernels; the references are row-major
   * @param forwardOnly whether to skip loss and gradients
   * @return the errors against the reference
   * @throws IOException if the engine cannot load the network
   */
  public ParityErrors compare(Network network, MemoryLayout layout, boolean forwardOnly)
      throws IOException {
    List<String> observed = ImmutableList.copyOf(json.get("probes").fieldNames());
    TrainingConfig setup =
        new TrainingConfig(
            Device.cpu(),
            Precision.FLOAT32,
            CrossEntropy.plain(),
            AdamW.of(1e-3, 0),
            Double.POSITIVE_INFINITY,
            0,
            layout,
            0);
    long seed = json.get("seed").asLong();
    double gain = json.path("gain").asDouble(1);
    try (ProgramModel model =
            ProgramModel.load(
                network,
                FormulaTensors.of(network, seed, gain),
                setup,
                TrainingPlan.all(network),
                observed);
        NDManager scope = model.manager().newSubManager()) {
      NDArray photos = input(scope, seed);
      double logits = arrayError(model.logits(photos).toFloatArray(), json.get("logits"));
      ImmutableMap.Builder<String, Double> probes = ImmutableMap.builder();
      NDList outputs = model.outputsOf(photos);
      for (int i = 0; i < observed.size(); i++) {
        probes.put(
            observed.get(i), probeError(outputs.get(i), json.get("probes").get(observed.get(i))));
      }
      if (forwardOnly) {
        return new ParityErrors(logits, probes.buildOrThrow(), Double.NaN, ImmutableMap.of());
      }
      return trainingErrors(model, scope, photos, logits, probes.buildOrThrow());
    }
  }

  private ParityErrors trainingErrors(
      ProgramModel model,
      NDManager scope,
      NDArray photos,
      double logits,
      ImmutableMap<String, Double> probes) {
    PhotoBatch batch = new PhotoBatch(photos, targets(scope), List.of());
    double loss;
    try (StepOutput result = model.trainStep(batch, 1)) {
      loss = relative(result.loss().getFloat(), json.get("train").get("loss").asDouble());
    }
    Map<String, HostTensor> gradients = model.gradients();
    ImmutableMap.Builder<String, Double> norms = ImmutableMap.builder();
    JsonNode exact = json.get("train").path("grad_norm_float64");
    JsonNode rounding = json.get("train").path("grad_norm_rounding");
    for (Map.Entry<String, JsonNode> e : json.get("train").get("grad_norm").properties()) {
      HostTensor gradient = gradients.get(e.getKey());
      double norm = gradient == null ? Double.NaN : norm(gradient.toFloats());
      double expected = exact.path(e.getKey()).asDouble(e.getValue().asDouble());
      double spread = rounding.path(e.getKey()).asDouble();
      norms.put(e.getKey(), normError(norm, expected, spread));
    }
    return new ParityErrors(logits, probes, loss, norms.buildOrThrow());
  }

  private NDArray input(NDManager manager, long seed) {
    List<Long> sizes = new ArrayList<>();
    json.get("input").forEach(s -> sizes.add(s.asLong()));
    long[] shape = sizes.stream().mapToLong(s -> s).toArray();
    return manager.create(
        FormulaTensors.values("input", new Shape(shape), seed, 1), new Shape(shape));
  }

  /** Row b: 0.7 at class (5b + 3) mod C and 0.3 at (7b + 11) mod C. */
  private NDArray targets(NDManager manager) {
    int rows = json.get("input").get(0).asInt();
    int classes = classes();
    float[] targets = new float[rows * classes];
    for (int b = 0; b < rows; b++) {
      targets[b * classes + (5 * b + 3) % classes] += 0.7f;
      targets[b * classes + (7 * b + 11) % classes] += 0.3f;
    }
    return manager.create(targets, new Shape(rows, classes));
  }

  /** Returns the error beyond that of PyTorch's own float32 kernels on several processors. */
  private static double probeError(NDArray output, JsonNode probe) {
    float[] values = output.toFloatArray();
    double sum = 0;
    for (float v : values) {
      sum += v;
    }
    double mean = sum / values.length;
    double squares = 0;
    for (float v : values) {
      squares += (v - mean) * (v - mean);
    }
    double std = Math.sqrt(squares / (values.length - 1));
    double expectedStd = probe.get("std").asDouble();
    double error = relative(std, expectedStd);
    // The error of a mean near zero is relative to the standard deviation.
    error = Math.max(error, Math.abs(mean - probe.get("mean").asDouble()) / expectedStd);
    List<Long> shape = new ArrayList<>();
    probe.get("shape").forEach(s -> shape.add(s.asLong()));
    if (!shape.stream().mapToLong(s -> s).boxed().toList().equals(boxed(output))) {
      return Double.NaN;
    }
    for (int i = 0; i < probe.get("first").size(); i++) {
      double expected = probe.get("first").get(i).asDouble();
      error = Math.max(error, Math.abs(values[i] - expected) / expectedStd);
    }
    return Math.max(0, error - probe.path("rounding").asDouble());
  }

  private static List<Long> boxed(NDArray array) {
    return java.util.Arrays.stream(array.getShape().getShape()).boxed().toList();
  }

  private static double arrayError(float[] values, JsonNode rows) {
    double difference = 0;
    double magnitude = 0;
    int i = 0;
    for (JsonNode row : rows) {
      for (JsonNode expected : row) {
        difference = Math.max(difference, Math.abs(values[i++] - expected.asDouble()));
        magnitude = Math.max(magnitude, Math.abs(expected.asDouble()));
      }
    }
    if (i != values.length) {
      throw new UncheckedIOException(
          new IOException("the network has " + values.length + " logits, expected " + i));
    }
    return difference / magnitude;
  }

  /**
   * Returns the error beyond four times that of PyTorch's float32 kernels. Some gradients differ
   * between kernels and processors: those that are zero except for rounding (a bias before a batch
   * norm), and those that depend on the sign of a feature near zero.
   */
  private static double normError(double norm, double expected, double spread) {
    double beyond = Math.abs(norm - expected) - 4 * spread;
    return Math.max(0, beyond) / Math.max(Math.abs(expected), Math.max(spread, 1e-12));
  }

  private static double relative(double value, double expected) {
    return Math.abs(value - expected) / Math.max(Math.abs(expected), 1e-12);
  }

  /** In float64: over millions of values, the rounding of a sum in float32 alone is 1e-4. */
  private static double norm(float[] gradient) {
    double squares = 0;
    for (float value : gradient) {
      squares += (double) value * value;
    }
    return Math.sqrt(squares);
  }
}
