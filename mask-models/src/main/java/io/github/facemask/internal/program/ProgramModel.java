package io.github.facemask.internal.program;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import ai.djl.training.loss.Loss;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.Ints;
import io.github.facemask.batch.PhotoBatch;
import io.github.facemask.facecrop.FaceCrop;
import io.github.facemask.internal.torchscript.Program;
import io.github.facemask.internal.torchscript.ProgramMethod;
import io.github.facemask.internal.weights.InitialWeights;
import io.github.facemask.internal.weights.Safetensors;
import io.github.facemask.label.Attribute;
import io.github.facemask.loss.TrainingLoss;
import io.github.facemask.loss.TrainingLoss.DjlLoss;
import io.github.facemask.model.ModelFolder;
import io.github.facemask.network.Network;
import io.github.facemask.network.TensorSpec;
import io.github.facemask.provenance.ModelOrigin;
import io.github.facemask.tensor.HostTensor;
import io.github.facemask.training.TrainableModel;
import io.github.facemask.training.TrainableModel.StepOutput;
import io.github.facemask.training.TrainableNetwork.TrainingConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;

/** A loaded training program. Not thread-safe. */
public final class ProgramModel implements TrainableModel {

  private static final String OPTIMIZER = "optimizer.";
  private static final String WEIGHT = "weight.";
  private static final String AVERAGE = "average.";
  private static final String EPOCH = "model.epoch";

  private final Network network;
  private final TrainingConfig setup;
  private final IntFunction<TrainingPlan> plans;
  private final DropMasks masks;
  private final Optional<FaceCrop> faces;
  private final List<String> observed;
  private final ImmutableMap<String, Object> startedFrom;
  private Program program;
  private TrainingPlan plan;
  private TrainingLoss loss;
  private int epoch = 1;
  private int batch;

  private ProgramModel(
      Network network,
      InitialWeights start,
      TrainingConfig setup,
      IntFunction<TrainingPlan> plans,
      DropMasks masks,
      Optional<FaceCrop> faces,
      List<String> observed)
      throws IOException {
    this.network = network;
    this.startedFrom = start.told();
    this.setup = setup;
    this.plans = plans;
    this.masks = masks;
    this.faces = faces;
    this.observed = ImmutableList.copyOf(observed);
    this.plan = plans.apply(epoch);
    this.loss = setup.loss().at(epoch);
    this.program = loaded(start.tensors());
  }

  /** Writes and loads the program of the current plan. */
  private Program loaded(Map<String, HostTensor> weights) throws IOException {
    Program fresh =
        Program.load(
            TrainingProgram.write(network, weights, setup, plan, loss, masks, observed),
            setup.device());
    try (NDManager scope = fresh.manager().newSubManager()) {
      fresh.callTraining(ProgramMethod.OPTIMIZER_INIT, scope.create(0f));
      if (averages()) {
        fresh.call(ProgramMethod.AVERAGE_INIT, scope.create(0f));
      }
    }
    return fresh;
  }

  private boolean averages() {
    return setup.averageDecay() > 0;
  }

  /**
   * Writes and loads a network's training program.
   *
   * @param network the network
   * @param weights all tensors of the network by name
   * @param setup the training setup
   * @param plan the tensors to train
   * @param observed paths of layers for {@link #outputsOf}; may be empty
   * @return the model, which the caller closes
   * @throws IOException if the engine cannot load it
   */
  public static ProgramModel load(
      Network network,
      Map<String, HostTensor> weights,
      TrainingConfig setup,
      TrainingPlan plan,
      List<String> observed)
      throws IOException {
    return new ProgramModel(
        network,
        new InitialWeights(weights, ImmutableMap.of()),
        setup,
        any -> plan,
        DropMasks.NONE,
        Optional.empty(),
        observed);
  }

  /**
   * Writes and loads the training program of a network whose parts learn differently.
   *
   * @param network the network
   * @param start the weights that it starts from
   * @param setup the training setup
   * @param tuning which parts learn, how fast, and what is dropped
   * @param faces the face crop of its photos, for the card; empty for whole photos
   * @return the model, which the caller closes
   * @throws IOException if the engine cannot load it
   */
  public static ProgramModel load(
      Network network,
      InitialWeights start,
      TrainingConfig setup,
      FineTuning tuning,
      Optional<FaceCrop> faces)
      throws IOException {
    return new ProgramModel(
        network,
        start,
        setup,
        any -> tuning.plan(network, any),
        tuning.masks(network),
        faces,
        List.of());
  }

