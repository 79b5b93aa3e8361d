package io.github.facemask.internal.weights;

import com.google.common.collect.ImmutableList;
import io.github.facemask.internal.weights.KeyLayout.Rule;
import io.github.facemask.network.Network;
import io.github.facemask.network.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The layouts of files that hold the same numbers as timm's under other names: torchvision 0.22,
 * Swin's authors, the original release of ViT, Hugging Face's transformers, efficientnet-pytorch.
 */
final class KeyLayouts {

  private static final String TORCHVISION = "torchvision";
  private static final String TRANSFORMERS = "Hugging Face's transformers";

  private static final List<Rule> MICROSOFT_SWIN =
      List.of(
          Rule.computed(
              "layers\\.(\\d{1,4})\\.downsample\\.(.+)",
              m -> "layers." + (number(m, 1) - 1) + ".downsample." + m.group(2)),
          Rule.of("head\\.fc\\.(.+)", "head.$1"),
          Rule.of("((?:patch_embed|layers|norm)\\..+)", "$1"));

  private static final List<Rule> TORCHVISION_SWIN =
      List.of(
          Rule.of("patch_embed\\.proj\\.(.+)", "features.0.0.$1"),
          Rule.of("patch_embed\\.norm\\.(.+)", "features.0.2.$1"),
          Rule.computed(
              "layers\\.(\\d{1,4})\\.blocks\\.(\\d{1,4})\\.mlp\\.fc([12])\\.(.+)",
              m -> stage(m) + (number(m, 3) == 1 ? ".mlp.0." : ".mlp.3.") + m.group(4)),
          Rule.computed(
              "layers\\.(\\d{1,4})\\.blocks\\.(\\d{1,4})\\.(.+)", m -> stage(m) + "." + m.group(3)),
          Rule.computed(
              "layers\\.(\\d{1,4})\\.downsample\\.(.+)",
              m -> "features." + 2 * number(m, 1) + "." + m.group(2)),
          Rule.of("norm\\.(.+)", "norm.$1"),
          Rule.of("head\\.fc\\.(.+)", "head.$1"));

  private static final List<Rule> SEQUENTIAL_RESNET =
      List.of(
          Rule.of("conv1\\.(.+)", "0.$1"),
          Rule.of("bn1\\.(.+)", "1.$1"),
          Rule.computed("layer(\\d{1,4})\\.(.+)", m -> number(m, 1) + 3 + "." + m.group(2)),
          Rule.of("fc\\.(.+)", "9.$1"));

  private static final List<Rule> TORCHVISION_EFFICIENTNET = torchvisionEfficientNet();

  private static final List<Rule> TRANSFORMERS_RESNET = transformersResNet();

  private static final List<Rule> TRANSFORMERS_SWIN = transformersSwin();

  private static final List<Rule> TRANSFORMERS_VIT =
      List.of(
          Rule.of("cls_token", "embeddings.cls_token"),
          Rule.of("pos_embed", "embeddings.position_embeddings"),
          Rule.of("patch_embed\\.proj\\.(.+)", "embeddings.patch_embeddings.projection.$1"),
          Rule.of("blocks\\.(\\d+)\\.norm1\\.(.+)", "encoder.layer.$1.layernorm_before.$2"),
          queryKeyValue(
              "blocks\\.(\\d+)\\.attn\\.qkv\\.(weight|bias)",
              m -> "encoder.layer." + m.group(1) + ".attention.attention.",
              2),
          Rule.of(
              "blocks\\.(\\d+)\\.attn\\.proj\\.(.+)", "encoder.layer.$1.attention.output.dense.$2"),
          Rule.of("blocks\\.(\\d+)\\.norm2\\.(.+)", "encoder.layer.$1.layernorm_after.$2"),
          Rule.of("blocks\\.(\\d+)\\.mlp\\.fc1\\.(.+)", "encoder.layer.$1.intermediate.dense.$2"),
          Rule.of("blocks\\.(\\d+)\\.mlp\\.fc2\\.(.+)", "encoder.layer.$1.output.dense.$2"),
          Rule.of("norm\\.(.+)", "layernorm.$1"),
          Rule.of("head\\.(.+)", "classifier.$1"));

  private KeyLayouts() {}

