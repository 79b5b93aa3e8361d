package io.github.facemask.ensemble;

import static com.google.common.base.Preconditions.checkArgument;
import static io.github.facemask.problem.InvalidArgumentException.check;

import com.google.common.collect.ImmutableList;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import com.google.errorprone.annotations.CheckReturnValue;
import io.github.facemask.backbone.Backbones;
import io.github.facemask.batch.BatchSource;
import io.github.facemask.internal.cards.CommonOrigin;
import io.github.facemask.model.ModelFolder;
import io.github.facemask.model.ModelFolder.Part;
import io.github.facemask.network.Network;
import io.github.facemask.problem.InvalidFileException;
import io.github.facemask.problem.Problem;
import io.github.facemask.provenance.Digest;
import io.github.facemask.tensor.HostTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Averages the weights of models: the checkpoints of one run (Izmailov et al., "Averaging weights
 * leads to wider optima and better generalization", UAI 2018), or runs that started from the same
 * pretrained weights (Wortsman et al., "Model soups", ICML 2022). Averages of runs that started
 * from different random weights are useless. Not thread-safe.
 */
public final class ModelSoup {

  private final ImmutableList<ModelFolder> models;
  private final Network network;
  private final Optional<Scorer> scorer;
  private final Optional<BatchSource> statistics;
  private final boolean unlikeStarts;

  private ModelSoup(
      ImmutableList<ModelFolder> models,
      Network network,
      Optional<Scorer> scorer,
      Optional<BatchSource> statistics,
      boolean unlikeStarts) {
    this.models = models;
    this.network = network;
    this.scorer = scorer;
    this.statistics = statistics;
    this.unlikeStarts = unlikeStarts;
  }

  /** Scores a model on photos of people that no part was trained on. */
  @FunctionalInterface
  public interface Scorer {
    /**
     * Scores a model.
     *
     * @param model the model; its folder exists until this method returns
     * @return a score, higher is better
     * @throws IOException if it cannot be read
     */
    double score(ModelFolder model) throws IOException;
  }

  /**
   * Returns a soup of models.
   *
   * @param models two or more, of one architecture, input and heads, with different weights
   * @return the soup, with equal shares by default
   * @throws IllegalArgumentException if a model is not compatible with the first
   */
  public static ModelSoup of(List<ModelFolder> models) {
    check(models.size() >= 2, "models", models.size(), "two or more");
    ModelFolder first = models.get(0);
    Map<Digest, Path> seen = new HashMap<>();
    for (ModelFolder model : models) {
      checkArgument(
          model.architecture().equals(first.architecture())
              && model.preprocessing().equals(first.preprocessing())
              && model.heads().equals(first.heads())
              && model.attributes().equals(first.attributes())
              && model.faces().equals(first.faces()),
          "%s is a %s of another architecture, input, face crop, heads or attributes than %s (%s); only like"
              + " models average",
          model.path(),
          model.architecture(),
          first.path(),
          first.architecture());
      Path same = seen.put(model.weightsDigest(), model.path());
      checkArgument(
          same == null,
          "%s has the same weights as another part, %s, expected each once",
          model.path(),
          same);
    }
    Network network =
        Backbones.get(first.architecture())
            .withPreprocessing(first.preprocessing())
            .withHeads(first.heads())
            .withAttributes(first.attributes())
            .network();
    return new ModelSoup(
        ImmutableList.copyOf(models), network, Optional.empty(), Optional.empty(), false);
  }

  /**
   * Returns the models of the epochs that a run kept, by epoch.
   *
   * @param run the run's folder
   * @throws IOException if it kept fewer than two
   */
  public static ImmutableList<ModelFolder> checkpoints(Path run) throws IOException {
    Path folder = run.resolve("checkpoints");
    List<ModelFolder> models = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (Stream<Path> epochs = Files.list(folder)) {
        for (Path epoch :
            epochs.filter(e -> e.getFileName().toString().startsWith("epoch-")).sorted().toList()) {
          models.add(ModelFolder.open(epoch));
        }
      }
    }
    if (models.size() < 2) {
      throw new InvalidFileException(
          run,
          Problem.of("keptEpochs", models.size(), "two or more")
              .withRemedy("train with optKeepBest"));
    }
    return ImmutableList.copyOf(models);
  }

  /**
   * Returns the greedy soup: adds models in the order of their score, each only if the average does
   * not get worse.
   *
   * @param value scores a model on people that no part was trained on
   * @return the changed soup
   */
  @CheckReturnValue
  public ModelSoup withGreedy(Scorer value) {
    return new ModelSoup(models, network, Optional.of(value), statistics, unlikeStarts);
  }

  /**
   * Returns the soup that recomputes the statistics of batch norms, because averaged statistics do
   * not match the features of averaged weights. By default they are averaged too.
   *
   * @param photos training photos, for one pass
   * @return the changed soup
   */
  @CheckReturnValue
  public ModelSoup withStatistics(BatchSource photos) {
    return new ModelSoup(models, network, scorer, Optional.of(photos), unlikeStarts);
  }

  /**
   * Returns the soup that also averages runs that did not start from the same weights, or for which
   * that is unknown; by default {@link #write} refuses them. Such averages classify no better than
   * chance.
   *
   * @return the changed soup
   */
  @CheckReturnValue
  public ModelSoup withUnlikeStarts() {
    return new ModelSoup(models, network, scorer, statistics, true);
  }

  /**
   * Writes the average as a model.
   *
   * @param folder a folder that does not exist yet
   * @return the model, whose card names its parts
   * @throws IOException if a model cannot be read or the folder cannot be written
   * @throws IllegalArgumentException if models are of runs that did not start from the same weights
   */
  public ModelFolder write(Path folder) throws IOException {
    if (Files.exists(folder)) {
      throw InvalidFileException.of(folder, "exists already", "the name of a new folder");
    }
    if (!unlikeStarts) {
      StartingWeights.refuseUnlike(models);
    }
    List<ModelFolder> parts = scorer.isPresent() ? greedy(scorer.get()) : models;
    return average(parts, folder);
  }

  private List<ModelFolder> greedy(Scorer by) throws IOException {
    Map<ModelFolder, Double> scores = new HashMap<>();
    for (ModelFolder model : models) {
      scores.put(model, by.score(model));
    }
    List<ModelFolder> order = new ArrayList<>(models);
    order.sort(Comparator.comparing(scores::get, Comparator.reverseOrder()));
    List<ModelFolder> chosen = new ArrayList<>(order.subList(0, 1));
    double best = scores.get(order.get(0));
    Path aside = Files.createTempDirectory("facemask-soup");
    try {
      for (ModelFolder next : order.subList(1, order.size())) {
        List<ModelFolder> tried = new ArrayList<>(chosen);
        tried.add(next);
        double score = by.score(average(tried, aside.resolve(String.valueOf(order.indexOf(next)))));
        if (score >= best) {
          best = score;
          chosen = tried;
        }
      }
    } finally {
      MoreFiles.deleteRecursively(aside, RecursiveDeleteOption.ALLOW_INSECURE);
    }
    return chosen;
  }

  private ModelFolder average(List<ModelFolder> parts, Path folder) throws IOException {
    List<Map<String, HostTensor>> all = new ArrayList<>();
    for (ModelFolder part : parts) {
      all.add(part.weights());
    }
    Map<String, HostTensor> mean = WeightMean.of(all);
    if (statistics.isPresent() && parts.size() > 1) {
      mean = BatchStatistics.recompute(network, mean, statistics.get());
    }
    Files.createDirectories(folder);
    ImmutableList.Builder<Part> named = ImmutableList.builder();
    for (ModelFolder part : parts) {
      named.add(
          new Part(
              part.origin().runId(),
              part.origin().epoch(),
              part.weightsDigest(),
              1.0 / parts.size()));
    }
    return ModelFolder.write(
        folder,
        network,
        mean,
        models.get(0).faceCrop(Optional.empty()),
        CommonOrigin.of(parts.stream().map(ModelFolder::origin).toList(), "soup"),
        named.build());
  }
}
