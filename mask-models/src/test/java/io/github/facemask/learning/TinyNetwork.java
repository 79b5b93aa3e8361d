package io.github.facemask.learning;

import ai.djl.Device;
import io.github.facemask.backbone.Backbones;
import io.github.facemask.internal.passes.ExportedProgram;
import io.github.facemask.internal.program.Initialization;
import io.github.facemask.internal.program.ProgramModel;
import io.github.facemask.internal.program.TrainingPlan;
import io.github.facemask.label.FaceClass;
import io.github.facemask.network.Activation;
import io.github.facemask.network.Activation.Kind;
import io.github.facemask.network.Conv2d;
import io.github.facemask.network.Linear;
import io.github.facemask.network.Network;
import io.github.facemask.network.Normalization.BatchNorm2d;
import io.github.facemask.network.Pooling.GlobalAveragePool;
import io.github.facemask.network.Sequential;
import io.github.facemask.prediction.PhotoClassifier;
import io.github.facemask.preprocessing.Preprocessing;
import io.github.facemask.tensor.HostTensor;
import io.github.facemask.tensor.Precision;
import io.github.facemask.training.TrainableNetwork;
import io.github.facemask.training.TrainableNetwork.TrainingConfig;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** One convolution of eight channels, for runs of milliseconds. */
final class TinyNetwork implements TrainableNetwork {

  private final int smallestBatch;
  private final Preprocessing preprocessing =
      Backbones.get("resnet18")
          .withInputSize(ColouredPhotos.SIZE, ColouredPhotos.SIZE)
          .preprocessing();

  TinyNetwork() {
    this(1);
  }

  /** A network that says that it cannot learn from fewer photos. */
  TinyNetwork(int smallestBatch) {
    this.smallestBatch = smallestBatch;
  }

  @Override
  public int smallestBatch() {
    return smallestBatch;
  }

  @Override
  public String architecture() {
    return "tiny";
  }

  @Override
  public Preprocessing preprocessing() {
    return preprocessing;
  }

  @Override
  public Map<String, Object> parameters() {
    return Map.of("architecture", architecture());
  }

  Network network() {
    Sequential layers =
        Sequential.of(
            "",
            Conv2d.of("conv", 3, 8, 3, 2),
            BatchNorm2d.of("bn", 8),
            new Activation("act", Kind.RELU),
            new GlobalAveragePool("pool"),
            new Linear("fc", 8, FaceClass.COUNT, true));
    return new Network(architecture(), layers, FaceClass.COUNT, preprocessing);
  }

  @Override
  public ProgramModel prepare(TrainingConfig setup) throws IOException {
    Network network = network();
    return ProgramModel.load(
        network,
        Initialization.random(network, setup.seed()),
        setup,
        TrainingPlan.all(network),
        List.of());
  }

  @Override
  public PhotoClassifier classifier(
      Map<String, HostTensor> weights, Device device, Precision precision) throws IOException {
    return ExportedProgram.load(network(), weights, device, precision);
  }
}
