package io.github.facemask.internal.weights;

import ai.djl.ndarray.types.DataType;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import io.github.facemask.internal.numbers.FiniteNumbers;
import io.github.facemask.internal.pickle.PickleException;
import io.github.facemask.internal.weights.KeyLayout.Entry;
import io.github.facemask.internal.weights.LoadReport.Counts;
import io.github.facemask.network.Network;
import io.github.facemask.network.TensorSpec;
import io.github.facemask.network.TensorSpec.Role;
import io.github.facemask.preprocessing.Preprocessing;
import io.github.facemask.problem.InvalidFileException;
import io.github.facemask.problem.Problem;
import io.github.facemask.tensor.HostTensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Fits a file's tensors to a network. Each instance is used once. */
final class WeightFitting {

  private static final String ZERO = "0";

  private final Network network;
  private final ImmutableSet<String> headNames;
  private final ImmutableMap<String, HostTensor> newHead;
  private final ImmutableMap<String, HostTensor> rest;
  private final ImmutableMap.Builder<String, HostTensor> tensors = ImmutableMap.builder();
  private final List<String> matched = new ArrayList<>();
  private final List<String> missing = new ArrayList<>();
  private final Map<String, String> unexpected = new LinkedHashMap<>();
  private final Map<String, String> reshaped = new LinkedHashMap<>();
  private final Map<String, String> dropped = new LinkedHashMap<>();
  private final Map<String, String> filled = new LinkedHashMap<>();
  private final Set<String> notes = new LinkedHashSet<>();
  private String negative = "";
  private final Map<String, String> notFinite = new LinkedHashMap<>();
  private boolean foreign;

  WeightFitting(
      Network network,
      ImmutableSet<String> headNames,
      ImmutableMap<String, HostTensor> newHead,
      ImmutableMap<String, HostTensor> rest) {
    this.network = network;
    this.headNames = headNames;
    this.newHead = newHead;
    this.rest = rest;
  }

  /**
   * Fits the tensors.
   *
   * @param weights the file's tensors
   * @return the report
   * @throws IOException if the file has the network several times, or a tensor that is taken from
   *     it has numbers that are not finite
   */
  LoadReport fit(Weights weights) throws IOException {
    ImmutableMap<String, String> names = NameFit.unwrapped(weights);
    Map<String, HostTensor> bare = new LinkedHashMap<>();
    names.forEach((name, original) -> bare.put(name, weights.tensors().get(original)));
    NameFit fit = NameFit.of(network, headNames, weights, bare);
    Set<String> used = new HashSet<>();
    Map<String, HostTensor> named = new LinkedHashMap<>();
    Map<String, String> origins = new LinkedHashMap<>();
    for (Entry entry : fit.layout().entries()) {
      List<String> found = sources(entry, fit.prefix(), bare);
      if (found.isEmpty()) {
        continue;
      }
      HostTensor tensor =
          arrangement(entry, found).arranged(found.stream().map(bare::get).toList());
      if (tensor != null) {
        used.addAll(found);
        named.put(entry.spec().name(), tensor);
        origins.put(entry.spec().name(), names.get(found.get(0)));
      }
    }
    boolean replaceHead = !newHead.isEmpty() && !headFits(named);
    for (TensorSpec spec : network.tensors()) {
      fit(
          spec,
          named.get(spec.name()),
          origins.getOrDefault(spec.name(), spec.name()),
          replaceHead && headNames.contains(spec.name()));
    }
    bare.forEach(
        (name, tensor) -> {
          if (!used.contains(name)) {
            leaveOut(name, tensor, fit.prefix(), replaceHead);
          }
        });
    checkFinite(weights);
    if (!fit.layout().note().isEmpty()) {
      notes.add(fit.layout().note());
    }
    return report(weights, fit, prefix(fit, origins));
  }

  ImmutableMap<String, HostTensor> tensors() {
    return tensors.buildOrThrow();
  }

  /** Returns whether the file has tensors of another network, or lacks some of this one. */
  boolean isOdd() {
    return foreign
        || !missing.isEmpty()
        || !unexpected.isEmpty()
        || filled.entrySet().stream()
            .anyMatch(e -> !headNames.contains(e.getKey()) && !e.getValue().equals(ZERO));
  }

