package io.github.facemask.ensemble;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import io.github.facemask.label.FaceClass;
import io.github.facemask.model.ModelFolder;
import io.github.facemask.prediction.PredictionOrigin;
import io.github.facemask.prediction.PredictionTable;
import io.github.facemask.provenance.Digest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Models whose probabilities are averaged with weights (soft vote). Probabilities, not logits:
 * those of unlike models have unlike scales. Immutable; a single model is an ensemble of one.
 */
public final class Ensemble {

  private final ImmutableList<Member> members;

  private Ensemble(ImmutableList<Member> members) {
    this.members = members;
  }

  /**
   * Makes an ensemble of models with equal weights.
   *
   * @param models the models, at least one
   * @return the ensemble
   */
  public static Ensemble ofEqual(List<ModelFolder> models) {
    return of(models.stream().map(model -> new Member(model, 1)).toList());
  }

  /**
   * Makes an ensemble.
   *
   * @param members the models with their weights, at least one
   * @return the ensemble
   * @throws IllegalArgumentException if there is none, or one occurs twice
   */
  public static Ensemble of(List<Member> members) {
    checkArgument(!members.isEmpty(), "no members, expected at least one model");
    Set<Digest> seen = new HashSet<>();
    for (Member member : members) {
      checkArgument(
          seen.add(member.model().weightsDigest()),
          "%s has the weights of another member; raise that member's weight instead",
          member.model().path());
    }
    return new Ensemble(ImmutableList.copyOf(members));
  }

  /**
   * Opens a model folder, a run folder or an ensemble folder.
   *
   * @param path the folder
   * @return the ensemble; of one model for a model or a run
   * @throws IOException if it is none of them, or a member was changed
   */
  public static Ensemble open(Path path) throws IOException {
    return EnsembleFolder.open(path);
  }

  /**
   * Writes the ensemble as a folder: a manifest that names each member by run and digest, and a
   * copy of each member, so that it can be moved and loaded anywhere.
   *
   * @param folder a folder that does not exist yet
   * @throws IOException if it cannot be written; nothing is left then
   */
  public void write(Path folder) throws IOException {
    EnsembleFolder.write(this, folder);
  }

  /** Returns the members. */
  public ImmutableList<Member> members() {
    return members;
  }

  /**
   * Refuses to be judged on people that a member learned from.
   *
   * @param people the people of the photos that are to judge
   * @throws IllegalArgumentException if there are any; the message names some
   */
  public void refuseSeenPeople(Collection<String> people) {
    for (Member member : members) {
      Set<String> seen = new LinkedHashSet<>(people);
      seen.retainAll(new HashSet<>(member.model().origin().trainingPeople()));
      checkArgument(
          seen.isEmpty(),
          "%s learned from %s of these %s people (for instance %s), so they cannot judge it; "
              + "judge it on the validation side of its own split",
          member.model().path(),
          seen.size(),
          people.size(),
          String.join(", ", seen.stream().limit(3).toList()));
    }
  }

  /**
   * Averages the members' probabilities.
   *
   * @param tables one table for each member, in order, of the same photos
   * @return the ensemble's table, in the order of the first
   * @throws IllegalArgumentException if the tables are not of the same photos
   */
  public PredictionTable combine(List<PredictionTable> tables) {
    checkArgument(
        tables.size() == members.size(),
        "%s tables for %s members, expected one for each",
        tables.size(),
        members.size());
    double total = members.stream().mapToDouble(Member::weight).sum();
    PredictionTable first = tables.get(0);
    PredictionTable.Builder combined = PredictionTable.builder(origin(first.origin().data()));
    List<String> ids = first.ids();
    for (PredictionTable table : tables) {
      checkArgument(
          table.size() == ids.size(),
          "a member predicted %s photos, the first %s; expected the same",
          table.size(),
          ids.size());
    }
    for (String id : ids) {
      combined.add(id, average(tables, id, total));
    }
    return combined.build();
  }

  /**
   * Returns the origin of this ensemble's predictions.
   *
   * @param data the digest of the photos' labels, if they have any
   */
  public PredictionOrigin origin(Optional<Digest> data) {
    List<Digest> digests = new ArrayList<>();
    List<String> runs = new ArrayList<>();
    for (Member member : members) {
      digests.add(member.model().weightsDigest());
      runs.add(member.model().origin().runId().value());
    }
    return new PredictionOrigin(digests, runs, data);
  }

  private float[] average(List<PredictionTable> tables, String id, double total) {
    double[] sums = new double[FaceClass.COUNT];
    for (int m = 0; m < tables.size(); m++) {
      PredictionTable table = tables.get(m);
      int row =
          table
              .row(id)
              .orElseThrow(
                  () -> new IllegalArgumentException("a member did not predict photo " + id));
      double share = members.get(m).weight() / total;
      for (int c = 0; c < sums.length; c++) {
        sums[c] += share * table.probability(row, c);
      }
    }
    float[] mean = new float[sums.length];
    for (int c = 0; c < mean.length; c++) {
      mean[c] = (float) sums[c];
    }
    return mean;
  }
}
