package io.github.facemask.internal.weights;

import static com.google.common.base.Preconditions.checkArgument;
import static io.github.facemask.problem.InvalidArgumentException.check;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.errorprone.annotations.CheckReturnValue;
import io.github.facemask.network.Network;
import io.github.facemask.network.TensorSpec;
import io.github.facemask.problem.InvalidFileException;
import io.github.facemask.problem.Problem;
import io.github.facemask.tensor.HostTensor;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Fits weights to a network. Strict by default: every tensor of the network must be in the file
 * with its shape, and the file must have no others. Always allowed are a prefix before all names,
 * names of other layouts, tensors outside the prefix, buffers that are derived from the
 * architecture, missing batch counts (then 0), and float16, bfloat16 and float64 instead of
 * float32. Always refused are numbers that are not finite, low-rank adapters, and variants of a
 * network that compute something else under its names.
 */
public final class WeightLoading {

  /** The least share of a backbone's numbers that a file has if training is to start from it. */
  public static final double LEAST_MATCHED = 0.9;

  private final Network network;
  private final ImmutableMap<String, HostTensor> head;
  private final ImmutableMap<String, HostTensor> rest;
  private final double leastMatched;
  private final Supplier<? extends Iterable<Network>> catalogue;

  private WeightLoading(
      Network network,
      ImmutableMap<String, HostTensor> head,
      ImmutableMap<String, HostTensor> rest,
      double leastMatched,
      Supplier<? extends Iterable<Network>> catalogue) {
    this.network = network;
    this.head = head;
    this.rest = rest;
    this.leastMatched = leastMatched;
    this.catalogue = catalogue;
  }

  /**
   * Starts a strict loading.
   *
   * @param network the network
   * @return the loading
   */
  public static WeightLoading of(Network network) {
    return new WeightLoading(network, ImmutableMap.of(), ImmutableMap.of(), 0, List::of);
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
    ImmutableSet<String> names = network.headNames();
    checkArgument(
        initial.keySet().containsAll(names), "initial lacks a tensor of the head, needs %s", names);
    ImmutableMap.Builder<String, HostTensor> values = ImmutableMap.builder();
    names.forEach(name -> values.put(name, initial.get(name)));
    return new WeightLoading(network, values.buildOrThrow(), rest, leastMatched, catalogue);
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
    return new WeightLoading(network, head, ImmutableMap.copyOf(initial), leastMatched, catalogue);
  }

  /**
   * Sets how much of the backbone a file must have, by default 0. It limits {@link #withPartial}.
   *
   * @param share the least share of the backbone's numbers, 0 to 1; with 0 a file of another
   *     architecture is accepted, too
   * @return the loading with this limit
   * @throws IllegalArgumentException if it is out of its range
   */
  @CheckReturnValue
  public WeightLoading withLeastMatched(double share) {
    check(share >= 0 && share <= 1, "leastMatched", share, "0 to 1");
    return new WeightLoading(network, head, rest, share, catalogue);
  }

  /**
   * Sets the networks that are known, so that a file for another of them is refused by its name. By
   * default none is.
   *
   * @param networks supplies the networks; called only for a file that does not fit
   * @return the loading with this knowledge
   */
  @CheckReturnValue
  public WeightLoading withCatalogue(Supplier<? extends Iterable<Network>> networks) {
    return new WeightLoading(network, head, rest, leastMatched, networks);
  }

  /**
   * Fits weights.
   *
   * @param weights the weights
   * @return the network's tensors and the report
   * @throws WeightMismatchException if they do not fit; the message names the first that do not,
   *     the report all
   * @throws IOException if the file has the network several times, numbers that are not finite, or
   *     a variant of the network
   */
  public LoadedWeights load(Weights weights) throws IOException {
    checkKind(weights);
    WeightFitting fitting = new WeightFitting(network, network.headNames(), head, rest);
    LoadReport report = fitting.fit(weights);
    boolean accepts = !rest.isEmpty() && leastMatched == 0;
    if (fitting.isOdd() && !accepts) {
      checkArchitecture(weights, report);
    }
    if (report.matchedShare() < leastMatched) {
      throw new WeightMismatchException(weights.file(), tooFew(weights, report), report);
    }
    if (!report.complete()) {
      throw new WeightMismatchException(weights.file(), mismatch(report), report);
    }
    return new LoadedWeights(fitting.tensors(), report);
  }

  private void checkKind(Weights weights) throws IOException {
    ImmutableSet<String> names = weights.tensors().keySet();
    if (OtherModels.hasAdapters(names)) {
      throw new InvalidFileException(
          weights.file(),
          Problem.saying("has low-rank adapters (LoRA) that are not merged into their model")
              .withExpected("the weights of " + network.architecture())
              .withRemedy("merge them in Python (merge_and_unload) and save its state_dict()"));
    }
    String variant = OtherModels.variant(names);
    // A network of a provider may have such names itself.
    if (variant != null && !variant.equals(OtherModels.variant(names(network)))) {
      throw new InvalidFileException(
          weights.file(),
          Problem.saying("looks like " + variant)
              .withExpected(network.architecture())
              .withRemedy("choose weights that were made for the architecture"));
    }
  }

  private static ImmutableSet<String> names(Network network) {
    return network.tensors().stream().map(TensorSpec::name).collect(ImmutableSet.toImmutableSet());
  }

  private void checkArchitecture(Weights weights, LoadReport report) throws IOException {
    ImmutableMap<String, String> names = NameFit.unwrapped(weights);
    ImmutableMap.Builder<String, HostTensor> bare = ImmutableMap.builder();
    names.forEach((name, original) -> bare.put(name, weights.tensors().get(original)));
    String other = OtherModels.better(network, bare.buildOrThrow(), catalogue.get());
    if (other == null && report.matchedShare() < LEAST_MATCHED) {
      other = OtherModels.known(weights.tensors().keySet());
    }
    if (other != null) {
      throw new WeightMismatchException(
          weights.file(),
          Problem.saying("looks like " + other)
              .withExpected(network.architecture())
              .withRemedy("choose the architecture that the file was made for, or another file"),
          report);
    }
  }

  private Problem tooFew(Weights weights, LoadReport report) {
    LoadReport.Counts counts = report.counts();
    String names =
        report.matched().isEmpty()
            ? "; its names begin with "
                + String.join(", ", weights.tensors().keySet().stream().limit(3).toList())
            : "";
    return Problem.of(
            "matchedShare",
            String.format(
                Locale.ROOT,
                "%.4f (%d of %d tensors and %,d of %,d numbers of %s%s)",
                Math.floor(10_000 * report.matchedShare()) / 10_000,
                counts.matchedTensors(),
                counts.tensors(),
                counts.matchedNumbers(),
                counts.numbers(),
                network.architecture(),
                names),
            leastMatched + " or more")
        .withRemedy(
            "choose the architecture that the file was made for, or accept less with"
                + " withLeastMatched");
  }

  private Problem mismatch(LoadReport report) {
    return Problem.saying(
            "does not hold the weights of "
                + network.architecture()
                + " with "
                + network.classes()
                + " classes: "
                + report.summary())
        .withExpected("every tensor of the network and no other")
        .withRemedy(
            "If only the head differs, use withNewHead; if a part of the network is wanted,"
                + " withPartial; else choose the architecture that the file was made for");
  }
}
