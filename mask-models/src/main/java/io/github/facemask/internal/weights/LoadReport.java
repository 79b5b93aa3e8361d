package io.github.facemask.internal.weights;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.nio.file.Path;
import java.util.Collection;
import java.util.stream.Collectors;

/**
 * The comparison of a file's tensors with those of a network. Names are the network's, except for
 * tensors that only the file has.
 *
 * @param source where the tensors are from, and how their names were read
 * @param counts how many tensors and numbers of the backbone matched
 * @param matched taken from the file
 * @param missing in the network, not in the file
 * @param unexpected in the file, but not in the network or of the wrong shape or type; with the
 *     reason
 * @param reshaped taken from the file in another shape or size, with the conversion
 * @param dropped in the file, but dropped on purpose, with the reason
 * @param filled in the network, with a value that is not from the file, and its source
 * @param notes what else a user should know, each a sentence
 */
public record LoadReport(
    Source source,
    Counts counts,
    ImmutableList<String> matched,
    ImmutableList<String> missing,
    ImmutableMap<String, String> unexpected,
    ImmutableMap<String, String> reshaped,
    ImmutableMap<String, String> dropped,
    ImmutableMap<String, String> filled,
    ImmutableList<String> notes) {

  private static final int SHOWN = 5;

  /**
   * Where the tensors are from.
   *
   * @param file the file
   * @param files every file that was read: the file itself, or an index and its shards
   * @param form the file's form
   * @param dictionary the checkpoint's key, for instance {@code "state_dict_ema"}; empty if the
   *     tensors are at the top
   * @param prefix what was taken off the names, for instance {@code "module.backbone."}; empty if
   *     nothing was
   * @param layout whose names the file has, for instance {@code "timm"} or {@code "torchvision"}
   */
  public record Source(
      Path file,
      ImmutableList<Path> files,
      WeightForm form,
      String dictionary,
      String prefix,
      String layout) {}

  /**
   * How much of the backbone is from the file. The head is not counted.
   *
   * @param matchedTensors the backbone's tensors that are from the file
   * @param matchedNumbers the numbers in them
   * @param tensors all tensors of the backbone
   * @param numbers the numbers in them
   */
  public record Counts(int matchedTensors, long matchedNumbers, int tensors, long numbers) {}

  /** Returns whether no tensor is missing or unexpected. */
  public boolean complete() {
    return missing.isEmpty() && unexpected.isEmpty();
  }

  /**
   * Returns the share of the backbone's numbers that are from the file, 0 to 1; the head is not
   * counted. It is 1 for a network that is only a head.
   */
  public double matchedShare() {
    return counts.numbers == 0 ? 1 : (double) counts.matchedNumbers / counts.numbers;
  }

  /** Returns one line with the counts and the first names of missing or unexpected tensors. */
  public String summary() {
    StringBuilder text = new StringBuilder();
    text.append(matched.size()).append(" tensors matched");
    append(text, missing.size(), "missing", missing);
    append(
        text,
        unexpected.size(),
        "unexpected",
        unexpected.entrySet().stream().map(e -> e.getKey() + ": " + e.getValue()).toList());
    append(text, reshaped.size(), "reshaped", reshaped.keySet());
    append(text, dropped.size(), "dropped", dropped.keySet());
    append(text, filled.size(), "filled", filled.keySet());
    return text.toString();
  }

  private static void append(StringBuilder text, int count, String what, Collection<String> names) {
    if (count > 0) {
      text.append(", ").append(count).append(' ').append(what).append(" (");
      text.append(names.stream().limit(SHOWN).collect(Collectors.joining(", ")));
      text.append(count > SHOWN ? ", ...)" : ")");
    }
  }
}
