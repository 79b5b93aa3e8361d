package io.github.facemask.internal.cards;

import com.google.common.collect.ImmutableList;
import io.github.facemask.provenance.Digest;
import io.github.facemask.provenance.ModelOrigin;
import io.github.facemask.provenance.RunId;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The origin of what was made from several models. */
public final class CommonOrigin {

  private CommonOrigin() {}

  /**
   * Combines origins; for models of one run, the result is of that run.
   *
   * @param origins at least one
   * @param kind the first part of the id that stands for several runs, for instance {@code "soup"}
   * @return the people of all, and digests that stand for all
   */
  public static ModelOrigin of(List<ModelOrigin> origins, String kind) {
    Set<String> people = new LinkedHashSet<>();
    Set<String> runs = new LinkedHashSet<>();
    Set<String> training = new LinkedHashSet<>();
    Set<String> validation = new LinkedHashSet<>();
    int epoch = 0;
    for (ModelOrigin origin : origins) {
      people.addAll(origin.trainingPeople());
      runs.add(origin.runId().value());
      training.add(origin.trainingData().hex());
      validation.add(origin.validationData().hex());
      epoch = Math.max(epoch, origin.epoch());
    }
    String first = runs.iterator().next();
    return new ModelOrigin(
        new RunId(runs.size() == 1 ? first : kind + "-" + joined(runs).shortHex()),
        joined(training),
        joined(validation),
        ImmutableList.copyOf(people),
        epoch,
        shares(origins));
  }

  /** The mean shares of the classes; empty if one origin does not have them. */
  private static Optional<ModelOrigin.Shares> shares(List<ModelOrigin> origins) {
    List<ModelOrigin.Shares> all = origins.stream().flatMap(o -> o.shares().stream()).toList();
    return all.size() < origins.size()
        ? Optional.empty()
        : Optional.of(
            new ModelOrigin.Shares(
                mean(all.stream().map(ModelOrigin.Shares::learnt).toList()),
                mean(all.stream().map(ModelOrigin.Shares::natural).toList())));
  }

  private static ImmutableList<Double> mean(List<ImmutableList<Double>> shares) {
    ImmutableList.Builder<Double> means = ImmutableList.builder();
    for (int id = 0; id < shares.get(0).size(); id++) {
      int at = id;
      means.add(shares.stream().mapToDouble(s -> s.get(at)).average().orElseThrow());
    }
    return means.build();
  }

  /** The only digest, or a digest of several. */
  private static Digest joined(Set<String> texts) {
    String first = texts.iterator().next();
    return texts.size() == 1 && first.length() == 64
        ? new Digest(first)
        : Digest.ofText(String.join("\n", texts));
  }
}
