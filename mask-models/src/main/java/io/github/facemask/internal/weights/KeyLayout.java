package io.github.facemask.internal.weights;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.github.facemask.network.Network;
import io.github.facemask.network.TensorSpec;
import java.util.List;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names under which files of one origin have a network's tensors.
 *
 * @param name the origin, for instance {@code "torchvision"}
 * @param note what a user should know about a load from there; may be empty
 * @param entries one for each tensor of the network, in its order
 */
record KeyLayout(String name, String note, ImmutableList<Entry> entries) {

  /**
   * A tensor of the network.
   *
   * @param spec the network's tensor
   * @param sources the names of the file's tensors, usually one
   * @param arrangement how the file's tensors hold its numbers
   */
  record Entry(TensorSpec spec, ImmutableList<String> sources, Arrangement arrangement) {}

  /** Names the file's tensors of all of the network's tensors that fit a pattern. */
  record Rule(
      Pattern pattern, Function<MatchResult, List<String>> sources, Arrangement arrangement) {

    /** A rule whose source is a replacement of {@link Matcher#replaceFirst(String)}. */
    static Rule of(String pattern, String source) {
      return of(pattern, source, Arrangement.SAME);
    }

    static Rule of(String pattern, String source, Arrangement arrangement) {
      Pattern compiled = Pattern.compile(pattern);
      return new Rule(
          compiled, m -> List.of(compiled.matcher(m.group()).replaceFirst(source)), arrangement);
    }

    static Rule computed(String pattern, Function<MatchResult, String> source) {
      return new Rule(Pattern.compile(pattern), m -> List.of(source.apply(m)), Arrangement.SAME);
    }
  }

  /** The names of the classifier in many families and their older files. */
  private static final ImmutableSet<String> HEADS =
      ImmutableSet.of(
          "fc", "classifier", "head", "head.fc", "heads.head", "classifier.1", "last_linear");

  /** The network's own names. */
  static KeyLayout timm(Network network) {
    return new KeyLayout(
        "timm",
        "",
        network.tensors().stream()
            .map(spec -> new Entry(spec, ImmutableList.of(spec.name()), Arrangement.SAME))
            .collect(ImmutableList.toImmutableList()));
  }

  /** Returns the layout of some rules, the first that fits each name; null if one fits none. */
  static KeyLayout of(Network network, String name, String note, List<Rule> rules) {
    ImmutableList.Builder<Entry> entries = ImmutableList.builder();
    for (TensorSpec spec : network.tensors()) {
      Entry entry = entry(spec, rules);
      if (entry == null) {
        return null;
      }
      entries.add(entry);
    }
    return new KeyLayout(name, note, entries.build());
  }

  private static Entry entry(TensorSpec spec, List<Rule> rules) {
    for (Rule rule : rules) {
      Matcher matcher = rule.pattern.matcher(spec.name());
      if (matcher.matches()) {
        List<String> sources = rule.sources.apply(matcher.toMatchResult());
        return new Entry(spec, ImmutableList.copyOf(sources), rule.arrangement);
      }
    }
    return null;
  }

  /** Returns the reason why a tensor of a file is dropped, or null if it is kept. */
  static String droppedBecause(String name) {
    if (name.endsWith("relative_position_index") || name.endsWith("attn_mask")) {
      return "derived from the architecture";
    }
    if (name.startsWith("pre_logits.") || name.startsWith("pre_logits/")) {
      return "a layer before the head that no model of today has";
    }
    return null;
  }

  /** Returns whether a name belongs to a classifier of any network. */
  static boolean isSomeHead(String name) {
    int end = Math.max(name.lastIndexOf('.'), name.lastIndexOf('/'));
    return end > 0 && HEADS.contains(name.substring(0, end));
  }
}
