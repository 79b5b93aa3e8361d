package io.github.facemask.backbone;

import com.google.common.collect.ImmutableList;
import io.github.facemask.network.Activation;
import io.github.facemask.network.Activation.Kind;
import io.github.facemask.network.Conv2d;
import io.github.facemask.network.Conv2d.SamePadding;
import io.github.facemask.network.Conv2d.StandardizedConv2d;
import io.github.facemask.network.Layer;
import io.github.facemask.network.Normalization.GroupNorm;
import io.github.facemask.network.Pooling.MaxPool2d;
import io.github.facemask.network.Residual;
import io.github.facemask.network.Sequential;
import java.util.ArrayList;
import java.util.List;

/**
 * The pixels of a residual network's features (timm/models/resnetv2.py without pre-activation):
 * standardized kernels, group norms, TensorFlow's "SAME" padding.
 *
 * @param depths the number of blocks of each stage; each stage but the first halves the sides
 */
record ResNetPatches(ImmutableList<Integer> depths) implements PatchSource {

  private static final int STEM = 64;
  private static final int FIRST_STAGE = 256;
  private static final double KERNEL_EPS = 1e-8;

  @Override
  public int along(int pixels) {
    // The stem's convolution and pool halve the side, and each stage but the first.
    int side = pixels;
    for (int halving = 0; halving < depths.size() + 1; halving++) {
      side = (side + 1) / 2;
    }
    return side;
  }

  @Override
  public List<Layer> layers(int features) {
    List<Layer> stages = new ArrayList<>();
    int channels = STEM;
    for (int stage = 0; stage < depths.size(); stage++) {
      List<Layer> blocks = new ArrayList<>();
      int out = FIRST_STAGE << stage;
      for (int block = 0; block < depths.get(stage); block++) {
        int stride = stage > 0 && block == 0 ? 2 : 1;
        blocks.add(bottleneck(Integer.toString(block), channels, out, stride));
        channels = out;
      }
      stages.add(Sequential.of(Integer.toString(stage), Sequential.of("blocks", blocks)));
    }
    Sequential backbone = Sequential.of("backbone", stem(), Sequential.of("stages", stages));
    return ImmutableList.of(backbone, Conv2d.ofPixels("proj", channels, features));
  }

  private static Sequential stem() {
    return Sequential.of(
        "stem",
        conv("conv", 3, STEM, 7, 2),
        normAndActivation("norm", STEM),
        new SamePadding("", 3, 2, Double.NEGATIVE_INFINITY),
        new MaxPool2d("pool", 3, 2, 0));
  }

  private static Residual bottleneck(String name, int in, int out, int stride) {
    int middle = out / 4;
    Sequential body =
        Sequential.of(
            "",
            conv("conv1", in, middle, 1, 1),
            normAndActivation("norm1", middle),
            conv("conv2", middle, middle, 3, stride),
            normAndActivation("norm2", middle),
            conv("conv3", middle, out, 1, 1),
            norm("norm3", out));
    Sequential shortcut =
        in == out
            ? Sequential.of("downsample")
            : Sequential.of("downsample", conv("conv", in, out, 1, stride), norm("norm", out));
    return new Residual(name, body, shortcut, Kind.RELU, true, 0);
  }

  private static Layer conv(String name, int in, int out, int kernel, int stride) {
    if (stride == 1 || kernel == 1) {
      return new StandardizedConv2d(name, in, out, kernel, stride, kernel / 2, KERNEL_EPS);
    }
    return Sequential.of(
        "",
        new SamePadding("", kernel, stride, 0),
        new StandardizedConv2d(name, in, out, kernel, stride, 0, KERNEL_EPS));
  }

  private static GroupNorm norm(String name, int channels) {
    return new GroupNorm(name, 32, channels, 1e-5);
  }

  private static Sequential normAndActivation(String name, int channels) {
    return Sequential.of(name, norm("", channels), new Activation("", Kind.RELU));
  }
}
