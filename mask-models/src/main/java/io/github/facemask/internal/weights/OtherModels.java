package io.github.facemask.internal.weights;

import com.google.common.collect.ImmutableList;
import io.github.facemask.network.Network;
import io.github.facemask.network.TensorSpec;
import io.github.facemask.tensor.HostTensor;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Names the model that a file was made for. */
final class OtherModels {

  /** By how much another architecture must fit better. */
  private static final double MARGIN = 0.05;

  private static final double GOOD = 0.9;

  /**
   * A model by the name of one of its tensors.
   *
   * @param tensor a pattern that finds it within a name
   * @param name the model in words, after "looks like"
   */
  private record Signature(Pattern tensor, String name) {

    static Signature of(String tensor, String name) {
      return new Signature(Pattern.compile(tensor), name);
    }
  }

  /** Models that have the names of a ViT and compute something else. */
  private static final List<Signature> VARIANTS =
      List.of(
          Signature.of("(^|\\.)attn\\.q_bias$|(^|\\.)rel_pos_bias\\.", "BEiT"),
          Signature.of("(^|[a-z_]\\.)blocks\\.\\d+\\.attn\\.relative_position_bias_table$", "BEiT"),
          Signature.of(
              "(^|\\.)blocks\\.\\d+\\.(gamma_[12]|ls[12]\\.gamma)$",
              "a ViT with layer scale, such as DINOv2 or DeiT III"),
          Signature.of("(^|\\.)dist_token$", "a distilled DeiT with two class tokens"),
          Signature.of("(^|\\.)(reg_token|register_tokens)$", "a ViT with register tokens"));

  private static final List<Signature> KNOWN =
      List.of(
          Signature.of("transformer\\.resblocks\\.\\d+\\.", "OpenAI's CLIP"),
          Signature.of("vision_model\\.encoder\\.layers\\.\\d+\\.", "CLIP of transformers"),
          Signature.of("denseblock\\d+\\.denselayer", "DenseNet"),
          Signature.of("(^|\\.)Mixed_\\d[a-z]\\.", "Inception"),
          Signature.of("(^|\\.)repeat_\\d\\.\\d+\\.branch", "Inception-ResNet of facenet-pytorch"),
          Signature.of("stages\\.\\d+\\.(blocks\\.)?\\d+\\.(conv_dw|dwconv)\\.", "ConvNeXt"),
          Signature.of("features\\.\\d+\\.\\d+\\.layer_scale$", "torchvision's ConvNeXt"),
          Signature.of("(^|\\.)body\\.\\d+\\.(res|shortcut)_layer\\.", "ArcFace's IR network"),
          Signature.of("layer\\d\\.\\d+\\.se(_module)?\\.", "SE-ResNet"),
          Signature.of("features\\.\\d+\\.conv\\.\\d+\\.\\d+\\.weight$", "MobileNet"),
          Signature.of("classifier\\.6\\.weight$", "VGG or AlexNet"),
          Signature.of("attn\\.cpb_mlp\\.|attn\\.logit_scale$", "Swin V2"),
          Signature.of("bert\\.|encoder\\.layer\\.\\d+\\.attention\\.self\\.", "a language model"),
          Signature.of("(^|\\.)model\\.\\d+\\.(cv\\d|conv)\\.", "YOLO"));

  private static final Pattern ADAPTER =
      Pattern.compile(
          "(^|[._])(lora_(A|B|down|up|embedding_A)|hada_w[12]_[ab]|lokr_w[12])([._]|$)");

  private OtherModels() {}

  /** Returns what a file is that only has the names of these networks, or null. */
  static String variant(Set<String> names) {
    return first(VARIANTS, names);
  }

  /** Returns whether a file has low-rank adapters that are not merged into their model. */
  static boolean hasAdapters(Set<String> names) {
    return names.stream().anyMatch(name -> ADAPTER.matcher(name).find());
  }

  /**
   * Returns the name of the model that a file fits better than a network, or null.
   *
   * @param network the network
   * @param tensors the file's tensors
   * @param catalogue the networks that are known
   */
  static String better(
      Network network, Map<String, HostTensor> tensors, Iterable<Network> catalogue) {
    double own = quality(network, tensors);
    double best = Math.max(GOOD - MARGIN, own) + MARGIN;
    String found = null;
    for (Network other : catalogue) {
      if (!other.architecture().equals(network.architecture())) {
        double quality = quality(other, tensors);
        if (quality > best || (quality == best && found == null)) {
          best = quality;
          found = other.architecture();
        }
      }
    }
    return found;
  }

  /** Returns the name of a model that is in no catalogue, by the names of its tensors, or null. */
  static String known(Set<String> names) {
    return first(KNOWN, names);
  }

  private static String first(List<Signature> signatures, Set<String> names) {
    for (Signature signature : signatures) {
      if (names.stream().anyMatch(name -> signature.tensor.matcher(name).find())) {
        return signature.name;
      }
    }
    return null;
  }

  /** The tensors in both, over the tensors in either; heads and derived tensors do not count. */
  private static double quality(Network network, Map<String, HostTensor> tensors) {
    Set<String> head = network.headNames();
    ImmutableList<TensorSpec> specs = network.tensors();
    List<NameFit> best = NameFit.best(network, head, tensors);
    if (best.isEmpty()) {
      return 0;
    }
    NameFit fit = best.get(0);
    int perEntry = 0;
    for (KeyLayout.Entry entry : fit.layout().entries()) {
      perEntry += head.contains(entry.spec().name()) ? 0 : entry.sources().size() - 1;
    }
    long file =
        tensors.keySet().stream()
            .filter(name -> name.startsWith(fit.prefix()))
            .map(name -> name.substring(fit.prefix().length()))
            .filter(name -> KeyLayout.droppedBecause(name) == null && !KeyLayout.isSomeHead(name))
            .count();
    int backbone = specs.size() - head.size();
    return fit.shaped() / (double) (backbone + Math.max(0, file - perEntry - fit.shaped()));
  }
}
