package io.github.facemask.learning;

import io.github.facemask.backbone.BackboneProvider;
import io.github.facemask.network.Activation;
import io.github.facemask.network.Activation.Kind;
import io.github.facemask.network.Conv2d;
import io.github.facemask.network.Layer;
import io.github.facemask.network.Linear;
import io.github.facemask.network.Network;
import io.github.facemask.network.Normalization.BatchNorm2d;
import io.github.facemask.network.Pooling.GlobalAveragePool;
import io.github.facemask.network.Pooling.MaxPool2d;
import io.github.facemask.network.Residual;
import io.github.facemask.network.Sequential;
import io.github.facemask.preprocessing.Preprocessing;
import io.github.facemask.preprocessing.Preprocessing.CropMode;
import io.github.facemask.preprocessing.Preprocessing.Interpolation;
import java.util.ArrayList;
import java.util.List;

/**
 * A residual network with the layers of ResNet and about 80,000 parameters, for tests of what goes
 * around a network. Writing the 11 million of ResNet18 after each epoch takes longer than training
 * them on a few small photos. Modules whose tests use it list it in their test resources.
 */
public final class NarrowResNet implements BackboneProvider {

  private static final int STEM = 8;
  private static final int STAGES = 4;

  /** Creates the provider. */
  public NarrowResNet() {}

  @Override
  public String architecture() {
    return "narrow_resnet";
  }

  @Override
  public Preprocessing preprocessing() {
    return new Preprocessing(
        32,
        32,
        Preprocessing.IMAGENET_MEAN,
        Preprocessing.IMAGENET_STD,
        Interpolation.BICUBIC,
        1,
        CropMode.CENTER);
  }

  @Override
  public Network network(int classes, Preprocessing preprocessing) {
    List<Layer> layers = new ArrayList<>();
    layers.add(new Conv2d("conv1", 3, STEM, 7, 2, 3, 1, false));
    layers.add(BatchNorm2d.of("bn1", STEM));
    layers.add(new Activation("act1", Kind.RELU));
    layers.add(new MaxPool2d("maxpool", 3, 2, 1));
    int channels = STEM;
    for (int stage = 0; stage < STAGES; stage++) {
      int width = STEM << stage;
      layers.add(
          Sequential.of("layer" + (stage + 1), block(channels, width, Math.min(stage, 1) + 1)));
      channels = width;
    }
    layers.add(new GlobalAveragePool("global_pool"));
    layers.add(new Linear("fc", channels, classes, true));
    return new Network(architecture(), Sequential.of("", layers), classes, preprocessing);
  }

  private static Residual block(int in, int width, int stride) {
    Sequential body =
        Sequential.of(
            "",
            Conv2d.of("conv1", in, width, 3, stride),
            BatchNorm2d.of("bn1", width),
            new Activation("act1", Kind.RELU),
            Conv2d.of("conv2", width, width, 3, 1),
            BatchNorm2d.of("bn2", width).startingAtZero());
    Sequential shortcut =
        stride == 1 && in == width
            ? Sequential.of("downsample")
            : Sequential.of(
                "downsample", Conv2d.of("0", in, width, 1, stride), BatchNorm2d.of("1", width));
    return new Residual("0", body, shortcut, Kind.RELU);
  }
}
