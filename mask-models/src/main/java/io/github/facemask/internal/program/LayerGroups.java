package io.github.facemask.internal.program;

import com.google.common.collect.ImmutableMap;
import io.github.facemask.network.Network;
import io.github.facemask.network.TensorSpec;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Assigns each trainable tensor to a part of its network, counted from the input, like timm's
 * group_matcher. The stem is 0, the head is the last. Layers between the last stage and the head
 * mostly belong to that stage.
 */
public enum LayerGroups {
  /** A group for each stage of an image network or block of a vision transformer. */
  STAGES("(layer\\d+|layers\\.\\d+|blocks\\.\\d+)\\..*"),
  /** A group for each block. */
  BLOCKS("(layer\\d+\\.\\d+|layers\\.\\d+\\.blocks\\.\\d+|blocks\\.\\d+(?:\\.\\d+)?)\\..*");

  private static final Pattern STEM =
      Pattern.compile("(conv1|bn1|conv_stem|cls_token|pos_embed|patch_embed)(\\..*)?");
  private static final Pattern TAIL = Pattern.compile("(norm|bn2|conv_head)\\..*");

  /** Swin downsamples before a stage's first block; timm counts both as one group. */
  private static final Pattern DOWNSAMPLE = Pattern.compile("(layers\\.\\d+)\\.downsample\\..*");

  private final Pattern group;

  LayerGroups(String group) {
    this.group = Pattern.compile(group);
  }

  /**
   * Returns the group of each trainable tensor.
   *
   * @param network the network
   * @return the groups by dotted name, from 0 without gaps, in the network's order
   */
  public ImmutableMap<String, Integer> of(Network network) {
    ImmutableMap.Builder<String, Integer> groups = ImmutableMap.builder();
    String current = "stem";
    int number = 0;
    for (TensorSpec spec : network.tensors()) {
      if (spec.role().isTrainable()) {
        String key = isTail(spec.name(), current) ? current : key(spec.name());
        number += key.equals(current) ? 0 : 1;
        current = key;
        groups.put(spec.name(), number);
      }
    }
    return groups.buildOrThrow();
  }

  /** With stages, timm puts Swin's last norm in the head's group. */
  private boolean isTail(String name, String current) {
    return TAIL.matcher(name).matches() && !(this == STAGES && current.startsWith("layers."));
  }

  private String key(String name) {
    if (STEM.matcher(name).matches()) {
      return "stem";
    }
    Matcher downsample = DOWNSAMPLE.matcher(name);
    if (this == BLOCKS && downsample.matches()) {
      return downsample.group(1) + ".blocks.0";
    }
    Matcher matcher = group.matcher(name);
    return matcher.matches() ? matcher.group(1) : "head";
  }
}
