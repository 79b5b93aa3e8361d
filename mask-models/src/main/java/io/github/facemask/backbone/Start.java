package io.github.facemask.backbone;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import io.github.facemask.hub.Hub;
import io.github.facemask.internal.program.Initialization;
import io.github.facemask.internal.weights.InitialWeights;
import io.github.facemask.internal.weights.LoadReport;
import io.github.facemask.internal.weights.LoadedWeights;
import io.github.facemask.internal.weights.WeightFile;
import io.github.facemask.internal.weights.WeightLoading;
import io.github.facemask.network.Network;
import io.github.facemask.problem.InvalidArgumentException;
import io.github.facemask.problem.Problem;
import io.github.facemask.provenance.Digest;
import io.github.facemask.tensor.HostTensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a training starts from. */
abstract sealed class Start {

  /** The word for random weights in a run's record. */
  static final String RANDOM = "random";

  /** The word for published weights in a run's record. */
  static final String PRETRAINED = "pretrained";

  /** Returns the value for a run's record. */
  abstract String recorded();

  /**
   * Returns the weights of a network, with a random head where the file has another.
   *
   * @param network the network
   * @param source the published weights of its name
   * @param seed the seed of random weights
   * @param least the least share of the backbone's numbers that the file must have
   */
  abstract InitialWeights load(Network network, PretrainedSource source, long seed, double least)
      throws IOException;

  /** Random weights. */
  static final class Random extends Start {
    @Override
    String recorded() {
      return RANDOM;
    }

    @Override
    InitialWeights load(Network network, PretrainedSource source, long seed, double least) {
      return new InitialWeights(
          Initialization.random(network, seed), ImmutableMap.of("source", RANDOM));
    }
  }

  /** The weights of a file. */
  static final class OfFile extends Start {
    private final Path file;

    OfFile(Path file) {
      this.file = file;
    }

    @Override
    String recorded() {
      return file.toAbsolutePath().normalize().toString();
    }

    @Override
    InitialWeights load(Network network, PretrainedSource source, long seed, double least)
        throws IOException {
      return fit(network, file, seed, least, ImmutableMap.of("source", "file"));
    }
  }

  /** The published weights of the backbone's name, and the licences that the user accepts. */
  static final class Published extends Start {
    private final Hub hub;
    private final ImmutableSet<String> accepted;

    Published(Hub hub, ImmutableSet<String> accepted) {
      this.hub = hub;
      this.accepted = accepted;
    }

    Hub hub() {
      return hub;
    }

    ImmutableSet<String> accepted() {
      return accepted;
    }

    @Override
    String recorded() {
      return PRETRAINED;
    }

    @Override
    InitialWeights load(Network network, PretrainedSource source, long seed, double least)
        throws IOException {
      check(source);
      Hub.Located found = hub.locate(source.file());
      return fit(
          network,
          found.file(),
          seed,
          least,
          ImmutableMap.of(
              "source", PRETRAINED,
              "name", source.name(),
              "repository", source.hubId(),
              "licence", source.licence()));
    }

    void check(PretrainedSource source) {
      if (source.isNonCommercial() && !accepted.contains(source.licence())) {
        throw new InvalidArgumentException(
            new Problem(
                "acceptedLicence",
                accepted.isEmpty() ? "" : String.join(", ", accepted),
                source.licence()
                    + ", the licence of "
                    + source.name()
                    + ", which forbids commercial use",
                "accept it with withAcceptedLicence(\""
                    + source.licence()
                    + "\"), or take other weights"));
      }
    }
  }

  private static InitialWeights fit(
      Network network, Path file, long seed, double least, Map<String, Object> about)
      throws IOException {
    Map<String, HostTensor> initial = Initialization.random(network, seed);
    LoadedWeights loaded =
        WeightLoading.of(network)
            .withNewHead(initial)
            .withPartial(initial)
            .withLeastMatched(least)
            .withCatalogue(Start::catalogue)
            .load(WeightFile.read(file));
    return new InitialWeights(loaded.tensors(), told(loaded.report(), about));
  }

  /** Describes the built-in networks, so that a file for another of them is named. */
  private static List<Network> catalogue() {
    return Backbones.builtIn().stream().map(name -> Backbones.get(name).network()).toList();
  }

  /** Returns a load as plain JSON values. */
  private static ImmutableMap<String, Object> told(LoadReport report, Map<String, Object> about)
      throws IOException {
    LoadReport.Source source = report.source();
    LoadReport.Counts counts = report.counts();
    Map<String, Object> told = new LinkedHashMap<>(about);
    told.put("file", source.file().toAbsolutePath().normalize().toString());
    if (source.files().size() > 1) {
      Map<String, String> digests = new LinkedHashMap<>();
      for (Path part : source.files()) {
        digests.put(part.getFileName().toString(), Digest.ofFile(part).hex());
      }
      told.put("files", digests);
    }
    told.put("sha256", Digest.ofFile(source.files().get(0)).hex());
    told.put("form", source.form().toString());
    told.put("dictionary", source.dictionary());
    told.put("prefix", source.prefix());
    told.put("layout", source.layout());
    told.put(
        "tensors", ImmutableMap.of("matched", counts.matchedTensors(), "of", counts.tensors()));
    told.put(
        "numbers", ImmutableMap.of("matched", counts.matchedNumbers(), "of", counts.numbers()));
    told.put("reshaped", report.reshaped());
    told.put("dropped", report.dropped());
    told.put("filled", report.filled());
    told.put("notes", report.notes());
    return ImmutableMap.copyOf(told);
  }
}
