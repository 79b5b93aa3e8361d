package io.github.facemask.cli.model;

import static com.google.common.base.Preconditions.checkArgument;

import io.github.facemask.cli.options.Count;
import io.github.facemask.cli.options.DataOptions;
import io.github.facemask.combination.Combination;
import io.github.facemask.combination.WeightSearch;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.ensemble.Candidate;
import io.github.facemask.ensemble.Ensembler;
import io.github.facemask.label.Attribute;
import io.github.facemask.prediction.PredictionTable;
import io.github.facemask.provenance.Digest;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Combines models into an ensemble. */
@Command(
    name = "ensemble",
    header = "Combines several models into an ensemble.",
    description = {
      "Makes the folder of an ensemble and copies the members into it. The manifest lists run,",
      "digest, weight and temperature of each member, and how these were fitted. With --fit,",
      "weights are fitted on predictions of people that no member was trained on, and a table",
      "shows each member alone, its gain and how similar the members are."
    },
    footer = {
      "",
      "Examples: mask ensemble --out best runs/<a> runs/<b> --weights 2,1",
      "          mask ensemble --out best --data photos --fit greedy cv/resnet18 cv/swin",
      "          mask ensemble --out best --combine by_attribute --answers mask,gender,age",
      "              runs/<masks> runs/<genders> runs/<ages>"
    })
public final class EnsembleCommand implements Callable<Integer> {

  @Spec CommandSpec spec;

  @Option(names = "--out", required = true, paramLabel = "DIR", description = "New folder.")
  Path out;

  @Option(
      names = "--combine",
      defaultValue = "SOFT_VOTE",
      description = "How members vote: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  Combination combination;

  @Option(
      names = "--weights",
      split = ",",
      paramLabel = "W",
      description = "A weight for each member, separated by commas (default: equal).")
  List<Double> weights = new ArrayList<>();

  @Option(
      names = "--fit",
      paramLabel = "greedy|greedy-once|coordinate",
      description = "Fit the weights to the highest macro F1; needs --data and predictions.")
  String fit;

  @Option(
      names = "--temperatures",
      split = ",",
      paramLabel = "T|fit",
      description = {
        "Divide each member's logits by these, or fit: minimise the cross entropy",
        "(default: 1 for each)."
      })
  List<String> temperatures = new ArrayList<>();

  @Option(
      names = "--answers",
      split = ",",
      paramLabel = "mask|gender|age",
      description = "The attribute that each member predicts, with --combine by_attribute.")
  List<Attribute> answers = new ArrayList<>();

  @Option(
      names = "--out-of-fold",
      split = ",",
      paramLabel = "FILE",
      description = {
        "Each member's predictions of people that it was not trained on, in the members' order,",
        "from 'mask evaluate --predictions'; folders of 'mask cross-validate' have their own."
      })
  List<Path> outOfFold = new ArrayList<>();

  @Option(
      names = "--flip",
      description = "Also show each photo flipped to each member, for half of its weight.")
  boolean flip;

  @ArgGroup(exclusive = false, heading = "Labelled photos to fit on:%n")
  DataOptions data;

  @Parameters(
      paramLabel = "MODEL",
      arity = "1..*",
      description = "Folders of runs, models, exported programs, soft votes or cross-validations.")
  List<Path> models;

  @Override
  public Integer call() throws Exception {
    PrintWriter to = spec.commandLine().getOut();
    checkArgument(
        (combination == Combination.BY_ATTRIBUTE) == !answers.isEmpty(),
        combination == Combination.BY_ATTRIBUTE
            ? "--combine is by_attribute, expected --answers with it: mask, gender or age for each"
                + " model"
            : "--answers goes with --combine by_attribute only");
    List<Candidate> candidates = candidates();
    boolean judged = data != null && candidates.stream().allMatch(c -> c.predictions().isPresent());
    Ensembler.Builder builder = Ensembler.builder(candidates).optCombination(combination);
    if (!weights.isEmpty()) {
      builder.optWeights(weights.stream().mapToDouble(Double::doubleValue).toArray());
    }
    boolean fitsTemperatures = temperatures.equals(List.of("fit"));
    if (fitsTemperatures) {
      builder.optFittedTemperatures();
    } else if (!temperatures.isEmpty()) {
      builder.optTemperatures(temperatures.stream().mapToDouble(Double::parseDouble).toArray());
    }
    search().ifPresent(builder::optFit);
    checkArgument(
        data != null || (fit == null && !fitsTemperatures),
        "there are no labelled photos to fit on; name them with --data");
    Optional<PhotoSet> truth = data == null ? Optional.empty() : Optional.of(predicted(candidates));
    truth.ifPresent(builder::optTruth);
    builder.optTableDigests(digests());
    Ensembler made = builder.build();
    for (int i = 0; i < weights.size(); i++) {
      if (weights.get(i) == 0) {
        spec.commandLine()
            .getErr()
            .printf("mask: warning: %s has weight 0 and is left out%n", models.get(i));
      }
    }
    made.ensemble().write(out);
    if (judged) {
      EnsembleTable.print(to, made, truth.orElseThrow());
    }
    to.printf("%s: an ensemble of %s%n", out, Count.of(made.ensemble().members(), "model"));
    return 0;
  }

  private List<Candidate> candidates() throws IOException {
    checkArgument(
        outOfFold.isEmpty() || outOfFold.size() == models.size(),
        "%s files of predictions for %s members, expected one for each",
        outOfFold.size(),
        models.size());
    checkArgument(
        answers.isEmpty() || answers.size() == models.size(),
        "%s answers for %s members, expected one for each",
        answers.size(),
        models.size());
    List<Candidate> candidates = new ArrayList<>();
    for (int i = 0; i < models.size(); i++) {
      Candidate candidate = Candidate.open(models.get(i));
      if (!outOfFold.isEmpty()) {
        candidate = candidate.withPredictions(PredictionTable.read(outOfFold.get(i)));
      }
      if (!answers.isEmpty()) {
        candidate = candidate.withAttribute(answers.get(i));
      }
      candidates.add(flip ? candidate.withFlip() : candidate);
    }
    return candidates;
  }

  /** Returns the labelled photos that every member predicted. */
  private PhotoSet predicted(List<Candidate> candidates) throws IOException {
    PhotoSet photos =
        data.photos(spec.commandLine().getErr())
            .filter(
                p ->
                    candidates.stream()
                        .allMatch(
                            c ->
                                c.predictions().isEmpty()
                                    || c.predictions().get().row(p.photo().id()).isPresent()));
    checkArgument(
        photos.size() > 0,
        "%s: no photo is predicted by every member, expected some",
        data.words());
    return photos;
  }

  private List<Digest> digests() throws IOException {
    List<Digest> digests = new ArrayList<>();
    for (int i = 0; i < models.size(); i++) {
      Path own = models.get(i).resolve("out-of-fold.csv");
      Path file = outOfFold.isEmpty() ? own : outOfFold.get(i);
      if (java.nio.file.Files.isRegularFile(file)) {
        digests.add(Digest.ofFile(file));
      }
    }
    return digests;
  }

  private Optional<WeightSearch> search() {
    if (fit == null) {
      return Optional.empty();
    }
    for (WeightSearch search : WeightSearch.values()) {
      if (search.displayName().equals(fit.toLowerCase(Locale.ROOT))) {
        return Optional.of(search);
      }
    }
    throw new IllegalArgumentException(
        "--fit is '" + fit + "', expected greedy, greedy-once or coordinate");
  }
}
