package io.github.facemask.backbone;

import ai.djl.Device;
import com.google.common.collect.ImmutableMap;
import com.google.errorprone.annotations.CheckReturnValue;
import io.github.facemask.facecrop.FaceCrop;
import io.github.facemask.internal.passes.ExportedProgram;
import io.github.facemask.internal.program.Initialization;
import io.github.facemask.internal.program.ProgramModel;
import io.github.facemask.internal.program.TrainingPlan;
import io.github.facemask.internal.weights.WeightFile;
import io.github.facemask.internal.weights.WeightLoading;
import io.github.facemask.network.Heads;
import io.github.facemask.network.Network;
import io.github.facemask.prediction.PhotoClassifier;
import io.github.facemask.preprocessing.Preprocessing;
import io.github.facemask.tensor.HostTensor;
import io.github.facemask.tensor.Precision;
import io.github.facemask.training.TrainableModel;
import io.github.facemask.training.TrainableNetwork;
import io.github.facemask.training.TrainableNetwork.TrainingConfig;
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

  /** What the record of a run says that starts from random weights. */
  public static final String RANDOM_WEIGHTS = "random";

  private final BackboneProvider provider;
  private final PretrainedSource source;
  private final Preprocessing preprocessing;
  private final Choices choices;

  /**
   * What a user may choose.
   *
   * @param weights the file to start from
   * @param heads how the last linear map gives the classes
   * @param frozenStages how many stages stay as they are
   * @param layerDecay what the rate of a block is multiplied by for each step from the head
   * @param faces the crop of the faces that it sees; empty for whole photos
   */
  private record Choices(
      Optional<Path> weights,
      Heads heads,
      int frozenStages,
      double layerDecay,
      Optional<FaceCrop> faces) {}

  private Backbone(
      BackboneProvider provider,
      PretrainedSource source,
      Preprocessing preprocessing,
      Choices choices) {
    this.provider = provider;
    this.source = source;
    this.preprocessing = preprocessing;
    this.choices = choices;
  }

  static Backbone of(BackboneProvider provider, PretrainedSource source) {
    return new Backbone(
        provider,
        source,
        source.preprocessing(),
        new Choices(Optional.empty(), Heads.CLASSES, 0, 1, Optional.empty()));
  }

  /**
   * Sets the input size; without it, the size of the published weights.
   *
   * @param height in pixels
   * @param width in pixels
   * @return the changed backbone
   */
  @CheckReturnValue
  public Backbone withInputSize(int height, int width) {
    return withPreprocessing(preprocessing.withSize(height, width));
  }

  /**
   * Returns the backbone of a network that sees faces, cut out by a detector; by default a network
   * sees whole photos. The model's card keeps the settings, so that predictions use the same crops.
   *
   * @param crop how faces are found and cut
   * @return the changed backbone
   */
  @CheckReturnValue
  public Backbone withFaces(FaceCrop crop) {
    return with(
        new Choices(
            choices.weights,
            choices.heads,
            choices.frozenStages,
            choices.layerDecay,
            Optional.of(crop)));
  }

  /**
   * Sets all that is done to photos; without it, what the published weights expect.
   *
   * @param newPreprocessing what is done, its size included
   * @return the changed backbone
   */
  @CheckReturnValue
  public Backbone withPreprocessing(Preprocessing newPreprocessing) {
    return new Backbone(provider, source, newPreprocessing, choices);
  }

  /**
   * Sets a file of weights to start from, in any form that {@link WeightFile} reads; without it,
   * training starts from random weights. A head of another size starts from random weights.
   *
   * @param file the weights; read when training prepares
   * @return the changed backbone
   */
  @CheckReturnValue
  public Backbone withWeights(Path file) {
    return with(
        new Choices(
            Optional.of(file),
            choices.heads,
            choices.frozenStages,
            choices.layerDecay,
            choices.faces));
  }

  /**
   * Sets how the last linear map gives the 18 classes; without it, one head.
   *
   * @param heads which heads
   * @return the changed backbone
   */
  @CheckReturnValue
  public Backbone withHeads(Heads heads) {
    return with(
        new Choices(
            choices.weights, heads, choices.frozenStages, choices.layerDecay, choices.faces));
  }

  /**
   * Sets how many stages keep their weights, their norms' statistics included; without it, none.
   *
   * @param stages 0 for none, 1 for the stem, 2 for the stem and the first stage, and so on; a
   *     block of a vision transformer is a stage
   * @return the changed backbone
   * @throws IllegalArgumentException if there are not so many before the head
   */
  @CheckReturnValue
  public Backbone withFrozenStages(int stages) {
    return checked(
        new Choices(choices.weights, choices.heads, stages, choices.layerDecay, choices.faces));
  }

  /**
   * Sets how much slower each block trains than the next towards the head; without it, all train at
   * one rate. timm's {@code layer_decay}; 0.65 to 0.8 is usual for transformers.
   *
   * @param decay above 0, at most 1
   * @return the changed backbone
   * @throws IllegalArgumentException if it is out of its range
   */
  @CheckReturnValue
  public Backbone withLayerDecay(double decay) {
    return checked(
        new Choices(choices.weights, choices.heads, choices.frozenStages, decay, choices.faces));
  }

  private Backbone checked(Choices newChoices) {
    TrainingPlan.of(network(), newChoices.frozenStages, newChoices.layerDecay);
    return with(newChoices);
  }

  private Backbone with(Choices newChoices) {
    return new Backbone(provider, source, preprocessing, newChoices);
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
    Network network = network(choices.heads.logits());
    return choices.heads == Heads.ATTRIBUTES ? network.withJointLogits() : network;
  }

  /**
   * Returns the network's description.
   *
   * @param classes the number of logits
   * @return the description
   * @throws IllegalArgumentException if the architecture does not allow the input size
   */
  public Network network(int classes) {
    return provider.network(classes, preprocessing);
  }

  @Override
  public Map<String, Object> faces() {
    return choices.faces.map(crop -> crop.settings().toMap()).orElse(Map.of());
  }

  @Override
  public Map<String, Object> parameters() {
    return ImmutableMap.<String, Object>builder()
        .put("architecture", architecture())
        .put(
            "weights",
            choices
                .weights
                .map(w -> w.toAbsolutePath().normalize().toString())
                .orElse(RANDOM_WEIGHTS))
        .put("heads", choices.heads.name())
        .put("frozenStages", choices.frozenStages)
        .put("layerDecay", choices.layerDecay)
        .put("parameters", network().parameterCount())
        .put("preprocessing", preprocessing)
        .put("faces", faces())
        .buildOrThrow();
  }

  @Override
  public TrainableModel prepare(TrainingConfig setup) throws IOException {
    Network network = network();
    TrainingPlan plan = TrainingPlan.of(network, choices.frozenStages, choices.layerDecay);
    return ProgramModel.load(
        network, startingWeights(setup.seed()), setup, plan, choices.faces, List.of());
  }

  @Override
  public PhotoClassifier classifier(
      Map<String, HostTensor> weights, Device device, Precision precision) throws IOException {
    return ExportedProgram.load(network(), weights, device, precision);
  }

  /** Reads the weights to start from, or draws them. */
  Map<String, HostTensor> startingWeights(long seed) throws IOException {
    Network network = network();
    Map<String, HostTensor> initial = Initialization.random(network, seed);
    if (choices.weights.isEmpty()) {
      return initial;
    }
    return WeightLoading.of(network)
        .withNewHead(initial)
        .load(WeightFile.read(choices.weights.get()))
        .tensors();
  }
}
