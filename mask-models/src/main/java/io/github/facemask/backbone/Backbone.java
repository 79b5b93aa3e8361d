package io.github.facemask.backbone;

import static io.github.facemask.problem.InvalidArgumentException.check;

import ai.djl.Device;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import com.google.errorprone.annotations.CheckReturnValue;
import io.github.facemask.facecrop.FaceCrop;
import io.github.facemask.internal.passes.ExportedProgram;
import io.github.facemask.internal.program.Initialization;
import io.github.facemask.internal.program.ProgramModel;
import io.github.facemask.internal.program.TrainingPlan;
import io.github.facemask.internal.weights.WeightFile;
import io.github.facemask.internal.weights.WeightLoading;
import io.github.facemask.label.Attribute;
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
import java.util.Set;

/**
 * A backbone with a head for the 18 classes, or for those of fewer attributes. Immutable: each
 * {@code with} method returns a new value.
 */
public final class Backbone implements TrainableNetwork {

  /** The value in the record of a run that starts from random weights. */
  public static final String RANDOM_WEIGHTS = "random";

  private final BackboneProvider provider;
  private final PretrainedSource source;
  private final Preprocessing preprocessing;
  private final Choices choices;

  /**
   * The user's options.
   *
   * @param weights the file to start from
   * @param heads how the last linear layer gives the classes
   * @param attributes the attributes that it answers
   * @param frozenStages the number of frozen stages
   * @param layerDecay the factor of the learning rate for each block away from the head
   * @param faces the face crop; empty for whole photos
   */
  private record Choices(
      Optional<Path> weights,
      Heads heads,
      ImmutableSet<Attribute> attributes,
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
        new Choices(
            Optional.empty(),
            Heads.CLASSES,
            ImmutableSet.copyOf(Attribute.values()),
            0,
            1,
            Optional.empty()));
  }

  /**
   * Sets the input size; by default the size of the published weights.
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
   * Returns the backbone for photos that are cropped to the face; by default it gets whole photos.
   * The model's card stores the settings, so that predictions use the same crops.
   *
   * @param crop how faces are found and cropped
   * @return the changed backbone
   */
  @CheckReturnValue
  public Backbone withFaces(FaceCrop crop) {
    return with(
        new Choices(
            choices.weights,
            choices.heads,
            choices.attributes,
            choices.frozenStages,
            choices.layerDecay,
            Optional.of(crop)));
  }

  /**
   * Sets the preprocessing; by default that of the published weights.
   *
   * @param newPreprocessing the preprocessing, including the input size
   * @return the changed backbone
   */
  @CheckReturnValue
  public Backbone withPreprocessing(Preprocessing newPreprocessing) {
    return new Backbone(provider, source, newPreprocessing, choices);
  }

  /**
   * Sets a file of weights to start from, in any format that {@link WeightFile} reads; by default
   * training starts from random weights. A head of another size starts from random weights.
   *
   * @param file the weights; read when training starts
   * @return the changed backbone
   */
  @CheckReturnValue
  public Backbone withWeights(Path file) {
    return with(
        new Choices(
            Optional.of(file),
            choices.heads,
            choices.attributes,
            choices.frozenStages,
            choices.layerDecay,
            choices.faces));
  }

  /**
   * Sets how the last linear layer gives the 18 classes; one head by default.
   *
   * @param heads the heads
   * @return the changed backbone
   */
  @CheckReturnValue
  public Backbone withHeads(Heads heads) {
    return with(
        new Choices(
            choices.weights,
            heads,
            choices.attributes,
            choices.frozenStages,
            choices.layerDecay,
            choices.faces));
  }

  /**
   * Sets the attributes that the model answers, all three by default. A model of the mask alone has
   * 3 classes instead of 18.
   *
   * @param attributes the attributes, at least one
   * @return the changed backbone
   * @throws IllegalArgumentException if there is none
   */
  @CheckReturnValue
  public Backbone withAttributes(Set<Attribute> attributes) {
    check(!attributes.isEmpty(), "attributes", "none", "one or more of mask, gender and age");
    return with(
        new Choices(
            choices.weights,
            choices.heads,
            Sets.immutableEnumSet(attributes),
            choices.frozenStages,
            choices.layerDecay,
            choices.faces));
  }

  /** Returns the attributes that the model answers. */
  public ImmutableSet<Attribute> attributes() {
    return choices.attributes;
  }

  /**
   * Freezes the first stages, including the statistics of their norms; none by default.
   *
   * @param stages 0 for none, 1 for the stem, 2 for the stem and the first stage, and so on; a
   *     block of a vision transformer is a stage
   * @return the changed backbone
   * @throws IllegalArgumentException if there are fewer stages before the head
   */
  @CheckReturnValue
  public Backbone withFrozenStages(int stages) {
    return checked(
        new Choices(
            choices.weights,
            choices.heads,
            choices.attributes,
            stages,
            choices.layerDecay,
            choices.faces));
  }

  /**
   * Sets the factor of each block's learning rate relative to the next block towards the head
   * (timm's {@code layer_decay}); by default all blocks have the same rate. 0.65 to 0.8 is usual
   * for transformers.
   *
   * @param decay above 0, at most 1
   * @return the changed backbone
   * @throws IllegalArgumentException if it is out of its range
   */
  @CheckReturnValue
  public Backbone withLayerDecay(double decay) {
    return checked(
        new Choices(
            choices.weights,
            choices.heads,
            choices.attributes,
            choices.frozenStages,
            decay,
            choices.faces));
  }

  private Backbone checked(Choices newChoices) {
    TrainingPlan.of(network(), newChoices.frozenStages, newChoices.layerDecay);
    return with(newChoices);
  }

  private Backbone with(Choices newChoices) {
    return new Backbone(provider, source, preprocessing, newChoices);
  }

  /** Returns the published weights of the name: their licence and location. */
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

  /** Returns the network's description, with 18 logits, or fewer for fewer attributes. */
  public Network network() {
    Heads heads = heads();
    Network network = network(heads.logits(choices.attributes));
    return heads == Heads.CLASSES
        ? network.withAttributes(choices.attributes)
        : network.withJointLogits(heads, choices.attributes);
  }

  /** One attribute has one head either way, and years are those of an age. */
  private Heads heads() {
    if (choices.heads == Heads.YEARS && choices.attributes.contains(Attribute.AGE)) {
      return Heads.YEARS;
    }
    return choices.attributes.size() == 1 || choices.heads == Heads.CLASSES
        ? Heads.CLASSES
        : Heads.ATTRIBUTES;
  }

  @Override
  public boolean learnsYears() {
    return heads() == Heads.YEARS;
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
        .put("attributes", choices.attributes.stream().map(Attribute::word).toList())
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

  /** Reads the weights to start from, or draws random ones. */
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