  @Override
  public Map<String, Object> startedFrom() {
    return startedFrom;
  }

  /**
   * Begins an epoch. Where more stages learn than before, the optimizer begins anew, as with a new
   * optimizer for the unfrozen parameters.
   */
  @Override
  public void startEpoch(int next) throws IOException {
    epoch = next;
    batch = 0;
    TrainingPlan wanted = plans.apply(next);
    TrainingLoss wantedLoss = setup.loss().at(next);
    if (!wanted.equals(plan) || !wantedLoss.equals(loss)) {
      loss = wantedLoss;
      Map<String, HostTensor> optimizer = wanted.equals(plan) ? optimizerState() : Map.of();
      change(wanted);
      if (!optimizer.isEmpty()) {
        restore(ProgramMethod.OPTIMIZER_RESTORE, List.copyOf(optimizer.values()));
      }
    }
  }

  private void change(TrainingPlan wanted) throws IOException {
    Map<String, HostTensor> weights = weights();
    Map<String, HostTensor> average = new LinkedHashMap<>();
    if (averages()) {
      List<HostTensor> values =
          ImmutableList.copyOf(list(ProgramMethod.AVERAGE_STATE, AVERAGE).values());
      List<String> names = TrainingProgram.averaged(network.tensors(), plan);
      for (int i = 0; i < values.size(); i++) {
        average.put(names.get(i), values.get(i));
      }
    }
    Program old = program;
    plan = wanted;
    program = loaded(weights);
    old.close();
    if (averages()) {
      restore(
          ProgramMethod.AVERAGE_RESTORE,
          TrainingProgram.averaged(network.tensors(), plan).stream()
              .map(name -> average.getOrDefault(name, weights.get(name)))
              .toList());
    }
  }

  @Override
  public NDManager manager() {
    return program.manager();
  }

  @Override
  public Model djlModel() {
    return program.model();
  }

  @Override
  public StepOutput trainStep(PhotoBatch photos, double scale) {
    try (NDManager scope = photos.pixels().getManager().newSubManager()) {
      NDArray[] factors = factors(photos, scope);
      if (loss instanceof DjlLoss outside) {
        return trainStep(outside.loss(), photos, (float) scale, factors);
      }
      List<NDArray> inputs = new ArrayList<>();
      inputs.add(photos.pixels());
      inputs.add(photos.targets());
      inputs.add(scope.create((float) scale));
      inputs.addAll(List.of(factors));
      NDList result =
          program.callTraining(ProgramMethod.TRAIN_STEP, inputs.toArray(NDArray[]::new));
      return new StepOutput(result.get(0), result.get(1), result.get(2));
    }
  }

  /** Returns the factors of dropout for the next batch, if there is dropout. */
  private NDArray[] factors(PhotoBatch photos, NDManager scope) {
    if (masks.isEmpty()) {
      return new NDArray[0];
    }
    int rows = (int) photos.pixels().getShape().get(0);
    float[] drawn = masks.draw(setup.seed(), epoch, batch++, rows);
    return new NDArray[] {scope.create(drawn, new Shape(rows, masks.columns()))};
  }

  /**
   * Computes a loss outside of the program on a copy of the logits, and passes its gradient back to
   * the program.
   */
  private StepOutput trainStep(Loss outside, PhotoBatch photos, float scale, NDArray... factors) {
    List<NDArray> inputs = new ArrayList<>();
    inputs.add(photos.pixels());
    inputs.addAll(List.of(factors));
    NDArray recorded =
        program
            .callTraining(ProgramMethod.TRAIN_FORWARD, inputs.toArray(NDArray[]::new))
            .singletonOrThrow();
    NDArray logits = recorded.stopGradient();
    NDArray leaf = logits.duplicate();
    leaf.setRequiresGradient(true);
    try (NDManager scope = logits.getManager().newSubManager();
        GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
      scope.attachAll(recorded, leaf);
      NDArray value = outside.evaluate(new NDList(photos.targets()), new NDList(leaf));
      collector.backward(value);
      program.callTraining(
          ProgramMethod.OPTIMIZER_BACKWARD, recorded, leaf.getGradient().mul(scale));
      NDArray correct =
          program.call(ProgramMethod.CORRECT, logits, photos.targets()).singletonOrThrow();
      NDArray lossAlone = value.stopGradient();
      lossAlone.attach(logits.getManager());
      return new StepOutput(lossAlone, logits, correct);
    }
  }

