package io.github.facemask.backbone;

import static io.github.facemask.problem.InvalidArgumentException.check;

import ai.djl.Device;
import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import com.google.errorprone.annotations.CheckReturnValue;
import io.github.facemask.facecrop.FaceCrop;
import io.github.facemask.hub.Hub;
import io.github.facemask.internal.passes.ExportedProgram;
import io.github.facemask.internal.passes.SmallestBatch;
import io.github.facemask.internal.program.FineTuning;
import io.github.facemask.internal.program.ProgramModel;
import io.github.facemask.internal.weights.InitialWeights;
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
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A backbone with a head for the 18 classes, or for those of fewer attributes. Immutable: each
 * {@code with} method returns a new value.
 */
public final class Backbone implements TrainableNetwork {

  /** The value in the record of a run that starts from random weights. */
  public static final String RANDOM_WEIGHTS = Start.RANDOM;

  /** The value in the record of a run that starts from the published weights of its name. */
  public static final String PRETRAINED_WEIGHTS = Start.PRETRAINED;

  private final BackboneProvider provider;
  private final PretrainedSource source;
  private final Preprocessing preprocessing;
  private final Choices choices;

  /** The user's options. Changed only while a new backbone is made. */
  private static final class Choices {
    private Start start = new Start.Random();
    private double leastMatched = WeightLoading.LEAST_MATCHED;
    private Heads heads = Heads.CLASSES;
    private ImmutableSet<Attribute> attributes = ImmutableSet.copyOf(Attribute.values());
    private FineTuning tuning = FineTuning.NONE;
    private Optional<FaceCrop> faces = Optional.empty();

    private Choices() {}

    private Choices(Choices other) {
      start = other.start;
      leastMatched = other.leastMatched;
      heads = other.heads;
      attributes = other.attributes;
      tuning = other.tuning;
      faces = other.faces;
    }
  }

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
    return new Backbone(provider, source, source.preprocessing(), new Choices());
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
    return with(c -> c.faces = Optional.of(crop));
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
   * training starts from random weights. A head of another size starts from random weights. The
   * file must have nine tenths of the backbone's numbers; the others start from random ones.
   *
   * @param file the weights, or a folder that holds one such file; read when training starts
   * @return the changed backbone
   */
  @CheckReturnValue
  public Backbone withWeights(Path file) {
    return with(c -> c.start = new Start.OfFile(file));
  }

  /**
   * Starts from the published weights of the backbone's name, as timm's {@code pretrained=True}.
   * They are looked for on this machine first, and downloaded when training starts if they are not
   * there; see {@link Hub#usual}.
   *
   * @return the changed backbone
   */
  @CheckReturnValue
  public Backbone optPretrained() {
    return optPretrained(Hub.usual());
  }

  /**
   * Starts from the published weights of the backbone's name.
   *
   * @param hub where they are found
   * @return the changed backbone
   * @throws IllegalArgumentException if a custom architecture has none
   */
  @CheckReturnValue
  public Backbone optPretrained(Hub hub) {
    check(
        !source.hubId().isEmpty(),
        "weights",
        "pretrained",
        "a file: " + architecture() + " has no published weights");
    return with(c -> c.start = new Start.Published(hub, accepted()));
  }

  /**
   * Accepts the licence of published weights that forbids commercial use. Without it such weights
   * are refused.
   *
   * @param licence as {@link PretrainedSource#licence} gives it, for instance {@code
   *     "cc-by-nc-4.0"}
   * @return the changed backbone
   */
  @CheckReturnValue
  public Backbone withAcceptedLicence(String licence) {
    Hub hub = choices.start instanceof Start.Published published ? published.hub() : Hub.usual();
    return with(
        c -> c.start = new Start.Published(hub, ImmutableSet.of(Ascii.toLowerCase(licence))));
  }

  private ImmutableSet<String> accepted() {
    return choices.start instanceof Start.Published published
        ? published.accepted()
        : ImmutableSet.of();
  }

  /**
   * Sets how much of the backbone a file of weights must have, so that a file of another network is
   * not taken for one; 0.9 by default. The head does not count.
   *
   * @param share of the backbone's numbers, 0 to 1
   * @return the changed backbone
   * @throws IllegalArgumentException if it is out of its range
   */
  @CheckReturnValue
  public Backbone withLeastMatched(double share) {
    check(share >= 0 && share <= 1, "leastMatched", share, "0 to 1");
    return with(c -> c.leastMatched = share);
  }

  /**
   * Sets how the last linear layer gives the 18 classes; one head by default.
   *
   * @param heads the heads
   * @return the changed backbone
   */
  @CheckReturnValue
  public Backbone withHeads(Heads heads) {
    return with(c -> c.heads = heads);
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
    return with(c -> c.attributes = Sets.immutableEnumSet(attributes));
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
    return with(choices.tuning.withFrozenStages(stages));
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
    return with(choices.tuning.withLayerDecay(decay));
  }

