package io.github.facemask.internal.weights;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.errorprone.annotations.CheckReturnValue;
import io.github.facemask.network.Network;
import io.github.facemask.network.TensorSpec;
import io.github.facemask.network.TensorSpec.Role;
import io.github.facemask.tensor.HostTensor;
import java.nio.file.Path;
import java.util.Map;

/**
 * Fits weights to a network. Strict by default: every tensor of the network must be in the file
 * with its shape, and the file must have no others. Always allowed are names of older layouts,
 * buffers that are derived from the architecture, missing batch counts (then 0), and float16,
 * bfloat16 and float64 instead of float32.
 */
public final class WeightLoading {

  /** The least share of a backbone's numbers that a file must have, unless told otherwise. */
  public static final double LEAST_MATCHED = 0.9;

  private final Network network;
  private final ImmutableMap<String, HostTensor> head;
  private final ImmutableMap<String, HostTensor> rest;

  private WeightLoading(
      Network network,
      ImmutableMap<String, HostTensor> head,
      ImmutableMap<String, HostTensor> rest) {
    this.network = network;
    this.head = head;
    this.rest = rest;
  }

  /**
   * Starts a strict loading.
   *
   * @param network the network
   * @return the loading
   */
  public static WeightLoading of(Network network) {
    return new WeightLoading(network, ImmutableMap.of(), ImmutableMap.of());
  }

  /**
   * Allows the file to have another head or none. Another head is dropped and reported, and the
   * head gets initial values. A head that fits is loaded from the file.
   *
   * @param initial the head's initial values by name; values of other tensors are ignored
   * @return the loading with this permission
   * @throws IllegalArgumentException if a tensor of the head is missing
   */
  @CheckReturnValue
  public WeightLoading withNewHead(Map<String, HostTensor> initial) {
    ImmutableSet<String> names = headNames();
    checkArgument(
        initial.keySet().containsAll(names), "initial lacks a tensor of the head, needs %s", names);
    ImmutableMap.Builder<String, HostTensor> values = ImmutableMap.builder();
    names.forEach(name -> values.put(name, initial.get(name)));
    return new WeightLoading(network, values.buildOrThrow(), rest);
  }

  /**
   * Allows the file to lack tensors, to have additional ones, and to have some of the wrong shape.
   * All are reported as filled or dropped.
   *
   * @param initial the values of tensors that the file lacks, by name; may have all tensors of the
   *     network
   * @return the loading with this permission
   */
  @CheckReturnValue
  public WeightLoading withPartial(Map<String, HostTensor> initial) {
    return new WeightLoading(network, head, ImmutableMap.copyOf(initial));
  }

  /**
   * Fits weights.
   *
   * @param weights the weights
   * @return the network's tensors and the report
   * @throws WeightMismatchException if they do not fit; the message names the first that do not,
   *     the report all
   */
  public LoadedWeights load(Weights weights) throws WeightMismatchException {
    WeightFitting fitting = new WeightFitting(network, headNames(), head, rest);
    fitting.fit(weights.tensors());
    LoadReport report = fitting.report();
    if (!report.complete()) {
      throw new WeightMismatchException(message(weights.file(), report), report);
    }
    return new LoadedWeights(fitting.tensors(), report);
  }

  private String message(Path file, LoadReport report) {
    return file
        + ": does not hold the weights of "
        + network.architecture()
        + " with "
        + network.classes()
        + " classes: "
        + report.summary()
        + "; expected every tensor of the network and no other. If only the head differs, use"
        + " withNewHead; if a part of the network is wanted, withPartial; else choose the"
        + " architecture that the file was made for";
  }

  private ImmutableSet<String> headNames() {
    ImmutableSet.Builder<String> layers = ImmutableSet.builder();
    for (TensorSpec spec : network.tensors()) {
      if (spec.role() == Role.HEAD_WEIGHT) {
        layers.add(layer(spec.name()));
      }
    }
    ImmutableSet<String> heads = layers.build();
    ImmutableSet.Builder<String> names = ImmutableSet.builder();
    for (TensorSpec spec : network.tensors()) {
      if (heads.contains(layer(spec.name()))) {
        names.add(spec.name());
      }
    }
    return names.build();
  }

  private static String layer(String name) {
    return name.substring(0, Math.max(0, name.lastIndexOf('.')));
  }
}