  @Override
  public void optimizerStep(double learningRate, double momentum) {
    // The program reads the momentum as a number, so it must be on the CPU: a read from a device
    // would wait.
    try (NDManager scope = manager().newSubManager();
        NDManager host = manager().newSubManager(Device.cpu())) {
      program.call(
          ProgramMethod.OPTIMIZER_STEP, scope.create((float) learningRate), host.create(momentum));
    }
    average(ProgramMethod.AVERAGE_UPDATE);
  }

  @Override
  public <T> T withAverage(AverageAction<T> action) throws IOException {
    average(ProgramMethod.AVERAGE_SWAP);
    try {
      return action.run();
    } finally {
      average(ProgramMethod.AVERAGE_SWAP);
    }
  }

  private void average(ProgramMethod method) {
    if (averages()) {
      try (NDManager scope = manager().newSubManager()) {
        program.call(method, scope.create(0f));
      }
    }
  }

  @Override
  public void saveState(Path file, Map<String, String> progress) throws IOException {
    ImmutableMap.Builder<String, HostTensor> all = ImmutableMap.builder();
    weights().forEach((name, tensor) -> all.put(WEIGHT + name, tensor));
    all.putAll(optimizerState());
    if (averages()) {
      all.putAll(list(ProgramMethod.AVERAGE_STATE, AVERAGE));
    }
    Safetensors.write(
        file,
        all.buildOrThrow(),
        ImmutableMap.<String, String>builder()
            .putAll(progress)
            .put(EPOCH, Integer.toString(epoch))
            .buildKeepingLast());
  }

  @Override
  public Map<String, String> restoreState(Path file) throws IOException {
    Map<String, String> progress = Safetensors.readMetadata(file);
    Integer saved = Ints.tryParse(progress.getOrDefault(EPOCH, "1"));
    // The optimizer's state is that of the parameters that learnt then.
    startEpoch(saved == null ? 1 : saved);
    Map<String, HostTensor> all = Safetensors.read(file);
    Map<String, HostTensor> weights = new LinkedHashMap<>();
    Map<String, HostTensor> optimizer = new LinkedHashMap<>();
    List<HostTensor> average = new ArrayList<>();
    all.forEach(
        (name, tensor) -> {
          if (name.startsWith(WEIGHT)) {
            weights.put(name.substring(WEIGHT.length()), tensor);
          } else if (name.startsWith(OPTIMIZER)) {
            optimizer.put(name, tensor);
          }
        });
    for (int i = 0; all.containsKey(AVERAGE + i); i++) {
      average.add(all.get(AVERAGE + i));
    }
    if (average.isEmpty() == averages()) {
      throw new IOException(
          file + (averages() ? ": lacks the average of the weights" : ": has an unwanted average"));
    }
    try {
      restore(weights, optimizer);
      if (averages()) {
        restore(ProgramMethod.AVERAGE_RESTORE, average);
      }
    } catch (IllegalArgumentException | EngineException e) {
      throw new IOException(file + ": does not fit the network and its optimizer", e);
    }
    return progress;
  }

  @Override
  public NDArray classify(NDArray photos) {
    return program.call(ProgramMethod.CLASSIFY, photos).singletonOrThrow();
  }

  /**
   * Returns the logits of photos in evaluation mode.
   *
   * @param photos uint8 (B, H, W, 3) or normalised float32 (B, 3, H, W)
   * @return float32 (B, classes), owned by the manager of the photos
   */
  public NDArray logits(NDArray photos) {
    return program.forward(photos, false);
  }

  /**
   * Returns the outputs of the observed layers in evaluation mode.
   *
   * @param photos as for {@link #logits}
   * @return one array for each observed path, owned by the manager of the photos
   */
  public NDList outputsOf(NDArray photos) {
    return program.call(ProgramMethod.OUTPUTS_OF, photos);
  }

