package io.github.facemask.internal.weights;

import ai.djl.ndarray.types.DataType;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import io.github.facemask.network.Network;
import io.github.facemask.network.TensorSpec;
import io.github.facemask.network.TensorSpec.Role;
import io.github.facemask.preprocessing.Preprocessing;
import io.github.facemask.tensor.HostTensor;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Fits tensors to a network. Each instance is used once. */
final class WeightFitting {

  private final Network network;
  private final ImmutableSet<String> headNames;
  private final ImmutableMap<String, HostTensor> newHead;
  private final ImmutableMap<String, HostTensor> rest;
  private final ImmutableMap.Builder<String, HostTensor> tensors = ImmutableMap.builder();
  private final ImmutableList.Builder<String> matched = ImmutableList.builder();
  private final ImmutableList.Builder<String> missing = ImmutableList.builder();
  private final Map<String, String> unexpected = new LinkedHashMap<>();
  private final Map<String, String> reshaped = new LinkedHashMap<>();
  private final Map<String, String> dropped = new LinkedHashMap<>();
  private final Map<String, String> filled = new LinkedHashMap<>();

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

  void fit(Map<String, HostTensor> found) {
    Map<String, HostTensor> named = KeyLayout.renamed(found);
    boolean replaceHead = !newHead.isEmpty() && !headFits(named);
    Set<String> known = new HashSet<>();
    for (TensorSpec spec : network.tensors()) {
      known.add(spec.name());
      fit(spec, named.get(spec.name()), replaceHead && headNames.contains(spec.name()));
    }
    named.forEach(
        (name, tensor) -> {
          if (!known.contains(name)) {
            leaveOut(name, tensor, replaceHead);
          }
        });
  }

  ImmutableMap<String, HostTensor> tensors() {
    return tensors.buildOrThrow();
  }

  LoadReport report() {
    return new LoadReport(
        matched.build(),
        missing.build(),
        ImmutableMap.copyOf(unexpected),
        ImmutableMap.copyOf(reshaped),
        ImmutableMap.copyOf(dropped),
        ImmutableMap.copyOf(filled));
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

  private void fit(TensorSpec spec, HostTensor found, boolean replaced) {
    if (replaced) {
      if (found != null) {
        dropped.put(spec.name(), "head of shape " + found.shape() + ", expected " + spec.shape());
      }
      fill(spec, newHead.get(spec.name()), "initial value of the head");
    } else if (found == null) {
      fillMissing(spec);
    } else if (!typeFits(spec, found)) {
      refuse(spec, found + ", expected " + spec.type().name());
    } else if (found.shape().equals(spec.shape())) {
      matched.add(spec.name());
      tensors.put(spec.name(), converted(spec, found));
    } else {
      fitReshaped(spec, found);
    }
  }

  private void fitReshaped(TensorSpec spec, HostTensor found) {
    HostTensor floats = converted(spec, found);
    // ViTs that embed patches with a linear layer have the same values in the same order.
    boolean patches =
        spec.name().endsWith("patch_embed.proj.weight") && found.shape().dimension() < 4;
    HostTensor fitted = null;
    String how = "reshaped";
    if (patches && found.shape().size() == spec.shape().size()) {
      fitted = HostTensor.of(floats.type(), spec.shape(), floats.bytes());
    } else if (spec.type() == DataType.FLOAT32) {
      how = "resampled";
      Preprocessing input = network.preprocessing();
      fitted = PositionResampling.resampled(spec, floats, input.height(), input.width());
    }
    if (fitted == null) {
      refuse(spec, "shape " + found.shape() + ", expected " + spec.shape());
    } else {
      matched.add(spec.name());
      reshaped.put(spec.name(), how + " from " + found.shape() + " to " + spec.shape());
      tensors.put(spec.name(), fitted);
    }
  }

  private void fillMissing(TensorSpec spec) {
    if (rest.containsKey(spec.name())) {
      fill(spec, rest.get(spec.name()), "initial value");
    } else if (spec.role() == Role.BATCH_COUNT) {
      fill(spec, HostTensor.ofLongs(spec.shape(), 0), "0");
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

  private void leaveOut(String name, HostTensor tensor, boolean replaceHead) {
    String reason = KeyLayout.droppedBecause(name);
    if (reason == null && replaceHead && KeyLayout.isSomeHead(name)) {
      reason = "head of shape " + tensor.shape() + ", the network has " + headNames;
    }
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