  /** Returns the names of the file's tensors of an entry, or none if one is missing. */
  private List<String> sources(Entry entry, String prefix, Map<String, HostTensor> bare) {
    List<String> found = new ArrayList<>();
    for (String source : entry.sources()) {
      if (bare.containsKey(prefix + source)) {
        found.add(prefix + source);
      }
    }
    if (found.size() == entry.sources().size()) {
      return found;
    }
    String name = entry.spec().name();
    if (headNames.contains(name)) {
      // A head may be outside of the backbone, or have timm's name beside another layout.
      for (String other : List.of(entry.sources().get(0), prefix + name, name)) {
        if (bare.containsKey(other)) {
          return List.of(other);
        }
      }
    }
    return List.of();
  }

  private Arrangement arrangement(Entry entry, List<String> found) {
    boolean own = found.size() == 1 && found.get(0).endsWith(entry.spec().name());
    return own ? Arrangement.SAME : entry.arrangement();
  }

  /** Returns the prefix with the wrappers that it has in the file. */
  private static String prefix(NameFit fit, Map<String, String> origins) {
    for (Entry entry : fit.layout().entries()) {
      String origin = origins.get(entry.spec().name());
      String source = entry.sources().get(0);
      if (origin != null && origin.endsWith(fit.prefix() + source)) {
        return origin.substring(0, origin.length() - source.length());
      }
      if (origin != null && origin.endsWith(source) && !fit.prefix().isEmpty()) {
        return origin.substring(0, origin.length() - source.length());
      }
    }
    return fit.prefix();
  }

  private LoadReport report(Weights weights, NameFit fit, String prefix) {
    return new LoadReport(
        new LoadReport.Source(
            weights.file(),
            weights.files(),
            weights.form(),
            weights.dictionary(),
            prefix,
            fit.layout().name()),
        counts(),
        ImmutableList.copyOf(matched),
        ImmutableList.copyOf(missing),
        ImmutableMap.copyOf(unexpected),
        ImmutableMap.copyOf(reshaped),
        ImmutableMap.copyOf(dropped),
        ImmutableMap.copyOf(filled),
        ImmutableList.copyOf(notes));
  }

  private Counts counts() {
    Set<String> names = new HashSet<>(matched);
    int taken = 0;
    long takenNumbers = 0;
    int all = 0;
    long numbers = 0;
    for (TensorSpec spec : network.tensors()) {
      if (!headNames.contains(spec.name())) {
        boolean match = names.contains(spec.name());
        all++;
        numbers += spec.shape().size();
        taken += match ? 1 : 0;
        takenNumbers += match ? spec.shape().size() : 0;
      }
    }
    return new Counts(taken, takenNumbers, all, numbers);
  }

  /** Returns whether the head fits. It is loaded as a whole or not at all. */
  private boolean headFits(Map<String, HostTensor> named) {
    return network.tensors().stream()
        .filter(spec -> headNames.contains(spec.name()))
        .allMatch(
            spec -> {
              HostTensor tensor = named.get(spec.name());
              return tensor != null
                  && tensor.shape().equals(spec.shape())
                  && typeFits(spec, tensor);
            });
  }

  private void fit(TensorSpec spec, HostTensor found, String origin, boolean replaced) {
    if (replaced) {
      if (found != null) {
        dropped.put(spec.name(), "head of shape " + found.shape() + ", expected " + spec.shape());
      }
      fill(spec, newHead.get(spec.name()), "initial value of the head");
    } else if (found == null) {
      fillMissing(spec);
    } else if (!typeFits(spec, found)) {
      refuse(spec, found + ", expected " + spec.type().name());
    } else {
      HostTensor converted = converted(spec, found);
      if (found.shape().equals(spec.shape())) {
        noteNotFinite(origin, converted);
        if (spec.role() == Role.RUNNING_VARIANCE && negative.isEmpty() && hasNegative(converted)) {
          negative = origin;
        }
        matched.add(spec.name());
        tensors.put(spec.name(), converted);
      } else {
        fitReshaped(spec, converted, origin);
      }
    }
  }

  private void fitReshaped(TensorSpec spec, HostTensor found, String origin) {
    // ViTs that embed patches with a linear layer have the same values in the same order.
    boolean patches =
        spec.name().endsWith("patch_embed.proj.weight") && found.shape().dimension() < 4;
    HostTensor fitted = null;
    String how = "reshaped";
    if (patches && found.shape().size() == spec.shape().size()) {
      fitted = HostTensor.of(found.type(), spec.shape(), found.bytes());
    } else if (spec.type() == DataType.FLOAT32) {
      how = "resampled";
      Preprocessing input = network.preprocessing();
      fitted = PositionResampling.resampled(spec, found, input.height(), input.width());
    }
    if (fitted == null) {
      refuse(spec, "shape " + found.shape() + ", expected " + spec.shape());
    } else {
      noteNotFinite(origin, found);
      matched.add(spec.name());
      reshaped.put(spec.name(), how + " from " + found.shape() + " to " + spec.shape());
      tensors.put(spec.name(), fitted);
    }
  }