  /** Returns the layouts that fit a network's names, timm's first. */
  static ImmutableList<KeyLayout> of(Network network) {
    ImmutableList.Builder<KeyLayout> all = ImmutableList.builder();
    all.add(KeyLayout.timm(network));
    List<KeyLayout> others = new ArrayList<>();
    others.add(KeyLayout.of(network, "Microsoft's Swin", "", MICROSOFT_SWIN));
    others.add(KeyLayout.of(network, TORCHVISION, "", TORCHVISION_SWIN));
    others.add(KeyLayout.of(network, TORCHVISION, "", torchvisionVit("mlp.0", "mlp.3")));
    others.add(
        KeyLayout.of(network, TORCHVISION, "", torchvisionVit("mlp.linear_1", "mlp.linear_2")));
    others.add(
        KeyLayout.of(
            network,
            TORCHVISION,
            "torchvision's EfficientNet pads photos evenly and its norms have another epsilon, so"
                + " train before you use the features",
            TORCHVISION_EFFICIENTNET));
    others.add(KeyLayout.of(network, "efficientnet-pytorch", "", efficientNetPytorch(network)));
    others.add(
        KeyLayout.of(network, "nn.Sequential of a ResNet's children", "", SEQUENTIAL_RESNET));
    others.add(KeyLayout.of(network, TRANSFORMERS, "", TRANSFORMERS_VIT));
    others.add(KeyLayout.of(network, TRANSFORMERS, "", TRANSFORMERS_SWIN));
    others.add(KeyLayout.of(network, TRANSFORMERS, "", TRANSFORMERS_RESNET));
    others.add(KeyLayout.of(network, "original JAX", "", JaxVit.ORIGINAL));
    others.add(KeyLayout.of(network, "JAX of big_vision", "", JaxVit.BIG_VISION));
    others.stream().filter(layout -> layout != null).forEach(all::add);
    return all.build();
  }

  static int number(MatchResult match, int group) {
    return Integer.parseInt(match.group(group));
  }

  static Rule queryKeyValue(String pattern, Function<MatchResult, String> before, int kind) {
    return new Rule(
        Pattern.compile(pattern),
        m ->
            List.of(
                before.apply(m) + "query." + m.group(kind),
                before.apply(m) + "key." + m.group(kind),
                before.apply(m) + "value." + m.group(kind)),
        Arrangement.STACKED);
  }

  private static String stage(MatchResult match) {
    return "features." + (2 * number(match, 1) + 1) + "." + match.group(2);
  }

  private static List<Rule> torchvisionVit(String first, String second) {
    String block = "blocks\\.(\\d+)\\.";
    String layer = "encoder.layers.encoder_layer_$1.";
    return List.of(
        Rule.of("cls_token", "class_token"),
        Rule.of("pos_embed", "encoder.pos_embedding"),
        Rule.of("patch_embed\\.proj\\.(.+)", "conv_proj.$1"),
        Rule.of(block + "norm([12])\\.(.+)", layer + "ln_$2.$3"),
        Rule.of(block + "attn\\.qkv\\.(.+)", layer + "self_attention.in_proj_$2"),
        Rule.of(block + "attn\\.proj\\.(.+)", layer + "self_attention.out_proj.$2"),
        Rule.of(block + "mlp\\.fc1\\.(.+)", layer + first + ".$2"),
        Rule.of(block + "mlp\\.fc2\\.(.+)", layer + second + ".$2"),
        Rule.of("norm\\.(.+)", "encoder.ln.$1"),
        Rule.of("head\\.(.+)", "heads.head.$1"));
  }

  private static List<Rule> torchvisionEfficientNet() {
    List<Rule> rules = new ArrayList<>();
    rules.add(Rule.of("conv_stem\\.(.+)", "features.0.0.$1"));
    rules.add(Rule.of("bn1\\.(.+)", "features.0.1.$1"));
    rules.add(Rule.of("conv_head\\.(.+)", "features.8.0.$1"));
    rules.add(Rule.of("bn2\\.(.+)", "features.8.1.$1"));
    rules.add(Rule.of("classifier\\.(.+)", "classifier.1.$1"));
    Map<String, String> first =
        Map.of(
            "conv_dw",
            "0.0",
            "bn1",
            "0.1",
            "se\\.conv_reduce",
            "1.fc1",
            "se\\.conv_expand",
            "1.fc2",
            "conv_pw",
            "2.0",
            "bn2",
            "2.1");
    first.forEach(
        (timm, theirs) ->
            rules.add(
                Rule.of(
                    "blocks\\.0\\.(\\d+)\\." + timm + "\\.(.+)",
                    "features.1.$1.block." + theirs + ".$2")));
    Map<String, String> others =
        Map.of(
            "conv_pw",
            "0.0",
            "bn1",
            "0.1",
            "conv_dw",
            "1.0",
            "bn2",
            "1.1",
            "se\\.conv_reduce",
            "2.fc1",
            "se\\.conv_expand",
            "2.fc2",
            "conv_pwl",
            "3.0",
            "bn3",
            "3.1");
    others.forEach(
        (timm, theirs) ->
            rules.add(
                Rule.computed(
                    "blocks\\.([1-6])\\.(\\d+)\\." + timm + "\\.(.+)",
                    m ->
                        "features."
                            + (number(m, 1) + 1)
                            + "."
                            + m.group(2)
                            + ".block."
                            + theirs
                            + "."
                            + m.group(3))));
    return List.copyOf(rules);
  }

