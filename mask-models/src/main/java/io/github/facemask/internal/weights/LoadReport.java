package io.github.facemask.internal.weights;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.util.Collection;
import java.util.stream.Collectors;

/**
 * How a file's tensors fit a network's. Names are the network's, but for those of the file that it
 * does not have.
 *
 * @param matched taken from the file
 * @param missing in the network, not in the file
 * @param unexpected in the file, not in the network, or of a shape or type that does not fit; with
 *     the reason
 * @param reshaped taken from the file in another shape or size, with how
 * @param dropped in the file, left out on purpose, with the reason
 * @param filled in the network, given a value that is not the file's, with which
 */
public record LoadReport(
    ImmutableList<String> matched,
    ImmutableList<String> missing,
    ImmutableMap<String, String> unexpected,
    ImmutableMap<String, String> reshaped,
    ImmutableMap<String, String> dropped,
    ImmutableMap<String, String> filled) {

  private static final int SHOWN = 5;

  /** Returns whether every tensor of the network and of the file is accounted for. */
  public boolean complete() {
    return missing.isEmpty() && unexpected.isEmpty();
  }

  /** Returns one line: the counts, and the first names of what is missing or unexpected. */
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
