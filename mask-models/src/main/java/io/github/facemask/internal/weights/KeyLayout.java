package io.github.facemask.internal.weights;

import com.google.common.collect.ImmutableSet;
import io.github.facemask.tensor.HostTensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Renames tensors of older layouts, and lists tensors that need not be loaded. As in timm 1.0.31:
 * {@code swin_transformer.checkpoint_filter_fn} and {@code
 * vision_transformer.checkpoint_filter_fn}.
 */
final class KeyLayout {

  private static final Pattern DOWNSAMPLE = Pattern.compile("layers\\.(\\d{1,4})\\.downsample");

  /**
   * A tensor of old Swin files (timm before 0.8, or from Swin's authors), where the first stage
   * ends with downsampling.
   */
  private static final String OLD_SWIN = "layers.0.downsample.reduction.weight";

  /** The names of the classifier in timm's families and their older files. */
  private static final ImmutableSet<String> HEADS =
      ImmutableSet.of("fc", "classifier", "head", "head.fc");

  private KeyLayout() {}

  /** Returns the tensors with current names, in the same order. */
  static Map<String, HostTensor> renamed(Map<String, HostTensor> tensors) {
    if (!tensors.containsKey(OLD_SWIN)) {
      return tensors;
    }
    Map<String, HostTensor> renamed = new LinkedHashMap<>();
    tensors.forEach((name, tensor) -> renamed.put(newSwinName(name), tensor));
    return renamed;
  }

  /** Returns the reason why a tensor of a file is dropped, or null if it is kept. */
  static String droppedBecause(String name) {
    if (name.endsWith("relative_position_index") || name.endsWith("attn_mask")) {
      return "derived from the architecture";
    }
    if (name.startsWith("pre_logits.")) {
      return "a layer before the head that no model of today has";
    }
    return null;
  }

  /** Returns whether a name belongs to a classifier of any network. */
  static boolean isSomeHead(String name) {
    int dot = name.lastIndexOf('.');
    return dot > 0 && HEADS.contains(name.substring(0, dot));
  }

  private static String newSwinName(String name) {
    Matcher matcher = DOWNSAMPLE.matcher(name);
    if (matcher.find()) {
      int stage = Integer.parseInt(matcher.group(1));
      return matcher.replaceFirst("layers." + (stage + 1) + ".downsample");
    }
    return name.startsWith("head.") && !name.startsWith("head.fc.")
        ? "head.fc." + name.substring(5)
        : name;
  }
}
