package io.github.facemask.backbone;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import io.github.facemask.network.Activation;
import io.github.facemask.network.Activation.Kind;
import io.github.facemask.network.Attention.WindowAttention;
import io.github.facemask.network.Attention.WindowAttention.Grid;
import io.github.facemask.network.Conv2d;
import io.github.facemask.network.Layer;
import io.github.facemask.network.Linear;
import io.github.facemask.network.Network;
import io.github.facemask.network.Normalization.LayerNorm;
import io.github.facemask.network.Pooling.GlobalAveragePool;
import io.github.facemask.network.Residual;
import io.github.facemask.network.Sequential;
import io.github.facemask.network.TokenLayer.PatchMerging;
import io.github.facemask.network.TokenLayer.Rearrangement;
import io.github.facemask.preprocessing.Preprocessing;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Builds Swin transformers with timm's names (timm/models/swin_transformer.py). Between the patch
 * embedding and the head, features are (B, H, W, C).
 *
 * <p>Other input sizes keep the window size. Windows shrink only where the features are smaller
 * than a window; the bias tables then have other shapes, too.
 */
enum Swin {
  TINY_PATCH4_WINDOW7_224(96, 6, 7),
  SMALL_PATCH4_WINDOW7_224(96, 18, 7),
  BASE_PATCH4_WINDOW7_224(128, 18, 7),
  BASE_PATCH4_WINDOW12_384(128, 18, 12),
  LARGE_PATCH4_WINDOW7_224(192, 18, 7),
  LARGE_PATCH4_WINDOW12_384(192, 18, 12);

  private static final int PATCH = 4;
  private static final int HEAD_FEATURES = 32;
  private static final double EPS = 1e-5;

  private final int features;
  private final ImmutableList<Integer> depths;
  private final int window;

  Swin(int features, int thirdDepth, int window) {
    this.features = features;
    this.depths = ImmutableList.of(2, 2, thirdDepth, 2);
    this.window = window;
  }

  /** Returns timm's name without tag, for instance {@code "swin_tiny_patch4_window7_224"}. */
  public String architecture() {
    return "swin_" + name().toLowerCase(Locale.ROOT);
  }

  /**
   * Describes the network.
   *
   * @param classes the number of logits
   * @param preprocessing the preprocessing; the input size must be a multiple of 4
   * @return the description
   */
  public Network network(int classes, Preprocessing preprocessing) {
    checkArgument(
        preprocessing.height() % PATCH == 0 && preprocessing.width() % PATCH == 0,
        "%s has input size %s x %s, expected multiples of %s",
        architecture(),
        preprocessing.height(),
        preprocessing.width(),
        PATCH);
    int height = preprocessing.height() / PATCH;
    int width = preprocessing.width() / PATCH;
    List<Layer> layers = new ArrayList<>();
    layers.add(
        Sequential.of(
            "patch_embed",
            new Conv2d("proj", 3, features, PATCH, PATCH, 0, 1, true),
            new Rearrangement("", Rearrangement.Kind.IMAGE_TO_CHANNELS_LAST),
            new LayerNorm("norm", features, EPS)));
    List<Layer> stages = new ArrayList<>();
    int channels = features;
    int blocksBefore = 0;
    int last = depths.stream().mapToInt(Integer::intValue).sum() - 1;
    for (int stage = 0; stage < depths.size(); stage++) {
      List<Layer> parts = new ArrayList<>();
      if (stage > 0) {
        parts.add(downsample(height, width, channels));
        height = (height + 1) / 2;
        width = (width + 1) / 2;
        channels *= 2;
      }
      List<Layer> blocks = new ArrayList<>();
      for (int block = 0; block < depths.get(stage); block++) {
        Grid grid = Grid.of(height, width, window, block % 2 == 1);
        double share = (double) blocksBefore++ / last;
        blocks.add(block(Integer.toString(block), channels, grid, share));
      }
      parts.add(Sequential.of("blocks", blocks));
      stages.add(Sequential.of(Integer.toString(stage), parts));
    }
    layers.add(Sequential.of("layers", stages));
    layers.add(new LayerNorm("norm", channels, EPS));
    layers.add(
        Sequential.of(
            "head",
            new GlobalAveragePool("global_pool", true),
            new Linear("fc", channels, classes, true)));
    return new Network(architecture(), Sequential.of("", layers), classes, preprocessing);
  }

  private static Layer downsample(int height, int width, int channels) {
    return Sequential.of(
        "downsample",
        new PatchMerging("", height, width, channels),
        new LayerNorm("norm", 4 * channels, EPS),
        new Linear("reduction", 4 * channels, 2 * channels, false, false));
  }

  private static Layer block(String name, int channels, Grid grid, double dropPath) {
    return Sequential.of(
        name,
        Residual.of(
                "",
                new LayerNorm("norm1", channels, EPS),
                new WindowAttention("attn", channels, channels / HEAD_FEATURES, grid))
            .withDropPath(dropPath),
        Residual.of(
                "",
                new LayerNorm("norm2", channels, EPS),
                Sequential.of(
                    "mlp",
                    new Linear("fc1", channels, 4 * channels, false),
                    new Activation("act", Kind.GELU),
                    new Linear("fc2", 4 * channels, channels, false)))
            .withDropPath(dropPath));
  }
}
