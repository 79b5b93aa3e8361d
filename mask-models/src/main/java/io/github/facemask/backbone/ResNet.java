package io.github.facemask.backbone;

import com.google.common.collect.ImmutableList;
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
import java.util.ArrayList;
import java.util.List;

/** Builds residual networks with timm's names (timm/models/resnet.py). */
enum ResNet {
  RESNET18(false, 2, 2, 2, 2),
  RESNET34(false, 3, 4, 6, 3),
  RESNET50(true, 3, 4, 6, 3),
  RESNET101(true, 3, 4, 23, 3);

  private static final int STEM = 64;

  private final boolean bottleneck;
  private final ImmutableList<Integer> depths;

  ResNet(boolean bottleneck, Integer... depths) {
    this.bottleneck = bottleneck;
    this.depths = ImmutableList.copyOf(depths);
  }

  /** Returns timm's name without tag, for instance {@code "resnet18"}. */
  public String architecture() {
    return "resnet" + name().substring("RESNET".length());
  }

  /**
   * Describes the network.
   *
   * @param classes the number of logits
   * @param preprocessing the preprocessing; any input size is allowed
   * @return the description
   */
  public Network network(int classes, Preprocessing preprocessing) {
    List<Layer> layers = new ArrayList<>();
    layers.add(new Conv2d("conv1", 3, STEM, 7, 2, 3, 1, false));
    layers.add(BatchNorm2d.of("bn1", STEM));
    layers.add(new Activation("act1", Kind.RELU));
    layers.add(new MaxPool2d("maxpool", 3, 2, 1));
    int channels = STEM;
    int blocksBefore = 0;
    int last = depths.stream().mapToInt(Integer::intValue).sum() - 1;
    for (int stage = 0; stage < depths.size(); stage++) {
      int width = STEM << stage;
      List<Layer> blocks = new ArrayList<>();
      for (int block = 0; block < depths.get(stage); block++) {
        int stride = stage > 0 && block == 0 ? 2 : 1;
        Residual residual = block(Integer.toString(block), channels, width, stride);
        blocks.add(residual.withDropPath((double) blocksBefore++ / last));
        channels = bottleneck ? 4 * width : width;
      }
      layers.add(Sequential.of("layer" + (stage + 1), blocks));
    }
    layers.add(new GlobalAveragePool("global_pool"));
    layers.add(new Linear("fc", channels, classes, true));
    return new Network(architecture(), Sequential.of("", layers), classes, preprocessing);
  }

  private Residual block(String name, int in, int width, int stride) {
    int out = bottleneck ? 4 * width : width;
    Sequential body =
        bottleneck
            ? Sequential.of(
                "",
                Conv2d.of("conv1", in, width, 1, 1),
                BatchNorm2d.of("bn1", width),
                new Activation("act1", Kind.RELU),
                Conv2d.of("conv2", width, width, 3, stride),
                BatchNorm2d.of("bn2", width),
                new Activation("act2", Kind.RELU),
                Conv2d.of("conv3", width, out, 1, 1),
                BatchNorm2d.of("bn3", out).startingAtZero())
            : Sequential.of(
                "",
                Conv2d.of("conv1", in, width, 3, stride),
                BatchNorm2d.of("bn1", width),
                new Activation("act1", Kind.RELU),
                Conv2d.of("conv2", width, width, 3, 1),
                BatchNorm2d.of("bn2", width).startingAtZero());
    Sequential shortcut =
        stride == 1 && in == out
            ? Sequential.of("downsample")
            : Sequential.of(
                "downsample", Conv2d.of("0", in, out, 1, stride), BatchNorm2d.of("1", out));
    return new Residual(name, body, shortcut, Kind.RELU);
  }
}
