package io.github.facemask.backbone;

import com.google.common.collect.ImmutableList;
import io.github.facemask.network.Activation;
import io.github.facemask.network.Activation.Kind;
import io.github.facemask.network.Attention.SelfAttention;
import io.github.facemask.network.Layer;
import io.github.facemask.network.Linear;
import io.github.facemask.network.Network;
import io.github.facemask.network.Normalization.LayerNorm;
import io.github.facemask.network.Residual;
import io.github.facemask.network.Sequential;
import io.github.facemask.network.TokenLayer.Rearrangement;
import io.github.facemask.network.TokenLayer.TokenEmbedding;
import io.github.facemask.preprocessing.Preprocessing;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Builds vision transformers with timm's names (timm/models/vision_transformer.py and
 * vision_transformer_hybrid.py): norms come before attention and MLP, the logits are computed from
 * the class token. Another input size gives another number of position embeddings.
 */
enum VisionTransformer {
  TINY_PATCH16_224(192, new PixelPatches(16)),
  TINY_PATCH16_384(192, new PixelPatches(16)),
  SMALL_PATCH16_224(384, new PixelPatches(16)),
  SMALL_PATCH16_384(384, new PixelPatches(16)),
  BASE_PATCH16_224(768, new PixelPatches(16)),
  BASE_PATCH16_384(768, new PixelPatches(16)),
  BASE_R50_S16_384(768, new ResNetPatches(ImmutableList.of(3, 4, 9))),
  SMALL_R26_S32_384(384, new ResNetPatches(ImmutableList.of(2, 2, 2, 2)));

  private static final int DEPTH = 12;
  private static final int HEAD_FEATURES = 64;
  private static final double EPS = 1e-6;

  private final int features;
  private final PatchSource patches;

  VisionTransformer(int features, PatchSource patches) {
    this.features = features;
    this.patches = patches;
  }

  /** Returns timm's name without tag, for instance {@code "vit_tiny_patch16_224"}. */
  public String architecture() {
    return "vit_" + name().toLowerCase(Locale.ROOT);
  }

  /**
   * Describes the network.
   *
   * @param classes the number of logits
   * @param preprocessing the preprocessing
   * @return the description
   * @throws IllegalArgumentException if patches do not fit the input size
   */
  public Network network(int classes, Preprocessing preprocessing) {
    int rows = patches.along(preprocessing.height());
    int columns = patches.along(preprocessing.width());
    List<Layer> embedding = new ArrayList<>(patches.layers(features));
    embedding.add(new Rearrangement("", Rearrangement.Kind.IMAGE_TO_TOKENS));
    List<Layer> blocks = new ArrayList<>();
    for (int block = 0; block < DEPTH; block++) {
      blocks.add(block(Integer.toString(block), (double) block / (DEPTH - 1)));
    }
    Sequential layers =
        Sequential.of(
            "",
            new TokenEmbedding(
                "", Sequential.of("patch_embed", embedding), rows, columns, features),
            Sequential.of("blocks", blocks),
            new LayerNorm("norm", features, EPS),
            new Rearrangement("", Rearrangement.Kind.FIRST_TOKEN),
            new Linear("head", features, classes, true));
    return new Network(architecture(), layers, classes, preprocessing);
  }

  private Layer block(String name, double dropPath) {
    return Sequential.of(
        name,
        Residual.of(
                "",
                new LayerNorm("norm1", features, EPS),
                new SelfAttention("attn", features, features / HEAD_FEATURES))
            .withDropPath(dropPath),
        Residual.of(
                "",
                new LayerNorm("norm2", features, EPS),
                Sequential.of(
                    "mlp",
                    new Linear("fc1", features, 4 * features, false),
                    new Activation("act", Kind.GELU),
                    new Linear("fc2", 4 * features, features, false)))
            .withDropPath(dropPath));
  }
}
