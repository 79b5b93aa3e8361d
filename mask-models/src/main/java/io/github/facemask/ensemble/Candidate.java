package io.github.facemask.ensemble;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import io.github.facemask.combination.Combination;
import io.github.facemask.combination.Voter;
import io.github.facemask.crossvalidation.CrossValidation;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.label.Attribute;
import io.github.facemask.model.ModelCard;
import io.github.facemask.prediction.PredictionTable;
import io.github.facemask.preprocessing.View;
import io.github.facemask.problem.InvalidArgumentException;
import io.github.facemask.problem.InvalidFileException;
import io.github.facemask.problem.Problem;
import io.github.facemask.provenance.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A candidate of an {@link Ensembler}: a model, or the models of all folds of one recipe, which
 * share one weight. Immutable.
 *
 * @param name its display name
 * @param members its models; their weights are shares of the candidate's weight
 * @param predictions its predictions of people that it was not trained on, to fit on
 * @param attribute the attribute that it predicts in an ensemble by attribute
 */
public record Candidate(
    String name,
    ImmutableList<Member> members,
    Optional<PredictionTable> predictions,
    Optional<Attribute> attribute) {

  private static final int NAMED = 10;

  /**
   * Opens a model, a run, an ensemble of soft votes, or the folder of a cross-validation, whose
   * out-of-fold predictions come with it.
   *
   * @param path the folder
   * @return the candidate
   * @throws IOException if it is none of these, or cannot be read
   */
  public static Candidate open(Path path) throws IOException {
    Path name = path.toAbsolutePath().normalize().getFileName();
    Path table = path.resolve(CrossValidation.PREDICTIONS);
    if (Files.isRegularFile(table)) {
      List<Member> folds = new ArrayList<>();
      for (Path run : folds(path)) {
        folds.addAll(Ensemble.open(run).members());
      }
      return new Candidate(
          name.toString(),
          ImmutableList.copyOf(folds),
          Optional.of(PredictionTable.read(table)),
          Optional.empty());
    }
    Ensemble inside = Ensemble.open(path);
    checkArgument(
        inside.members().size() == 1 || inside.combination() == Combination.SOFT_VOTE,
        "%s: combines by %s, expected a soft vote or one model inside of another ensemble",
        path,
        inside.combination().displayName());
    return new Candidate(name.toString(), inside.members(), Optional.empty(), Optional.empty());
  }

  private static List<Path> folds(Path folder) throws IOException {
    List<Path> runs = new ArrayList<>();
    for (int fold = 0; Files.isDirectory(folder.resolve("fold-" + fold)); fold++) {
      try (Stream<Path> inside = Files.list(folder.resolve("fold-" + fold))) {
        runs.add(
            inside
                .filter(r -> Files.isRegularFile(r.resolve("model").resolve("model.json")))
                .sorted()
                .findFirst()
                .orElseThrow(
                    () ->
                        new InvalidFileException(
                            folder, Problem.saying("a fold has no run with a model in it"))));
      }
    }
    if (runs.isEmpty()) {
      throw new InvalidFileException(
          folder, Problem.of("foldFolders", "", "fold-0 and more, as a cross-validation writes"));
    }
    return runs;
  }

  /**
   * Returns the candidate with predictions to fit on.
   *
   * @param table its predictions of people that it was not trained on
   */
  public Candidate withPredictions(PredictionTable table) {
    return new Candidate(name, members, Optional.of(table), attribute);
  }

  /**
   * Returns the candidate that predicts one attribute of an ensemble by attribute.
   *
   * @param answersFor the attribute
   */
  public Candidate withAttribute(Attribute answersFor) {
    return new Candidate(name, members, predictions, Optional.of(answersFor));
  }

  /**
   * Returns the candidate with flip test-time augmentation: each photo as it is and flipped, each
   * with half of the weight.
   */
  public Candidate withFlip() {
    ImmutableList.Builder<Member> both = ImmutableList.builder();
    for (Member member : members) {
      for (View view : View.flip()) {
        both.add(new Member(member.model(), member.voter(), view));
      }
    }
    return new Candidate(name, both.build(), predictions, attribute);
  }

  /** Returns the members with shares that sum to a weight. */
  List<Member> weighted(double weight, double temperature) {
    double sum = members.stream().mapToDouble(Member::weight).sum();
    return members.stream()
        .map(
            m ->
                m.withVoter(
                    new Voter(
                        weight * m.weight() / sum,
                        temperature * m.voter().temperature(),
                        attribute)))
        .toList();
  }

  /**
   * Returns the predictions, after checking that they are the candidate's own and of people that it
   * was not trained on.
   */
  PredictionTable checkedPredictions(PhotoSet truth) {
    PredictionTable table =
        predictions.orElseThrow(
            () ->
                new InvalidArgumentException(
                    new Problem(
                        "fittingPredictions",
                        "",
                        "predictions of " + name + " to fit on",
                        "give them with withPredictions, or open the folder of a"
                            + " cross-validation")));
    Set<Digest> own = new HashSet<>();
    members.forEach(m -> own.add(m.model().weightsDigest()));
    checkArgument(
        own.equals(new HashSet<>(table.origin().models())),
        "the predictions of %s were made by %s, expected its own %s models %s",
        name,
        table.origin().models().stream().map(Digest::shortHex).toList(),
        own.size(),
        own.stream().map(Digest::shortHex).sorted().toList());
    checkArgument(
        table.origin().prior().isEmpty(),
        "the predictions of %s were corrected for other shares of the labels, expected its own"
            + " answers; predict again without a prior",
        name);
    members.forEach(m -> refuseOtherProgram(m.model(), table));
    refuseSeenPeople(truth, table.origin().oneModelEach() && own.size() > 1);
    return table;
  }

  private void refuseOtherProgram(ModelCard model, PredictionTable table) {
    Optional<Digest> ran =
        Optional.ofNullable(table.origin().programs().get(model.weightsDigest()));
    checkArgument(
        ran.isEmpty() || ran.equals(model.program()),
        "the predictions of %s were made by the exported program %s, expected %s; predict with the"
            + " member itself",
        name,
        ran.map(Digest::hex).orElse(""),
        model.program().map(p -> "the member's, " + p.hex()).orElse("the model itself"));
  }

  /** If each row is by one model, a person must be unseen by at least one of the models. */
  private void refuseSeenPeople(PhotoSet truth, boolean oneModelEach) {
    List<Set<String>> learned = new ArrayList<>();
    members.forEach(m -> learned.add(new HashSet<>(m.model().origin().trainingPeople())));
    List<String> seen =
        truth.people().stream()
            .filter(
                person ->
                    oneModelEach
                        ? learned.stream().allMatch(l -> l.contains(person))
                        : learned.stream().anyMatch(l -> l.contains(person)))
            .toList();
    checkArgument(
        seen.isEmpty(),
        "%s was trained on %s of these %s people (%s%s), so weights cannot be fitted on them; fit on"
            + " the validation side of its own split, or on out-of-fold predictions",
        name,
        seen.size(),
        truth.people().size(),
        String.join(", ", seen.stream().limit(NAMED).toList()),
        seen.size() > NAMED ? ", ..." : "");
  }
}
