package io.github.facemask.internal.weights;

import com.google.common.collect.ImmutableMap;
import io.github.facemask.backbone.Backbones;
import io.github.facemask.network.Activation;
import io.github.facemask.network.Activation.Kind;
import io.github.facemask.network.Attention.SelfAttention;
import io.github.facemask.network.Attention.WindowAttention;
import io.github.facemask.network.Attention.WindowAttention.Grid;
import io.github.facemask.network.Conv2d;
import io.github.facemask.network.Conv2d.SamePadding;
import io.github.facemask.network.Conv2d.StandardizedConv2d;
import io.github.facemask.network.Layer;
import io.github.facemask.network.Linear;
import io.github.facemask.network.Network;
import io.github.facemask.network.Normalization.BatchNorm2d;
import io.github.facemask.network.Normalization.GroupNorm;
import io.github.facemask.network.Normalization.LayerNorm;
import io.github.facemask.network.Pooling.GlobalAveragePool;
import io.github.facemask.network.Pooling.MaxPool2d;
import io.github.facemask.network.Residual;
import io.github.facemask.network.Sequential;
import io.github.facemask.network.SqueezeExcite;
import io.github.facemask.network.TokenLayer.PatchMerging;
import io.github.facemask.network.TokenLayer.Rearrangement;
import io.github.facemask.network.TokenLayer.TokenEmbedding;
import io.github.facemask.preprocessing.Preprocessing;
import java.util.ArrayList;
import java.util.List;

/** The small networks of benchmarks/peers/make_checkpoints.py, with timm's names. */
final class SmallNetworks {

  static final int SIZE = 32;
  private static final int CLASSES = 18;

  private static final Preprocessing PREPROCESSING =
      Backbones.get("resnet18").withInputSize(SIZE, SIZE).preprocessing();

  static final ImmutableMap<String, Network> BY_NAME =
      ImmutableMap.<String, Network>builder()
          .put("resnet", resnet("resnet", 1))
          .put("resnet_two", resnet("resnet_two", 2))
          .put("vit", vit("vit", 2))
          .put("vit_one", vit("vit_one", 1))
          .put("hybrid", hybrid())
          .put("swin", swin())
          .put("efficientnet", efficientNet("efficientnet", false))
          .put("tf_efficientnet", efficientNet("tf_efficientnet", true))
          .buildOrThrow();

  private SmallNetworks() {}

  private static Network network(String name, List<Layer> layers) {
    return new Network(name, Sequential.of("", layers), CLASSES, PREPROCESSING);
  }

  private static Network resnet(String name, int blocks) {
    List<Layer> layers = new ArrayList<>();
    layers.add(new Conv2d("conv1", 3, 2, 7, 2, 3, 1, false));
    layers.add(BatchNorm2d.of("bn1", 2));
    layers.add(new Activation("act1", Kind.RELU));
    layers.add(new MaxPool2d("maxpool", 3, 2, 1));
    int before = 2;
    int stage = 0;
    for (int width : new int[] {2, 2, 4, 4}) {
      List<Layer> all = new ArrayList<>();
      for (int block = 0; block < blocks; block++) {
        int stride = stage > 0 && block == 0 ? 2 : 1;
        Sequential body =
            Sequential.of(
                "",
                Conv2d.of("conv1", before, width, 3, stride),
                BatchNorm2d.of("bn1", width),
                new Activation("act1", Kind.RELU),
                Conv2d.of("conv2", width, width, 3, 1),
                BatchNorm2d.of("bn2", width));
        Sequential shortcut =
            stride == 1
                ? Sequential.of("downsample")
                : Sequential.of(
                    "downsample",
                    Conv2d.of("0", before, width, 1, stride),
                    BatchNorm2d.of("1", width));
        all.add(new Residual(Integer.toString(block), body, shortcut, Kind.RELU));
        before = width;
      }
      stage++;
      layers.add(Sequential.of("layer" + stage, all));
    }
    layers.add(new GlobalAveragePool("global_pool"));
    layers.add(new Linear("fc", before, CLASSES, true));
    return network(name, layers);
  }

