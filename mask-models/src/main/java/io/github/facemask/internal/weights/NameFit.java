package io.github.facemask.internal.weights;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import io.github.facemask.internal.pickle.PickleException;
import io.github.facemask.internal.weights.KeyLayout.Entry;
import io.github.facemask.network.Network;
import io.github.facemask.problem.InvalidFileException;
import io.github.facemask.problem.Problem;
import io.github.facemask.tensor.HostTensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Finds the layout of a file's names and the prefix before them: those under which most tensors of
 * a network's backbone are in the file with their size.
 *
 * @param layout the layout
 * @param prefix the prefix, without wrappers inside; may be empty
 * @param shaped how many tensors of the backbone have their size
 * @param named how many tensors of the backbone are there
 */
record NameFit(KeyLayout layout, String prefix, int shaped, int named) {

  /** The parts of names that wrappers add anywhere: torch.compile, data parallelism, FSDP. */
  private static final ImmutableSet<String> WRAPPERS =
      ImmutableSet.of(
          "_orig_mod",
          "module",
          "_fsdp_wrapped_module",
          "_checkpoint_wrapped_module",
          "_forward_module");

  /** The parts of names of averaged weights. */
  private static final ImmutableSet<String> AVERAGES =
      ImmutableSet.of(
          "ema",
          "model_ema",
          "ema_model",
          "module_ema",
          "average_model",
          "averaged_model",
          "swa_model",
          "teacher",
          "target_encoder");

  /** No prefix has more parts. */
  private static final int PARTS = 16;

  private static final Comparator<NameFit> BETTER =
      Comparator.comparingInt(NameFit::shaped).thenComparingInt(NameFit::named);

  /**
   * Finds the best fit.
   *
   * @param network the network
   * @param head the names of its head's tensors, which are not counted
   * @param tensors the file's tensors, without wrappers in their names
   * @return the best fits: several if several prefixes fit as well, none if nothing fits
   */
  static List<NameFit> best(Network network, Set<String> head, Map<String, HostTensor> tensors) {
    List<NameFit> best = new ArrayList<>();
    for (KeyLayout layout : KeyLayouts.of(network)) {
      for (NameFit fit : fits(layout, head, tensors)) {
        int better = best.isEmpty() ? 1 : BETTER.compare(fit, best.get(0));
        if (better > 0) {
          best.clear();
        }
        if (better > 0 || (better == 0 && layout.equals(best.get(0).layout))) {
          best.add(fit);
        }
      }
    }
    return best;
  }

  /**
   * Finds the one fit that a file's weights are read by.
   *
   * @throws IOException if several prefixes fit as well and none is preferred
   */
  static NameFit of(
      Network network, Set<String> head, Weights weights, Map<String, HostTensor> tensors)
      throws IOException {
    List<NameFit> best = best(network, head, tensors);
    if (best.isEmpty()) {
      return new NameFit(KeyLayout.timm(network), "", 0, 0);
    }
    if (best.size() == 1) {
      return best.get(0);
    }
    int backbone = network.tensors().size() - head.size();
    if (2 * best.get(0).shaped < backbone) {
      return best.stream().min(Comparator.comparingInt(fit -> fit.prefix.length())).orElseThrow();
    }
    List<NameFit> averages = best.stream().filter(fit -> isAverage(fit.prefix)).toList();
    if (weights.ema() == Ema.PREFERRED && averages.size() == 1) {
      return averages.get(0);
    }
    throw new InvalidFileException(
        weights.file(),
        Problem.saying(
                "has the weights of "
                    + network.architecture()
                    + " several times, under "
                    + String.join(
                        " and ",
                        best.stream().map(f -> PickleException.quote(f.prefix)).sorted().toList()))
            .withRemedy("keep one of them in Python and save it again"));
  }

  /** Takes the wrappers out of the names; the result has the file's names as values. */
  static ImmutableMap<String, String> unwrapped(Weights weights) throws IOException {
    Map<String, String> names = new LinkedHashMap<>();
    for (String name : weights.tensors().keySet()) {
      String bare = unwrapped(name);
      String other = names.put(bare, name);
      if (other != null) {
        throw new InvalidFileException(
            weights.file(),
            Problem.saying(
                "has tensor "
                    + PickleException.quote(bare)
                    + " twice, as "
                    + PickleException.quote(other)
                    + " and as "
                    + PickleException.quote(name)));
      }
    }
    return ImmutableMap.copyOf(names);
  }

  private static String unwrapped(String name) {
    if (WRAPPERS.stream().noneMatch(name::contains)) {
      return name;
    }
    StringBuilder bare = new StringBuilder();
    int at = 0;
    while (at < name.length()) {
      int dot = name.indexOf('.', at);
      int end = dot < 0 ? name.length() : dot + 1;
      if (dot < 0 || !WRAPPERS.contains(name.substring(at, dot))) {
        bare.append(name, at, end);
      }
      at = end;
    }
    return bare.toString();
  }

  private static List<NameFit> fits(
      KeyLayout layout, Set<String> head, Map<String, HostTensor> tensors) {
    Map<String, Entry> expected = new HashMap<>();
    for (Entry entry : layout.entries()) {
      if (!head.contains(entry.spec().name())) {
        expected.put(entry.sources().get(0), entry);
      }
    }
    Map<String, int[]> counts = new LinkedHashMap<>();
    tensors.forEach(
        (name, tensor) ->
            forEachEnd(
                name,
                at -> {
                  Entry entry = expected.get(name.substring(at));
                  if (entry == null) {
                    return false;
                  }
                  int[] count = counts.computeIfAbsent(name.substring(0, at), key -> new int[2]);
                  count[0] += hasItsSize(entry, tensor) ? 1 : 0;
                  count[1]++;
                  return true;
                }));
    ImmutableList.Builder<NameFit> fits = ImmutableList.builder();
    counts.forEach((prefix, count) -> fits.add(new NameFit(layout, prefix, count[0], count[1])));
    return fits.build();
  }

  /** Visits the places where a name's last parts may begin, until one is taken. */
  private static void forEachEnd(String name, Predicate<Integer> taken) {
    int at = 0;
    for (int part = 0; part < PARTS; part++) {
      if (taken.test(at)) {
        return;
      }
      while (at < name.length() && name.charAt(at) != '.' && name.charAt(at) != '/') {
        at++;
      }
      if (at == name.length()) {
        return;
      }
      at++;
    }
  }

  private static boolean hasItsSize(Entry entry, HostTensor tensor) {
    if (entry.arrangement() == Arrangement.SAME) {
      return tensor.shape().equals(entry.spec().shape());
    }
    return tensor.shape().size() * entry.sources().size() == entry.spec().shape().size();
  }

  private static boolean isAverage(String prefix) {
    return AVERAGES.stream()
        .anyMatch(part -> prefix.startsWith(part + ".") || prefix.contains("." + part + "."));
  }
}