  private void noteNotFinite(String origin, HostTensor tensor) {
    long count = FiniteNumbers.notFinite(tensor);
    if (count > 0) {
      notFinite.put(origin, count + " of its " + tensor.shape().size() + " numbers");
    }
  }

  private static boolean hasNegative(HostTensor tensor) {
    for (float value : tensor.toFloats()) {
      if (value < 0) {
        return true;
      }
    }
    return false;
  }

  private void checkFinite(Weights weights) throws IOException {
    if (!negative.isEmpty()) {
      throw new InvalidFileException(
          weights.file(),
          Problem.saying("has negative numbers in the variances " + PickleException.quote(negative))
              .withExpected("0 or more")
              .withRemedy("take another file, or compute the statistics again"));
    }
    if (notFinite.isEmpty()) {
      return;
    }
    Map.Entry<String, String> first = notFinite.entrySet().iterator().next();
    int others = notFinite.size() - 1;
    throw new InvalidFileException(
        weights.file(),
        Problem.saying(
                "has NaN or infinite numbers in tensor "
                    + PickleException.quote(first.getKey())
                    + " ("
                    + first.getValue()
                    + ")"
                    + (others == 0
                        ? ""
                        : " and in " + others + (others == 1 ? " other" : " others")))
            .withExpected("finite numbers in float32")
            .withRemedy("its training diverged; take an earlier checkpoint"));
  }

  private void fillMissing(TensorSpec spec) {
    if (spec.role() == Role.BATCH_COUNT) {
      fill(spec, HostTensor.ofLongs(spec.shape(), 0), ZERO);
    } else if (rest.containsKey(spec.name())) {
      fill(spec, rest.get(spec.name()), "initial value");
      if (spec.role() == Role.RUNNING_VARIANCE) {
        notes.add("the file lacks running statistics of batch norms, which training has to learn");
      }
    } else {
      missing.add(spec.name());
    }
  }

  private void fill(TensorSpec spec, HostTensor value, String with) {
    filled.put(spec.name(), with);
    tensors.put(spec.name(), value);
  }

  private void refuse(TensorSpec spec, String reason) {
    if (rest.containsKey(spec.name())) {
      dropped.put(spec.name(), reason);
      fill(spec, rest.get(spec.name()), "initial value");
    } else {
      unexpected.put(spec.name(), reason);
    }
  }

  private void leaveOut(String name, HostTensor tensor, String prefix, boolean replaceHead) {
    boolean inside = name.startsWith(prefix);
    String bare = inside ? name.substring(prefix.length()) : name;
    String reason = KeyLayout.droppedBecause(bare);
    if (reason == null && replaceHead && KeyLayout.isSomeHead(bare)) {
      reason = "head of shape " + tensor.shape() + ", the network has " + headNames;
    }
    if (reason == null && !inside) {
      reason = "outside " + PickleException.quote(prefix);
    }
    if (reason == null && bare.startsWith("fc_norm.")) {
      notes.add("the file's model averages its tokens and this one takes the class token");
    }
    foreign |= reason == null;
    if (reason == null && !rest.isEmpty()) {
      reason = "not in the network";
    }
    if (reason != null) {
      dropped.put(name, reason);
    } else {
      unexpected.put(name, tensor + ", not in the network");
    }
  }

  private static boolean typeFits(TensorSpec spec, HostTensor found) {
    return spec.type().isFloating() == found.type().isFloating();
  }

  private static HostTensor converted(TensorSpec spec, HostTensor found) {
    if (found.type() == spec.type()) {
      return found;
    }
    if (spec.type() == DataType.FLOAT32) {
      return HostTensor.ofFloats(found.shape(), found.toFloats());
    }
    double[] values = found.toDoubles();
    long[] longs = new long[values.length];
    for (int i = 0; i < longs.length; i++) {
      longs[i] = (long) values[i];
    }
    return HostTensor.ofLongs(found.shape(), longs);
  }
}