  /** The names of efficientnet-pytorch, which counts the blocks of all stages together. */
  private static List<Rule> efficientNetPytorch(Network network) {
    Map<Integer, Integer> blocks = new TreeMap<>();
    Pattern pattern = Pattern.compile("blocks\\.(\\d{1,4})\\.(\\d{1,4})\\..+");
    for (TensorSpec spec : network.tensors()) {
      Matcher matcher = pattern.matcher(spec.name());
      if (matcher.matches()) {
        blocks.merge(number(matcher, 1), number(matcher, 2) + 1, Math::max);
      }
    }
    List<Rule> rules = new ArrayList<>();
    rules.add(Rule.of("conv_stem\\.(.+)", "_conv_stem.$1"));
    rules.add(Rule.of("bn1\\.(.+)", "_bn0.$1"));
    rules.add(Rule.of("conv_head\\.(.+)", "_conv_head.$1"));
    rules.add(Rule.of("bn2\\.(.+)", "_bn1.$1"));
    rules.add(Rule.of("classifier\\.(.+)", "_fc.$1"));
    Map<String, String> first =
        Map.of(
            "conv_dw",
            "_depthwise_conv",
            "bn1",
            "_bn1",
            "se.conv_reduce",
            "_se_reduce",
            "se.conv_expand",
            "_se_expand",
            "conv_pw",
            "_project_conv",
            "bn2",
            "_bn2");
    Map<String, String> others =
        Map.of(
            "conv_pw",
            "_expand_conv",
            "bn1",
            "_bn0",
            "conv_dw",
            "_depthwise_conv",
            "bn2",
            "_bn1",
            "se.conv_reduce",
            "_se_reduce",
            "se.conv_expand",
            "_se_expand",
            "conv_pwl",
            "_project_conv",
            "bn3",
            "_bn2");
    rules.add(
        Rule.computed(
            "blocks\\.(\\d{1,4})\\.(\\d{1,4})\\.((?:se\\.)?\\w+)\\.(.+)",
            m -> {
              int stage = number(m, 1);
              int before =
                  blocks.entrySet().stream()
                      .filter(e -> e.getKey() < stage)
                      .mapToInt(Map.Entry::getValue)
                      .sum();
              String part = (stage == 0 ? first : others).getOrDefault(m.group(3), m.group(3));
              return "_blocks." + (before + number(m, 2)) + "." + part + "." + m.group(4);
            }));
    return rules;
  }

  private static List<Rule> transformersResNet() {
    String block = "layer(\\d{1,4})\\.(\\d{1,4})\\.";
    return List.of(
        Rule.of("conv1\\.(.+)", "embedder.embedder.convolution.$1"),
        Rule.of("bn1\\.(.+)", "embedder.embedder.normalization.$1"),
        Rule.computed(
            block + "(conv|bn)([123])\\.(.+)",
            m ->
                transformersBlock(m)
                    + "layer."
                    + (number(m, 4) - 1)
                    + (m.group(3).equals("bn") ? ".normalization." : ".convolution.")
                    + m.group(5)),
        Rule.computed(
            block + "downsample\\.([01])\\.(.+)",
            m ->
                transformersBlock(m)
                    + (number(m, 3) == 1 ? "shortcut.normalization." : "shortcut.convolution.")
                    + m.group(4)),
        Rule.of("fc\\.(.+)", "classifier.1.$1"));
  }

  private static String transformersBlock(MatchResult match) {
    return "encoder.stages." + (number(match, 1) - 1) + ".layers." + match.group(2) + ".";
  }

  private static List<Rule> transformersSwin() {
    String block = "layers\\.(\\d{1,4})\\.blocks\\.(\\d{1,4})\\.";
    String layer = "encoder.layers.$1.blocks.$2.";
    return List.of(
        Rule.of("patch_embed\\.proj\\.(.+)", "embeddings.patch_embeddings.projection.$1"),
        Rule.of("patch_embed\\.norm\\.(.+)", "embeddings.norm.$1"),
        Rule.of(block + "norm1\\.(.+)", layer + "layernorm_before.$3"),
        Rule.of(block + "norm2\\.(.+)", layer + "layernorm_after.$3"),
        queryKeyValue(
            block + "attn\\.qkv\\.(weight|bias)",
            m -> "encoder.layers." + m.group(1) + ".blocks." + m.group(2) + ".attention.self.",
            3),
        Rule.of(block + "attn\\.(relative_position_bias_table)", layer + "attention.self.$3"),
        Rule.of(block + "attn\\.proj\\.(.+)", layer + "attention.output.dense.$3"),
        Rule.of(block + "mlp\\.fc1\\.(.+)", layer + "intermediate.dense.$3"),
        Rule.of(block + "mlp\\.fc2\\.(.+)", layer + "output.dense.$3"),
        Rule.computed(
            "layers\\.(\\d{1,4})\\.downsample\\.(.+)",
            m -> "encoder.layers." + (number(m, 1) - 1) + ".downsample." + m.group(2)),
        Rule.of("norm\\.(.+)", "layernorm.$1"),
        Rule.of("head\\.fc\\.(.+)", "classifier.$1"));
  }
}
