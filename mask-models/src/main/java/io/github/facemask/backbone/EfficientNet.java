package io.github.facemask.backbone;

import com.google.common.collect.ImmutableList;
import io.github.facemask.network.Activation;
import io.github.facemask.network.Activation.Kind;
import io.github.facemask.network.Conv2d;
import io.github.facemask.network.Conv2d.SamePadding;
import io.github.facemask.network.Layer;
import io.github.facemask.network.Linear;
import io.github.facemask.network.Network;
import io.github.facemask.network.Normalization.BatchNorm2d;
import io.github.facemask.network.Pooling.GlobalAveragePool;
import io.github.facemask.network.Residual;
import io.github.facemask.network.Sequential;
import io.github.facemask.network.SqueezeExcite;
import io.github.facemask.preprocessing.Preprocessing;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Builds EfficientNets in TensorFlow's variant, with timm's names (timm/models/efficientnet.py,
 * {@code tf_efficientnet_b0} to {@code b7}): TensorFlow's "SAME" padding, eps 1e-3 in norms. Any
 * input size is allowed.
 */
enum EfficientNet {
  B0(1.0, 1.0),
  B1(1.0, 1.1),
  B2(1.1, 1.2),
  B3(1.2, 1.4),
  B4(1.4, 1.8),
  B5(1.6, 2.2),
  B6(1.8, 2.6),
  B7(2.0, 3.1);

  /**
   * A stage of B0.
   *
   * @param blocks the number of blocks
   * @param kernel side of the depthwise kernel
   * @param stride of the first block
   * @param expansion the factor by which a block widens its input
   * @param channels the output's
   */
  private record Stage(int blocks, int kernel, int stride, int expansion, int channels) {}

  private static final ImmutableList<Stage> STAGES =
      ImmutableList.of(
          new Stage(1, 3, 1, 1, 16),
          new Stage(2, 3, 2, 6, 24),
          new Stage(2, 5, 2, 6, 40),
          new Stage(3, 3, 2, 6, 80),
          new Stage(3, 5, 1, 6, 112),
          new Stage(4, 5, 2, 6, 192),
          new Stage(1, 3, 1, 6, 320));

  private static final int STEM = 32;
  private static final int FEATURES = 1280;

  /** The share of a block's input channels that squeeze-and-excitation keeps. */
  private static final double SQUEEZE = 0.25;

  private final double width;
  private final double depth;

  EfficientNet(double width, double depth) {
    this.width = width;
    this.depth = depth;
  }

  /** Returns timm's name without tag, for instance {@code "tf_efficientnet_b0"}. */
  public String architecture() {
    return "tf_efficientnet_" + name().toLowerCase(Locale.ROOT);
  }

  /**
   * Describes the network.
   *
   * @param classes the number of logits
   * @param preprocessing its preprocessing
   * @return the description
   */
  public Network network(int classes, Preprocessing preprocessing) {
    List<Layer> layers = new ArrayList<>();
    int channels = scaled(STEM);
    layers.add(new SamePadding("", 3, 2, 0));
    layers.add(new Conv2d("conv_stem", 3, channels, 3, 2, 0, 1, false));
    layers.add(normAndActivation("bn1", channels));
    List<Layer> stages = new ArrayList<>();
    int blocksBefore = 0;
    int count = STAGES.stream().mapToInt(this::blocks).sum();
    for (Stage stage : STAGES) {
      List<Layer> blocks = new ArrayList<>();
      int out = scaled(stage.channels);
      for (int block = 0; block < blocks(stage); block++) {
        int stride = block == 0 ? stage.stride : 1;
        // timm divides by the number of blocks here, by one less in other families.
        double share = (double) blocksBefore++ / count;
        blocks.add(block(Integer.toString(block), stage, channels, out, stride, share));
        channels = out;
      }
      stages.add(Sequential.of(Integer.toString(stages.size()), blocks));
    }
    layers.add(Sequential.of("blocks", stages));
    int features = scaled(FEATURES);
    layers.add(Conv2d.of("conv_head", channels, features, 1, 1));
    layers.add(normAndActivation("bn2", features));
    layers.add(new GlobalAveragePool("global_pool"));
    layers.add(new Linear("classifier", features, classes, true));
    return new Network(architecture(), Sequential.of("", layers), classes, preprocessing);
  }

  private int blocks(Stage stage) {
    return (int) Math.ceil(stage.blocks * depth);
  }

  private static Layer block(
      String name, Stage stage, int in, int out, int stride, double dropPath) {
    List<Layer> body = new ArrayList<>();
    int middle = in * stage.expansion;
    boolean expands = stage.expansion > 1;
    if (expands) {
      body.add(Conv2d.of("conv_pw", in, middle, 1, 1));
      body.add(normAndActivation("bn1", middle));
    }
    body.add(depthwise(stage.kernel, middle, stride));
    body.add(normAndActivation(expands ? "bn2" : "bn1", middle));
    // Rounds half to even, as Python.
    int reduced = (int) Math.rint(middle * (SQUEEZE / stage.expansion));
    body.add(new SqueezeExcite("se", middle, reduced));
    body.add(Conv2d.of(expands ? "conv_pwl" : "conv_pw", middle, out, 1, 1));
    body.add(BatchNorm2d.ofTensorFlow(expands ? "bn3" : "bn2", out));
    return stride == 1 && in == out
        ? Residual.of(name, body.toArray(new Layer[0])).withDropPath(dropPath)
        : Sequential.of(name, body);
  }

  private static Layer depthwise(int kernel, int channels, int stride) {
    if (stride == 1) {
      return new Conv2d("conv_dw", channels, channels, kernel, 1, kernel / 2, channels, false);
    }
    return Sequential.of(
        "",
        new SamePadding("", kernel, stride, 0),
        new Conv2d("conv_dw", channels, channels, kernel, stride, 0, channels, false));
  }

  private static Layer normAndActivation(String name, int channels) {
    return Sequential.of(
        name, BatchNorm2d.ofTensorFlow("", channels), new Activation("", Kind.SILU));
  }

  /** The nearest multiple of 8, but not less than nine tenths of the channels. */
  private int scaled(int channels) {
    double wanted = channels * width;
    int nearest = Math.max(8, (int) (wanted + 4) / 8 * 8);
    return nearest < 0.9 * wanted ? nearest + 8 : nearest;
  }
}