  /**
   * Unfreezes the frozen stages one by one, the stage next to the head first (Howard and Ruder,
   * 2018); by default they stay frozen. At each change the optimizer begins anew.
   *
   * @param epochs the number of epochs between two stages, 1 or more
   * @return the changed backbone
   * @throws IllegalArgumentException if it is out of its range, or no stage is frozen
   */
  @CheckReturnValue
  public Backbone withUnfreezing(int epochs) {
    return with(choices.tuning.withUnfreezeEvery(epochs));
  }

  /**
   * Sets the factor of the head's learning rate; 1 by default. A new head on pretrained weights
   * often learns with 10.
   *
   * @param factor above 0, at most 1000
   * @return the changed backbone
   * @throws IllegalArgumentException if it is out of its range
   */
  @CheckReturnValue
  public Backbone withHeadRate(double factor) {
    return with(choices.tuning.withHeadRate(factor));
  }

  /**
   * Sets dropout before the head (timm's {@code drop_rate}) and stochastic depth (timm's {@code
   * drop_path_rate}, with its linear rule); 0 by default. Both act in training only, and depend on
   * the seed, the epoch and the batch alone.
   *
   * @param dropRate the share of the head's inputs that are dropped, 0 to below 1
   * @param dropPathRate the rate at which the last block is dropped, 0 to below 1
   * @return the changed backbone
   * @throws IllegalArgumentException if one is out of its range, or the network has no block that
   *     could be dropped
   */
  @CheckReturnValue
  public Backbone withDropout(double dropRate, double dropPathRate) {
    return with(choices.tuning.withDropout(dropRate, dropPathRate));
  }

  private Backbone with(FineTuning tuning) {
    FineTuning checked = tuning.checked(network());
    return with(c -> c.tuning = checked);
  }

  private Backbone with(Consumer<Choices> change) {
    Choices changed = new Choices(choices);
    change.accept(changed);
    return new Backbone(provider, source, preprocessing, changed);
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
    ImmutableMap.Builder<String, Object> all = ImmutableMap.builder();
    all.put("architecture", architecture()).put("weights", choices.start.recorded());
    if (choices.start instanceof Start.Published published) {
      all.put("pretrained", source.name());
      if (!published.accepted().isEmpty()) {
        all.put("acceptedLicences", ImmutableList.copyOf(published.accepted()));
      }
    }
    FineTuning tuning = choices.tuning;
    return all.put("leastMatched", choices.leastMatched)
        .put("heads", choices.heads.name())
        .put("attributes", choices.attributes.stream().map(Attribute::word).toList())
        .put("frozenStages", tuning.frozenStages())
        .put("unfreezeEvery", tuning.unfreezeEvery())
        .put("layerDecay", tuning.layerDecay())
        .put("headRate", tuning.headRate())
        .put("dropRate", tuning.dropRate())
        .put("dropPathRate", tuning.dropPathRate())
        .put("parameters", network().parameterCount())
        .put("preprocessing", preprocessing)
        .put("faces", faces())
        .buildOrThrow();
  }

  @Override
  public int smallestBatch() {
    Network network = network();
    // Stages that are unfrozen later learn as well.
    boolean staysFrozen = choices.tuning.unfreezeEvery() == 0;
    return SmallestBatch.of(
        network, staysFrozen ? choices.tuning.plan(network, 1).frozen() : ImmutableSet.of());
  }

  @Override
  public TrainableModel prepare(TrainingConfig setup) throws IOException {
    return ProgramModel.load(network(), start(setup.seed()), setup, choices.tuning, choices.faces);
  }

  @Override
  public PhotoClassifier classifier(
      Map<String, HostTensor> weights, Device device, Precision precision) throws IOException {
    return ExportedProgram.load(network(), weights, device, precision);
  }

  /**
   * Returns the head alone, to be trained on the features that the frozen backbone gives: a linear
   * probe. Its batches come from {@link io.github.facemask.loader.PhotoLoader#features}, its models
   * are whole ones.
   *
   * @return the network of the head
   * @throws IllegalArgumentException if the backbone starts from random weights, whose features say
   *     nothing
   */
  public TrainableNetwork linearProbe() {
    check(
        !(choices.start instanceof Start.Random),
        "linearProbe",
        "of random weights",
        "pretrained weights or a file of weights");
    return new LinearProbe(this);
  }

  FineTuning tuning() {
    return choices.tuning;
  }

  Optional<FaceCrop> faceCrop() {
    return choices.faces;
  }

  /** Reads the weights to start from, or draws random ones. */
  InitialWeights start(long seed) throws IOException {
    return choices.start.load(network(), source, seed, choices.leastMatched);
  }
}