  private static Network vit(String name, int depth) {
    List<Layer> patches =
        List.of(
            new Conv2d("proj", 3, 8, 8, 8, 0, 1, true),
            new Rearrangement("", Rearrangement.Kind.IMAGE_TO_TOKENS));
    return transformer(name, patches, depth);
  }

  private static Network hybrid() {
    Sequential stem =
        Sequential.of(
            "stem",
            new SamePadding("", 7, 2, 0),
            new StandardizedConv2d("conv", 3, 8, 7, 2, 0, 1e-8),
            norm("norm", 8, true),
            new SamePadding("", 3, 2, Double.NEGATIVE_INFINITY),
            new MaxPool2d("pool", 3, 2, 0));
    Sequential stages =
        Sequential.of(
            "stages",
            Sequential.of("0", Sequential.of("blocks", bottleneck("0", 8, 8, 1))),
            Sequential.of(
                "1",
                Sequential.of("blocks", bottleneck("0", 8, 16, 2), bottleneck("1", 16, 16, 1))));
    return transformer(
        "hybrid",
        List.of(
            Sequential.of("backbone", stem, stages),
            Conv2d.ofPixels("proj", 16, 8),
            new Rearrangement("", Rearrangement.Kind.IMAGE_TO_TOKENS)),
        1);
  }

  private static Layer bottleneck(String name, int in, int out, int stride) {
    List<Layer> body = new ArrayList<>();
    body.add(new StandardizedConv2d("conv1", in, 8, 1, 1, 0, 1e-8));
    body.add(norm("norm1", 8, true));
    if (stride > 1) {
      body.add(new SamePadding("", 3, 2, 0));
    }
    body.add(new StandardizedConv2d("conv2", 8, 8, 3, stride, stride > 1 ? 0 : 1, 1e-8));
    body.add(norm("norm2", 8, true));
    body.add(new StandardizedConv2d("conv3", 8, out, 1, 1, 0, 1e-8));
    body.add(norm("norm3", out, false));
    Sequential shortcut =
        !name.equals("0")
            ? Sequential.of("downsample")
            : Sequential.of(
                "downsample",
                new StandardizedConv2d("conv", in, out, 1, stride, 0, 1e-8),
                norm("norm", out, false));
    return new Residual(name, Sequential.of("", body), shortcut, Kind.RELU, true, 0);
  }

  private static Layer norm(String name, int channels, boolean activated) {
    GroupNorm norm = new GroupNorm(activated ? "" : name, 2, channels, 1e-5);
    return activated ? Sequential.of(name, norm, new Activation("", Kind.RELU)) : norm;
  }

  private static Network transformer(String name, List<Layer> patches, int depth) {
    List<Layer> blocks = new ArrayList<>();
    for (int block = 0; block < depth; block++) {
      blocks.add(block(Integer.toString(block), 8, 1e-6, new SelfAttention("attn", 8, 2)));
    }
    return network(
        name,
        List.of(
            new TokenEmbedding("", Sequential.of("patch_embed", patches), 4, 4, 8),
            Sequential.of("blocks", blocks),
            new LayerNorm("norm", 8, 1e-6),
            new Rearrangement("", Rearrangement.Kind.FIRST_TOKEN),
            new Linear("head", 8, CLASSES, true)));
  }

  private static Layer block(String name, int channels, double eps, Layer attention) {
    return Sequential.of(
        name,
        Residual.of("", new LayerNorm("norm1", channels, eps), attention),
        Residual.of(
            "",
            new LayerNorm("norm2", channels, eps),
            Sequential.of(
                "mlp",
                new Linear("fc1", channels, 4 * channels, false),
                new Activation("act", Kind.GELU),
                new Linear("fc2", 4 * channels, channels, false))));
  }

