package io.github.facemask.internal.weights;

import io.github.facemask.internal.weights.KeyLayout.Rule;
import java.util.List;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The names of ViT's original release in JAX (Dosovitskiy et al., 2020, and its hybrids with a
 * ResNet), and of its successor big_vision; as timm 1.0.31 maps them ({@code
 * vision_transformer._load_weights}).
 */
final class JaxVit {

  static final List<Rule> ORIGINAL =
      rules(
          "Transformer/posembed_input/pos_embedding",
          "MultiHeadDotProductAttention_1/",
          "LayerNorm_2/",
          "MlpBlock_3/");

  static final List<Rule> BIG_VISION =
      rules("pos_embedding", "MultiHeadDotProductAttention_0/", "LayerNorm_1/", "MlpBlock_0/");

  private JaxVit() {}

  private static List<Rule> rules(
      String positions, String attention, String secondNorm, String mlp) {
    String block = "blocks\\.(\\d+)\\.";
    String encoder = "Transformer/encoderblock_$1/";
    String stage = "patch_embed\\.backbone\\.stages\\.(\\d{1,4})\\.blocks\\.(\\d{1,4})\\.";
    return List.of(
        Rule.of("cls_token", "cls"),
        Rule.of("pos_embed", positions),
        Rule.of("patch_embed\\.proj\\.weight", "embedding/kernel", Arrangement.CONV_KERNEL),
        Rule.of("patch_embed\\.proj\\.bias", "embedding/bias"),
        Rule.of(block + "norm1\\.weight", encoder + "LayerNorm_0/scale"),
        Rule.of(block + "norm1\\.bias", encoder + "LayerNorm_0/bias"),
        Rule.of(block + "norm2\\.weight", encoder + secondNorm + "scale"),
        Rule.of(block + "norm2\\.bias", encoder + secondNorm + "bias"),
        heads(attention, "weight", "/kernel", Arrangement.HEADS_KERNEL),
        heads(attention, "bias", "/bias", Arrangement.FLAT),
        Rule.of(
            block + "attn\\.proj\\.weight",
            encoder + attention + "out/kernel",
            Arrangement.DENSE_KERNEL),
        Rule.of(block + "attn\\.proj\\.bias", encoder + attention + "out/bias"),
        dense(mlp, 1, "weight", "/kernel", Arrangement.DENSE_KERNEL),
        dense(mlp, 1, "bias", "/bias", Arrangement.SAME),
        dense(mlp, 2, "weight", "/kernel", Arrangement.DENSE_KERNEL),
        dense(mlp, 2, "bias", "/bias", Arrangement.SAME),
        Rule.of("norm\\.weight", "Transformer/encoder_norm/scale"),
        Rule.of("norm\\.bias", "Transformer/encoder_norm/bias"),
        Rule.of("head\\.weight", "head/kernel", Arrangement.DENSE_KERNEL),
        Rule.of("head\\.bias", "head/bias"),
        Rule.of(
            "patch_embed\\.backbone\\.stem\\.conv\\.weight",
            "conv_root/kernel",
            Arrangement.CONV_KERNEL),
        Rule.of("patch_embed\\.backbone\\.stem\\.norm\\.weight", "gn_root/scale", Arrangement.FLAT),
        Rule.of("patch_embed\\.backbone\\.stem\\.norm\\.bias", "gn_root/bias", Arrangement.FLAT),
        unit(stage + "conv([123])\\.weight", m -> "conv" + m.group(3) + "/kernel", true),
        unit(stage + "norm([123])\\.weight", m -> "gn" + m.group(3) + "/scale", false),
        unit(stage + "norm([123])\\.bias", m -> "gn" + m.group(3) + "/bias", false),
        unit(stage + "downsample\\.conv\\.weight", m -> "conv_proj/kernel", true),
        unit(stage + "downsample\\.norm\\.weight", m -> "gn_proj/scale", false),
        unit(stage + "downsample\\.norm\\.bias", m -> "gn_proj/bias", false));
  }

  private static Rule heads(String attention, String timm, String jax, Arrangement arrangement) {
    return new Rule(
        Pattern.compile("blocks\\.(\\d+)\\.attn\\.qkv\\." + timm),
        m -> {
          String path = "Transformer/encoderblock_" + m.group(1) + "/" + attention;
          return List.of(path + "query" + jax, path + "key" + jax, path + "value" + jax);
        },
        arrangement);
  }

  private static Rule dense(
      String mlp, int layer, String timm, String jax, Arrangement arrangement) {
    return Rule.of(
        "blocks\\.(\\d+)\\.mlp\\.fc" + layer + "\\." + timm,
        "Transformer/encoderblock_$1/" + mlp + "Dense_" + (layer - 1) + jax,
        arrangement);
  }

  private static Rule unit(String pattern, Function<MatchResult, String> part, boolean kernel) {
    return new Rule(
        Pattern.compile(pattern),
        m ->
            List.of(
                "block"
                    + (KeyLayouts.number(m, 1) + 1)
                    + "/unit"
                    + (KeyLayouts.number(m, 2) + 1)
                    + "/"
                    + part.apply(m)),
        kernel ? Arrangement.CONV_KERNEL : Arrangement.FLAT);
  }
}