  /** Returns the gradients of trained tensors since the last step, by name, as copies. */
  public Map<String, HostTensor> gradients() {
    try (NDManager scope = manager().newSubManager()) {
      NDList all = program.call(ProgramMethod.OPTIMIZER_GRADIENTS, scope.create(0f));
      ImmutableMap.Builder<String, HostTensor> gradients = ImmutableMap.builder();
      int i = 0;
      for (ParameterGroup group : plan.groups()) {
        for (String name : group.names()) {
          NDArray gradient = all.get(i++);
          gradients.put(name, toHost(gradient, gradient.getShape()));
        }
      }
      return gradients.buildOrThrow();
    }
  }

  /** Returns the parameters in the engine by name; owned by this. */
  public Map<String, NDArray> parameters() {
    return program.parameters();
  }

  @Override
  public void save(Path folder, ModelOrigin origin, Map<Attribute, Double> temperatures)
      throws IOException {
    ModelFolder.write(folder, network, weights(), faces, origin, startedFrom, temperatures);
  }

  @Override
  public Map<String, HostTensor> weights() {
    try (NDManager scope = manager().newSubManager()) {
      NDList state = program.call(ProgramMethod.STATE, scope.create(0f));
      ImmutableMap.Builder<String, HostTensor> weights = ImmutableMap.builder();
      int i = 0;
      for (TensorSpec spec : network.tensors()) {
        weights.put(spec.name(), toHost(state.get(i++), spec.shape()));
      }
      return weights.buildOrThrow();
    }
  }

  private Map<String, HostTensor> optimizerState() {
    return list(ProgramMethod.OPTIMIZER_STATE, OPTIMIZER);
  }

  private Map<String, HostTensor> list(ProgramMethod method, String prefix) {
    try (NDManager scope = manager().newSubManager()) {
      NDList state = program.call(method, scope.create(0f));
      ImmutableMap.Builder<String, HostTensor> tensors = ImmutableMap.builder();
      for (int i = 0; i < state.size(); i++) {
        NDArray array = state.get(i);
        tensors.put(prefix + i, toHost(array, array.getShape()));
      }
      return tensors.buildOrThrow();
    }
  }

  private void restore(Map<String, HostTensor> weights, Map<String, HostTensor> optimizerState) {
    List<HostTensor> all = new ArrayList<>();
    for (TensorSpec spec : network.tensors()) {
      HostTensor tensor = weights.get(spec.name());
      if (tensor == null) {
        throw new IllegalArgumentException("weights lack " + spec.name());
      }
      all.add(tensor);
    }
    restore(ProgramMethod.RESTORE, all);
    List<HostTensor> state = new ArrayList<>();
    for (int i = 0; i < optimizerState.size(); i++) {
      state.add(optimizerState.get(OPTIMIZER + i));
    }
    restore(ProgramMethod.OPTIMIZER_RESTORE, state);
  }

  private void restore(ProgramMethod method, List<HostTensor> tensors) {
    try (NDManager scope = manager().newSubManager()) {
      NDArray[] arrays = new NDArray[tensors.size()];
      for (int i = 0; i < arrays.length; i++) {
        arrays[i] = toEngine(scope, tensors.get(i));
        arrays[i].setName("all[]");
      }
      program.call(method, arrays);
    }
  }

  private static NDArray toEngine(NDManager manager, HostTensor tensor) {
    return switch (tensor.type()) {
      case INT64 -> {
        long[] values = new long[Math.toIntExact(tensor.shape().size())];
        tensor.bytes().asLongBuffer().get(values);
        yield manager.create(values, tensor.shape());
      }
      default -> manager.create(tensor.toFloats(), tensor.shape());
    };
  }

  private static HostTensor toHost(NDArray array, Shape shape) {
    if (array.getDataType() == DataType.INT64) {
      return HostTensor.ofLongs(shape, array.toLongArray());
    }
    if (array.getDataType() == DataType.FLOAT32) {
      return HostTensor.ofFloats(shape, array.toFloatArray());
    }
    throw new IllegalStateException(
        String.format(Locale.ROOT, "tensor has type %s, expected a float", array.getDataType()));
  }

  @Override
  public void close() {
    program.close();
  }
}
