package io.github.facemask.internal.weights;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.util.Collection;
import java.util.stream.Collectors;

/**
 * The comparison of a file's tensors with those of a network. Names are the network's, except for
 * tensors that only the file has.
 *
 * @param matched taken from the file
 * @param missing in the network, not in the file
 * @param unexpected in the file, but not in the network or of the wrong shape or type; with the
 *     reason
 * @param reshaped taken from the file in another shape or size, with the conversion
 * @param dropped in the file, but dropped on purpose, with the reason
 * @param filled in the network, with a value that is not from the file, and its source
 */
public record LoadReport(
    ImmutableList<String> matched,
    ImmutableList<String> missing,
    ImmutableMap<String, String> unexpected,
    ImmutableMap<String, String> reshaped,
    ImmutableMap<String, String> dropped,
    ImmutableMap<String, String> filled) {

  private static final int SHOWN = 5;

  /** Returns whether no tensor is missing or unexpected. */
  public boolean complete() {
    return missing.isEmpty() && unexpected.isEmpty();
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
