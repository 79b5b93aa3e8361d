package io.github.facemask.search;

import static com.google.common.base.Preconditions.checkArgument;
import static io.github.facemask.problem.InvalidArgumentException.check;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import io.github.facemask.internal.files.FolderLock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * A search for training options: it trains trials of a {@link Plan} and ranks them by their
 * validation score. With {@link Halving}, all trials train a few epochs, the best ones more, and so
 * on (Jamieson and Talwalkar, "Non-stochastic best arm identification and hyperparameter
 * optimization", 2016). How a trial is trained is given, see {@link Trainer}.
 *
 * <p>Each result is written to the search's folder when it is there, so a search that was killed
 * goes on with the next trial. A trial that fails is recorded, and the search goes on.
 *
 * <p>The best of many scores on one validation set is optimistic: judge the chosen options on other
 * people, or with other folds. Immutable; one search at a time may use a folder.
 */
public final class Search {

  private final Plan plan;
  private final Trainer trainer;
  private final Listener listener;

  private Search(Builder builder) {
    this.plan = builder.plan;
    this.trainer = builder.trainer;
    this.listener = builder.listener;
  }

  /**
   * Returns a builder of a search.
   *
   * @param plan what is tried
   * @param trainer trains a trial
   */
  public static Builder builder(Plan plan, Trainer trainer) {
    return new Builder(plan, trainer);
  }

  /** How the trials are chosen from the space. */
  public enum Method {
    /** Each combination of values, once. */
    GRID,
    /** Combinations drawn at random, each at most once. */
    RANDOM
  }

  /** The values that an option may have. */
  public sealed interface Choice permits Values, Range {}

  /**
   * Listed values, equally likely.
   *
   * @param values the values, at least one, each once
   */
  public record Values(ImmutableList<String> values) implements Choice {

    /**
     * Returns listed values.
     *
     * @param values the values, at least one, each once
     */
    public static Values of(String... values) {
      return new Values(ImmutableList.copyOf(values));
    }

    /** Checks the values. */
    public Values {
      check(!values.isEmpty(), "values", "none", "one or more");
      check(ImmutableSet.copyOf(values).size() == values.size(), "values", values, "each once");
    }
  }

  /**
   * Numbers in a range, for random draws. Numbers that are not whole are rounded to four digits.
   *
   * @param from the lowest
   * @param to the highest, above the lowest
   * @param log whether their logarithms are equally likely, as for rates; then both are above 0
   * @param whole whether the numbers are whole
   */
  public record Range(double from, double to, boolean log, boolean whole) implements Choice {
    /** Checks the range. */
    public Range {
      check(
          Double.isFinite(from) && Double.isFinite(to) && from < to,
          "range",
          from + ".." + to,
          "two numbers, the lower one first");
      check(!log || from > 0, "range", from + ".." + to + " log", "numbers above 0");
      check(
          !whole || (from == Math.rint(from) && to == Math.rint(to)),
          "range",
          from + ".." + to,
          "whole numbers");
    }
  }

  /**
   * Successive halving.
   *
   * @param epochs the epochs of each rung, rising; at least two
   * @param keep the share of a rung's trials that go on to the next, above 0 and below 1; at least
   *     one goes on
   */
  public record Halving(ImmutableList<Integer> epochs, double keep) {

    /** Checks the values. */
    public Halving {
      boolean rising = epochs.size() >= 2 && epochs.get(0) >= 1;
      for (int i = 1; i < epochs.size(); i++) {
        rising &= epochs.get(i) > epochs.get(i - 1);
      }
      check(rising, "epochs", epochs, "two or more rising numbers of 1 or more");
      check(keep > 0 && keep < 1, "keep", keep, "above 0 and below 1");
    }

    /**
     * Returns rungs whose epochs are multiplied by eta while one in eta trials is kept.
     *
     * @param minEpochs the epochs of the first rung, 1 or more
     * @param maxEpochs the largest number of epochs
     * @param eta 2 or more
     */
    public static Halving of(int minEpochs, int maxEpochs, int eta) {
      check(eta >= 2, "eta", eta, "2 or more");
      check(minEpochs >= 1, "minEpochs", minEpochs, "1 or more");
      check(maxEpochs / eta >= minEpochs, "maxEpochs", maxEpochs, "eta * minEpochs or more");
      ImmutableList.Builder<Integer> epochs = ImmutableList.builder();
      for (long rung = minEpochs; rung <= maxEpochs; rung *= eta) {
        epochs.add((int) rung);
      }
      return new Halving(epochs.build(), 1.0 / eta);
    }

    int kept(int started) {
      return Math.max(1, (int) Math.ceil(started * keep - 1e-9));
    }
  }

  /**
   * What is tried.
   *
   * @param space the options that differ, at least one, with their values
   * @param fixed the options of all trials
   * @param method how the trials are chosen
   * @param trials the number of random trials; empty for a grid
   * @param seed the seed of the random draws
   * @param halving the rungs; empty to train each trial once
   */
  public record Plan(
      ImmutableMap<String, Choice> space,
      ImmutableMap<String, ImmutableList<String>> fixed,
      Method method,
      OptionalInt trials,
      long seed,
      Optional<Halving> halving) {

    private static final int MOST = 100_000;

    /** Checks the plan. */
    public Plan {
      check(!space.isEmpty(), "space", "empty", "one option or more");
      for (Map.Entry<String, Choice> option : space.entrySet()) {
        check(
            !fixed.containsKey(option.getKey()),
            "option",
            option.getKey(),
            "either in the space or fixed, not both");
        check(
            method == Method.RANDOM || option.getValue() instanceof Values,
            option.getKey(),
            "a range",
            "listed values in a grid");
      }
      check(
          method == Method.RANDOM ? trials.isPresent() : trials.isEmpty(),
          "trials",
          trials.isPresent() ? trials.getAsInt() : "missing",
          "a number for random trials, and none for a grid");
      check(
          trials.orElse(1) >= 1 && trials.orElse(1) <= MOST,
          "trials",
          trials.orElse(1),
          "1 to " + MOST);
      check(
          method == Method.RANDOM || SpaceDraws.size(space) <= MOST,
          "space",
          SpaceDraws.size(space) + " combinations",
          "a grid of at most " + MOST);
    }

    /**
     * Returns a plan of random trials.
     *
     * @param space the options that differ; the draws depend on the order of the map, so take one
     *     with a fixed order
     * @param trials the number of trials, 1 or more
     * @param seed the seed of the draws
     */
    public static Plan random(Map<String, ? extends Choice> space, int trials, long seed) {
      return new Plan(
          ImmutableMap.copyOf(space),
          ImmutableMap.of(),
          Method.RANDOM,
          OptionalInt.of(trials),
          seed,
          Optional.empty());
    }

    /**
     * Returns a plan with each combination of listed values.
     *
     * @param space the options that differ, in an order that is kept
     */
    public static Plan grid(Map<String, Values> space) {
      return new Plan(
          ImmutableMap.copyOf(space),
          ImmutableMap.of(),
          Method.GRID,
          OptionalInt.empty(),
          0,
          Optional.empty());
    }

    /** Returns the same plan with successive halving. */
    public Plan withHalving(Halving rungs) {
      return new Plan(space, fixed, method, trials, seed, Optional.of(rungs));
    }

    /**
     * Returns the trials in their order. A random plan has fewer than it asks for if the space has
     * no more combinations.
     */
    public ImmutableList<Trial> list() {
      return SpaceDraws.trials(this);
    }
  }

  /**
   * Options that are tried.
   *
   * @param number its number, from 1
   * @param values the value of each option of the space
   */
  public record Trial(int number, ImmutableMap<String, String> values) {}

  /** Trains a trial. */
  @FunctionalInterface
  public interface Trainer {
    /**
     * Trains a trial from the start. A trial that goes on to the next rung is trained anew with
     * more epochs, so that its learning rate follows the schedule of that number of epochs.
     *
     * @param trial the trial
     * @param rung the rung, from 1
     * @param epochs the epochs of the rung; empty without halving
     * @return the result
     * @throws InterruptedException ends the search
     * @throws NotTrainedException if the trial is trained elsewhere and is not done: the search
     *     asks for the other trials of the rung, and then ends. Any other exception, and a lack of
     *     memory, fails the trial alone
     */
    Outcome train(Trial trial, int rung, OptionalInt epochs) throws Exception;
  }

  /** Thrown by a trainer for a trial that something else trains, and that is not done yet. */
  public static final class NotTrainedException extends Exception {

    private static final long serialVersionUID = 1;

    /** Creates the exception. */
    public NotTrainedException() {
      super("not trained yet");
    }
  }

  /**
   * A trial that is not trained yet.
   *
   * @param trial the trial
   * @param rung the rung, from 1
   * @param epochs the epochs of the rung; empty without halving
   */
  public record Waiting(Trial trial, int rung, OptionalInt epochs) {}

  /**
   * The result of a training.
   *
   * @param score the validation score; higher is better
   * @param run the name of the recorded run, for the table
   */
  public record Outcome(double score, String run) {}

  /** Receives the events of a search, on its thread. */
  @FunctionalInterface
  public interface Listener {
    /**
     * A trial of a rung is done, or was done before.
     *
     * @param entry its result
     */
    void onEntry(Entry entry);
  }

  /**
   * The result of a trial in a rung.
   *
   * @param trial the trial
   * @param rung the rung, from 1
   * @param epochs the epochs of the rung; empty without halving
   * @param score the validation score; empty if it failed
   * @param run the name of the recorded run; empty if it failed
   * @param failure why it failed; empty if it did not
   */
  public record Entry(
      Trial trial, int rung, OptionalInt epochs, OptionalDouble score, String run, String failure) {

    /** Returns whether it failed. */
    public boolean failed() {
      return score.isEmpty();
    }
  }

  /**
   * The result of a search.
   *
   * @param ranking the last result of each trial: those of later rungs first, of each rung the
   *     highest score first, the lower number on ties, and failed trials last
   * @param rungs the number of rungs
   * @param waiting the trials of one rung that are not trained yet; empty if the search is complete
   */
  public record Result(ImmutableList<Entry> ranking, int rungs, ImmutableList<Waiting> waiting) {

    /**
     * Returns the best trial of the last rung; empty if no trial was trained to its end, or trials
     * are not trained yet.
     */
    public Optional<Entry> best() {
      return !waiting.isEmpty()
          ? Optional.empty()
          : ranking.stream().filter(e -> !e.failed() && e.rung() == rungs).findFirst();
    }
  }

  /**
   * Trains what is not trained yet, and ranks the trials.
   *
   * @param folder the folder of the search; made if missing
   * @return the ranking
   * @throws IOException if the folder cannot be read or written, is in use by another process, or
   *     holds a search of another plan
   * @throws InterruptedException if the trainer throws it
   */
  public Result run(Path folder) throws IOException, InterruptedException {
    return FolderLock.<Result, InterruptedException>during(folder, () -> runIn(folder));
  }

  private Result runIn(Path folder) throws IOException, InterruptedException {
    SearchJournal journal = SearchJournal.open(folder, plan);
    List<Trial> going = plan.list();
    List<Entry> last = new ArrayList<>();
    List<OptionalInt> rungs = new ArrayList<>();
    if (plan.halving().isPresent()) {
      plan.halving().get().epochs().forEach(epochs -> rungs.add(OptionalInt.of(epochs)));
    } else {
      rungs.add(OptionalInt.empty());
    }
    for (int rung = 1; rung <= rungs.size(); rung++) {
      List<Entry> entries = new ArrayList<>();
      ImmutableList.Builder<Waiting> waiting = ImmutableList.builder();
      for (Trial trial : going) {
        Optional<Entry> known = journal.find(trial, rung);
        OptionalInt epochs = rungs.get(rung - 1);
        try {
          Entry entry = known.isPresent() ? known.get() : trained(trial, rung, epochs);
          if (known.isEmpty()) {
            journal.add(entry);
          }
          listener.onEntry(entry);
          entries.add(entry);
        } catch (NotTrainedException e) {
          waiting.add(new Waiting(trial, rung, epochs));
        }
      }
      if (!waiting.build().isEmpty()) {
        last.addAll(entries);
        last.sort(Search::better);
        return new Result(ImmutableList.copyOf(last), rungs.size(), waiting.build());
      }
      entries.sort(Search::better);
      int kept = rung < rungs.size() ? plan.halving().orElseThrow().kept(going.size()) : 0;
      List<Trial> next = new ArrayList<>();
      for (Entry entry : entries) {
        if (next.size() < kept && !entry.failed()) {
          next.add(entry.trial());
        } else {
          last.add(entry);
        }
      }
      next.sort(Comparator.comparingInt(Trial::number));
      going = next;
    }
    last.sort(Search::better);
    return new Result(ImmutableList.copyOf(last), rungs.size(), ImmutableList.of());
  }

  private static int better(Entry a, Entry b) {
    return Comparator.comparing(Entry::failed)
        .thenComparing(Comparator.comparingInt(Entry::rung).reversed())
        .thenComparing(Comparator.comparingDouble((Entry e) -> e.score().orElse(0)).reversed())
        .thenComparing(e -> e.trial().number())
        .compare(a, b);
  }

  private Entry trained(Trial trial, int rung, OptionalInt epochs)
      throws InterruptedException, NotTrainedException {
    try {
      Outcome outcome = trainer.train(trial, rung, epochs);
      checkArgument(
          Double.isFinite(outcome.score()),
          "its score is %s, expected a finite number",
          outcome.score());
      return new Entry(trial, rung, epochs, OptionalDouble.of(outcome.score()), outcome.run(), "");
    } catch (InterruptedException | NotTrainedException e) {
      throw e;
    } catch (Exception | OutOfMemoryError e) {
      String told = Objects.requireNonNullElse(e.getMessage(), e.getClass().getSimpleName());
      String failure =
          e instanceof OutOfMemoryError
              ? "out of memory: " + told
              : told.lines().findFirst().orElse("");
      return new Entry(trial, rung, epochs, OptionalDouble.empty(), "", failure);
    }
  }

  /** Builder of {@link Search}. Not thread-safe. */
  public static final class Builder {

    private final Plan plan;
    private final Trainer trainer;
    private Listener listener = entry -> {};

    private Builder(Plan plan, Trainer trainer) {
      this.plan = Objects.requireNonNull(plan, "plan");
      this.trainer = Objects.requireNonNull(trainer, "trainer");
    }

    /** Sets the listener that receives each result. */
    public Builder optListener(Listener value) {
      listener = value;
      return this;
    }

    /** Returns the search. */
    public Search build() {
      return new Search(this);
    }
  }
}