  private static Network swin() {
    List<Layer> stages = new ArrayList<>();
    int side = 8;
    int channels = 4;
    for (int stage = 0; stage < 2; stage++) {
      List<Layer> parts = new ArrayList<>();
      if (stage > 0) {
        parts.add(
            Sequential.of(
                "downsample",
                new PatchMerging("", side, side, channels),
                new LayerNorm("norm", 4 * channels, 1e-5),
                new Linear("reduction", 4 * channels, 2 * channels, false, false)));
        side /= 2;
        channels *= 2;
      }
      List<Layer> blocks = new ArrayList<>();
      for (int block = 0; block < 2; block++) {
        Grid grid = Grid.of(side, side, 4, block == 1);
        blocks.add(
            block(
                Integer.toString(block),
                channels,
                1e-5,
                new WindowAttention("attn", channels, stage + 1, grid)));
      }
      parts.add(Sequential.of("blocks", blocks));
      stages.add(Sequential.of(Integer.toString(stage), parts));
    }
    return network(
        "swin",
        List.of(
            Sequential.of(
                "patch_embed",
                new Conv2d("proj", 3, 4, 4, 4, 0, 1, true),
                new Rearrangement("", Rearrangement.Kind.IMAGE_TO_CHANNELS_LAST),
                new LayerNorm("norm", 4, 1e-5)),
            Sequential.of("layers", stages),
            new LayerNorm("norm", channels, 1e-5),
            Sequential.of(
                "head",
                new GlobalAveragePool("global_pool", true),
                new Linear("fc", channels, CLASSES, true))));
  }

  private static Network efficientNet(String name, boolean tensorFlow) {
    int[][] rows = {
      {1, 3, 1, 1},
      {2, 3, 2, 2},
      {2, 5, 2, 1},
      {2, 3, 2, 1},
      {2, 5, 1, 1},
      {2, 5, 1, 1},
      {2, 3, 1, 1}
    };
    List<Layer> layers = new ArrayList<>();
    layers.add(conv("conv_stem", 3, 8, 3, 2, 1, tensorFlow));
    layers.add(activated("bn1", 8, tensorFlow));
    List<Layer> stages = new ArrayList<>();
    for (int[] row : rows) {
      List<Layer> blocks = new ArrayList<>();
      for (int block = 0; block < row[3]; block++) {
        blocks.add(
            inverted(Integer.toString(block), row[0], row[1], block == 0 ? row[2] : 1, tensorFlow));
      }
      stages.add(Sequential.of(Integer.toString(stages.size()), blocks));
    }
    layers.add(Sequential.of("blocks", stages));
    layers.add(Conv2d.of("conv_head", 8, 16, 1, 1));
    layers.add(activated("bn2", 16, tensorFlow));
    layers.add(new GlobalAveragePool("global_pool"));
    layers.add(new Linear("classifier", 16, CLASSES, true));
    return network(name, layers);
  }

  private static Layer inverted(
      String name, int expansion, int kernel, int stride, boolean tensorFlow) {
    int middle = 8 * expansion;
    boolean expands = expansion > 1;
    List<Layer> body = new ArrayList<>();
    if (expands) {
      body.add(Conv2d.of("conv_pw", 8, middle, 1, 1));
      body.add(activated("bn1", middle, tensorFlow));
    }
    body.add(conv("conv_dw", middle, middle, kernel, stride, middle, tensorFlow));
    body.add(activated(expands ? "bn2" : "bn1", middle, tensorFlow));
    body.add(new SqueezeExcite("se", middle, 2));
    body.add(Conv2d.of(expands ? "conv_pwl" : "conv_pw", middle, 8, 1, 1));
    body.add(batchNorm(expands ? "bn3" : "bn2", 8, tensorFlow));
    return stride == 1 ? Residual.of(name, body.toArray(new Layer[0])) : Sequential.of(name, body);
  }

  private static Layer conv(
      String name, int in, int out, int kernel, int stride, int groups, boolean tensorFlow) {
    if (stride == 1 || !tensorFlow) {
      return new Conv2d(name, in, out, kernel, stride, kernel / 2, groups, false);
    }
    return Sequential.of(
        "",
        new SamePadding("", kernel, stride, 0),
        new Conv2d(name, in, out, kernel, stride, 0, groups, false));
  }

  private static Layer activated(String name, int channels, boolean tensorFlow) {
    return Sequential.of(name, batchNorm("", channels, tensorFlow), new Activation("", Kind.SILU));
  }

  private static Layer batchNorm(String name, int channels, boolean tensorFlow) {
    return tensorFlow ? BatchNorm2d.ofTensorFlow(name, channels) : BatchNorm2d.of(name, channels);
  }
}
