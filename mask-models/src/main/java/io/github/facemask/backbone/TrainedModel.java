package io.github.facemask.backbone;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.facemask.internal.passes.ExportedProgram;
import io.github.facemask.internal.program.InferenceProgram;
import io.github.facemask.internal.torchscript.EngineFeatures;
import io.github.facemask.internal.torchscript.Program;
import io.github.facemask.internal.torchscript.ProgramMethod;
import io.github.facemask.loader.PhotoLoader;
import io.github.facemask.model.ModelFolder;
import io.github.facemask.network.Network;
import io.github.facemask.prediction.PhotoClassifier;
import io.github.facemask.tensor.HostTensor;
import io.github.facemask.tensor.Precision;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** A loaded trained model. Thread-safe. */
public final class TrainedModel implements PhotoClassifier {

  private final ModelFolder folder;
  private final Network network;
  private final Precision precision;
  private final ExportedProgram deployed;
  private Program features;

  private TrainedModel(
      ModelFolder folder, Network network, Precision precision, ExportedProgram deployed) {
    this.folder = folder;
    this.network = network;
    this.precision = precision;
    this.deployed = deployed;
  }

  /**
   * Opens a model that training wrote.
   *
   * @param path its folder
   * @param device the device to run it on
   * @param precision the precision to compute in
   * @return the model, which the caller closes
   * @throws IOException if it cannot be read, or its weights were changed
   */
  public static TrainedModel open(Path path, Device device, Precision precision)
      throws IOException {
    ModelFolder folder = ModelFolder.open(path);
    Network network = Backbones.network(folder);
    EngineFeatures.check(precision, device);
    Map<String, HostTensor> weights = folder.weights();
    try {
      ExportedProgram deployed = ExportedProgram.load(network, weights, device, precision);
      return new TrainedModel(folder, network, precision, deployed);
    } catch (IllegalArgumentException e) {
      throw new IOException(folder.weightsFile() + ": " + e.getMessage(), e);
    }
  }

  /** Returns the model's card: its preprocessing, origin and digest. */
  public ModelFolder folder() {
    return folder;
  }

  @Override
  public NDManager manager() {
    return deployed.manager();
  }

  @Override
  public NDArray classify(NDArray photos) {
    return deployed.classify(photos);
  }

  /**
   * Returns the features of photos before the head, for instance to compare or cluster them.
   *
   * @param photos uint8 (B, H, W, 3), RGB, of the network's input size
   * @return float32 (B, F), owned by the manager of the photos
   * @throws IOException if the weights, which the first call reads again, cannot be read
   */
  public NDArray features(NDArray photos) throws IOException {
    return featureProgram().call(ProgramMethod.FEATURES, photos).singletonOrThrow();
  }

  /**
   * Returns the features before pooling.
   *
   * @param photos uint8 (B, H, W, 3), RGB, of the network's input size
   * @return float32 (B, F, h, w), owned by the manager of the photos
   * @throws IOException as {@link #features}
   */
  public NDArray featureMap(NDArray photos) throws IOException {
    return featureProgram().call(ProgramMethod.FEATURE_MAP, photos).singletonOrThrow();
  }

  /** Loads a program that returns features; the deployed program does not. */
  private synchronized Program featureProgram() throws IOException {
    if (features == null) {
      features =
          Program.load(
              InferenceProgram.write(network, folder.weights(), precision),
              deployed.manager().getDevice());
    }
    return features;
  }

  @Override
  public synchronized void close() {
    deployed.close();
    if (features != null) {
      features.close();
    }
  }

  /**
   * A loaded backbone without its head: computes features of photos with published weights, without
   * training. Thread-safe.
   */
  public static final class FeatureExtractor implements PhotoLoader.FeatureNetwork {

    private final Program program;

    private FeatureExtractor(Program program) {
      this.program = program;
    }

    /**
     * Loads a backbone.
     *
     * @param backbone the backbone; it needs weights, since features of random weights are
     *     meaningless
     * @param device the device to run it on
     * @param precision the precision to compute in
     * @return the extractor, which the caller closes
     * @throws IOException if the weights cannot be read or do not fit
     */
    public static FeatureExtractor open(Backbone backbone, Device device, Precision precision)
        throws IOException {
      return new FeatureExtractor(
          Program.load(
              InferenceProgram.write(backbone.network(), backbone.start(0).tensors(), precision),
              device));
    }

    /** Returns the manager that owns the weights; photos may be made in a sub-manager of it. */
    @Override
    public NDManager manager() {
      return program.manager();
    }

    /**
     * Returns one vector for each photo, timm's {@code forward_head(pre_logits=True)}.
     *
     * @param photos uint8 (B, H, W, 3), RGB, or normalised float32 (B, 3, H, W)
     * @return float32 (B, F), owned by the manager of the photos
     */
    @Override
    public NDArray pooled(NDArray photos) {
      return program.call(ProgramMethod.FEATURES, photos).singletonOrThrow();
    }

    /**
     * Returns a vector for each position, timm's {@code forward_features} without class tokens.
     *
     * @param photos uint8 (B, H, W, 3), RGB, or normalised float32 (B, 3, H, W)
     * @return float32 (B, F, h, w), owned by the manager of the photos
     */
    public NDArray map(NDArray photos) {
      return program.call(ProgramMethod.FEATURE_MAP, photos).singletonOrThrow();
    }

    @Override
    public void close() {
      program.close();
    }
  }
}
