package io.github.facemask.backbone;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Maps;
import io.github.facemask.batch.PhotoBatch;
import io.github.facemask.facecrop.FaceCrop;
import io.github.facemask.internal.passes.ExportedProgram;
import io.github.facemask.internal.program.FineTuning;
import io.github.facemask.internal.program.ProgramModel;
import io.github.facemask.internal.weights.InitialWeights;
import io.github.facemask.label.Attribute;
import io.github.facemask.model.ModelFolder;
import io.github.facemask.network.Linear;
import io.github.facemask.network.Network;
import io.github.facemask.network.Pooling.GlobalAveragePool;
import io.github.facemask.network.Sequential;
import io.github.facemask.prediction.PhotoClassifier;
import io.github.facemask.preprocessing.Preprocessing;
import io.github.facemask.provenance.ModelOrigin;
import io.github.facemask.tensor.HostTensor;
import io.github.facemask.tensor.Precision;
import io.github.facemask.training.TrainableModel;
import io.github.facemask.training.TrainableNetwork;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The head of a backbone, trained alone on the features of photos. Its batches hold features (B, F,
 * 1, 1) instead of pixels. The models that it saves are whole ones. Immutable.
 */
final class LinearProbe implements TrainableNetwork {

  private final Backbone backbone;
  private final Network whole;
  private final Network head;

  LinearProbe(Backbone backbone) {
    this.backbone = backbone;
    this.whole = backbone.network();
    this.head = headOf(whole);
  }

  /** Returns a network of the head's layers alone, with their names. */
  private static Network headOf(Network whole) {
    List<Linear> found = new ArrayList<>();
    whole.forEachLayer(
        (layer, path) -> {
          if (layer instanceof Linear linear && linear.head()) {
            found.add(new Linear(path, linear.in(), linear.out(), true, linear.bias()));
          }
        });
    Linear linear = found.get(0);
    Network plain =
        new Network(
            whole.architecture(),
            Sequential.of("", new GlobalAveragePool("features"), linear),
            linear.out(),
            whole.preprocessing());
    return switch (whole.heads()) {
      case CLASSES -> plain.withAttributes(whole.attributes());
      case ATTRIBUTES, YEARS -> plain.withJointLogits(whole.heads(), whole.attributes());
    };
  }

  @Override
  public String architecture() {
    return backbone.architecture();
  }

  @Override
  public Preprocessing preprocessing() {
    return backbone.preprocessing();
  }

  @Override
  public Map<String, Object> faces() {
    return backbone.faces();
  }

  @Override
  public boolean learnsYears() {
    return backbone.learnsYears();
  }

  @Override
  public Map<String, Object> parameters() {
    return ImmutableMap.<String, Object>builder()
        .putAll(backbone.parameters())
        .put("linearProbe", true)
        .buildOrThrow();
  }

  @Override
  public TrainableModel prepare(TrainingConfig setup) throws IOException {
    InitialWeights start = backbone.start(setup.seed());
    InitialWeights ofHead =
        new InitialWeights(
            Maps.filterKeys(start.tensors(), head.headNames()::contains), start.told());
    // Dropout before the head is part of it; all else of the tuning is of the backbone.
    FineTuning tuning = new FineTuning(0, 0, 1, 1, backbone.tuning().dropRate(), 0);
    ProgramModel trained = ProgramModel.load(head, ofHead, setup, tuning, Optional.empty());
    return new ProbeModel(trained, start.tensors(), whole, backbone.faceCrop());
  }

  @Override
  public PhotoClassifier classifier(
      Map<String, HostTensor> weights, Device device, Precision precision) throws IOException {
    return ExportedProgram.load(head, ofHead(weights, head.headNames()), device, precision);
  }

  private static Map<String, HostTensor> ofHead(
      Map<String, HostTensor> weights, ImmutableSet<String> names) {
    return Maps.filterKeys(weights, names::contains);
  }

  /** The head in training, and the backbone that does not change. */
  private record ProbeModel(
      ProgramModel trained,
      ImmutableMap<String, HostTensor> start,
      Network whole,
      Optional<FaceCrop> faces)
      implements TrainableModel {

    @Override
    public void startEpoch(int epoch) throws IOException {
      trained.startEpoch(epoch);
    }

    @Override
    public Map<String, Object> startedFrom() {
      return trained.startedFrom();
    }

    @Override
    public StepOutput trainStep(PhotoBatch batch, double scale) {
      return trained.trainStep(batch, scale);
    }

    @Override
    public void optimizerStep(double learningRate, double momentum) {
      trained.optimizerStep(learningRate, momentum);
    }

    @Override
    public Model djlModel() {
      return trained.djlModel();
    }

    @Override
    public NDManager manager() {
      return trained.manager();
    }

    @Override
    public NDArray classify(NDArray features) {
      return trained.classify(features);
    }

    @Override
    public void save(Path folder, ModelOrigin origin, Map<Attribute, Double> temperatures)
        throws IOException {
      ModelFolder.write(folder, whole, weights(), faces, origin, startedFrom(), temperatures);
    }

    @Override
    public <T> T withAverage(AverageAction<T> action) throws IOException {
      return trained.withAverage(action);
    }

    @Override
    public void saveState(Path file, Map<String, String> progress) throws IOException {
      trained.saveState(file, progress);
    }

    @Override
    public Map<String, String> restoreState(Path file) throws IOException {
      return trained.restoreState(file);
    }

    @Override
    public Map<String, HostTensor> weights() {
      return ImmutableMap.<String, HostTensor>builder()
          .putAll(start)
          .putAll(trained.weights())
          .buildKeepingLast();
    }

    @Override
    public void close() {
      trained.close();
    }
  }
}
