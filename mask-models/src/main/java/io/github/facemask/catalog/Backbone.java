package io.github.facemask.catalog;

import com.google.common.collect.ImmutableMap;
import io.github.facemask.label.FaceClass;
import io.github.facemask.network.Initialization;
import io.github.facemask.network.Network;
import io.github.facemask.preprocessing.Preprocessing;
import io.github.facemask.preprocessing.Subject;
import io.github.facemask.program.ProgramModel;
import io.github.facemask.tensor.HostTensor;
import io.github.facemask.training.LearningModel;
import io.github.facemask.training.LearningSetup;
import io.github.facemask.training.TrainableNetwork;
import io.github.facemask.weights.LoadedWeights;
import io.github.facemask.weights.WeightFile;
import io.github.facemask.weights.WeightLoading;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A backbone with a head for the 18 classes. Immutable: each {@code opt} method returns another
 * value.
 */
public final class Backbone implements TrainableNetwork {

  private final BackboneSource architecture;
  private final PretrainedSource source;
  private final Preprocessing preprocessing;
  private final Optional<Path> weights;

  private Backbone(
      BackboneSource architecture,
      PretrainedSource source,
      Preprocessing preprocessing,
      Optional<Path> weights) {
    this.architecture = architecture;
    this.source = source;
    this.preprocessing = preprocessing;
    this.weights = weights;
  }

  static Backbone of(BackboneSource architecture, PretrainedSource source) {
    return new Backbone(architecture, source, source.preprocessing(), Optional.empty());
  }

  /**
   * Sets the input size; without it, the size of the published weights.
   *
   * @param height in pixels
   * @param width in pixels
   * @return the changed backbone
   */
  public Backbone optInputSize(int height, int width) {
    return optPreprocessing(preprocessing.withSize(height, width));
  }

  /**
   * Sets which part of a photo the network sees; without it, the whole.
   *
   * @param subject which part
   * @return the changed backbone
   */
  public Backbone optSubject(Subject subject) {
    return optPreprocessing(preprocessing.withSubject(subject));
  }

  /**
   * Sets all that is done to photos; without it, what the published weights expect.
   *
   * @param newPreprocessing what is done, its size included
   * @return the changed backbone
   */
  public Backbone optPreprocessing(Preprocessing newPreprocessing) {
    return new Backbone(architecture, source, newPreprocessing, weights);
  }

  /**
   * Sets a file of weights to start from, in any form that {@link WeightFile} reads; without it,
   * training starts from random weights. A head of another size starts from random weights.
   *
   * @param file the weights; read when training prepares
   * @return the changed backbone
   */
  public Backbone optWeights(Path file) {
    return new Backbone(architecture, source, preprocessing, Optional.of(file));
  }

  /** Returns the published weights that the name stands for: their licence and place. */
  public PretrainedSource pretrained() {
    return source;
  }

  @Override
  public String architecture() {
    return source.architecture();
  }

  @Override
  public Preprocessing preprocessing() {
    return preprocessing;
  }

  /** Returns the network's description, with 18 logits. */
  public Network network() {
    return network(FaceClass.COUNT);
  }

  /**
   * Returns the network's description.
   *
   * @param classes the number of logits
   * @return the description
   * @throws IllegalArgumentException if the architecture does not allow the input size
   */
  public Network network(int classes) {
    return architecture.network(classes, preprocessing);
  }

  @Override
  public Map<String, Object> parameters() {
    return ImmutableMap.of(
        "architecture",
        architecture(),
        "weights",
        weights.map(Path::toString).orElse("random"),
        "parameters",
        network().parameterCount(),
        "height",
        preprocessing.height(),
        "width",
        preprocessing.width(),
        "subject",
        preprocessing.subject().name());
  }

  @Override
  public LearningModel prepare(LearningSetup setup) throws IOException {
    Network network = network();
    Map<String, HostTensor> initial = Initialization.random(network, setup.seed());
    if (weights.isEmpty()) {
      return ProgramModel.load(network, initial, setup, List.of());
    }
    LoadedWeights loaded =
        WeightLoading.of(network).optNewHead(initial).load(WeightFile.read(weights.get()));
    return ProgramModel.load(network, loaded.tensors(), setup, List.of());
  }
}
