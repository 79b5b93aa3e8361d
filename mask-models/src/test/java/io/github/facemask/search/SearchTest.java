package io.github.facemask.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.facemask.search.Search.Choice;
import io.github.facemask.search.Search.Entry;
import io.github.facemask.search.Search.Halving;
import io.github.facemask.search.Search.Method;
import io.github.facemask.search.Search.Outcome;
import io.github.facemask.search.Search.Plan;
import io.github.facemask.search.Search.Range;
import io.github.facemask.search.Search.Result;
import io.github.facemask.search.Search.Trainer;
import io.github.facemask.search.Search.Trial;
import io.github.facemask.search.Search.Values;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plans, rungs and records of a search whose trials are made up. */
class SearchTest {

  private static final Values LETTERS = new Values(ImmutableList.of("a", "b", "c"));
  private static final Values DIGITS = new Values(ImmutableList.of("1", "2"));

  @TempDir Path folder;

  private final List<String> trained = new ArrayList<>();

  private static Plan grid(Optional<Halving> halving) {
    return new Plan(
        ImmutableMap.of("letter", LETTERS, "digit", DIGITS),
        ImmutableMap.of("size", ImmutableList.of("32")),
        Method.GRID,
        OptionalInt.empty(),
        1,
        halving);
  }

  private static Plan random(ImmutableMap<String, Choice> space, int trials, long seed) {
    return new Plan(
        space, ImmutableMap.of(), Method.RANDOM, OptionalInt.of(trials), seed, Optional.empty());
  }

  /** Its score is its number, and a hundredth for each epoch. */
  private Outcome numbered(Trial trial, int rung, OptionalInt epochs) {
    trained.add(trial.number() + "/" + rung + "/" + epochs.orElse(0));
    return new Outcome(trial.number() + epochs.orElse(0) / 100.0, "run" + trial.number());
  }

  private Result run(Plan plan, Trainer trainer) throws Exception {
    return Search.builder(plan, trainer).build().run(folder);
  }

  @Test
  void aGridHasEachCombinationOnce() {
    List<Trial> trials = grid(Optional.empty()).list();

    assertThat(trials).hasSize(6).extracting(Trial::number).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(trials).extracting(Trial::values).doesNotHaveDuplicates();
    assertThat(trials.get(1).values()).isEqualTo(ImmutableMap.of("letter", "a", "digit", "2"));
  }

  @Property(tries = 50)
  void randomTrialsAreRepeatableAndInside(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 40) int trials) {
    ImmutableMap<String, Choice> space =
        ImmutableMap.of(
            "rate", new Range(1e-4, 1e-2, true, false),
            "share", new Range(0.1, 0.9, false, false),
            "count", new Range(2, 6, false, true),
            "letter", LETTERS);
    Plan plan = random(space, trials, seed);

    ImmutableList<Trial> drawn = plan.list();

    assertThat(drawn).hasSize(trials).isEqualTo(plan.list());
    assertThat(drawn).extracting(Trial::values).doesNotHaveDuplicates();
    // More trials begin with the same ones.
    assertThat(random(space, trials + 5, seed).list().subList(0, trials)).isEqualTo(drawn);
    for (Trial trial : drawn) {
      assertThat(Double.parseDouble(trial.values().get("rate"))).isBetween(1e-4, 1e-2);
      assertThat(Double.parseDouble(trial.values().get("share"))).isBetween(0.1, 0.9);
      assertThat(Integer.parseInt(trial.values().get("count"))).isBetween(2, 6);
      assertThat(LETTERS.values()).contains(trial.values().get("letter"));
    }
  }

  @Test
  void drawsFillTheirRanges() {
    ImmutableMap<String, Choice> space =
        ImmutableMap.of(
            "rate", new Range(1e-4, 1e-2, true, false), "count", new Range(1, 4, false, true));
    List<Trial> trials = random(space, 4000, 3).list();

    double low =
        trials.stream().filter(t -> Double.parseDouble(t.values().get("rate")) < 1e-3).count();
    assertThat(low / trials.size()).isCloseTo(0.5, within(0.05));
    for (int count = 1; count <= 4; count++) {
      String text = Integer.toString(count);
      double share = trials.stream().filter(t -> t.values().get("count").equals(text)).count();
      assertThat(share / trials.size()).isCloseTo(0.25, within(0.04));
    }
  }

  @Test
  void aSmallSpaceIsExhausted() {
    assertThat(random(ImmutableMap.of("letter", LETTERS), 10, 1).list()).hasSize(3);
  }

  @Test
  void theBestTrialIsFirstAndTiesGoToTheLowerNumber() throws Exception {
    Result result =
        run(
            grid(Optional.empty()),
            (trial, rung, epochs) -> new Outcome(trial.number() % 3, "run"));

    assertThat(result.ranking())
        .extracting(e -> e.trial().number())
        .containsExactly(2, 5, 1, 4, 3, 6);
    assertThat(result.best().orElseThrow().trial().number()).isEqualTo(2);
  }

  @Test
  void halvingTrainsTheBestTrialsLonger() throws Exception {
    Halving halving = new Halving(ImmutableList.of(2, 4, 8), 0.5);

    Result result = run(grid(Optional.of(halving)), this::numbered);

    assertThat(trained)
        .containsExactly(
            "1/1/2", "2/1/2", "3/1/2", "4/1/2", "5/1/2", "6/1/2", "4/2/4", "5/2/4", "6/2/4",
            "5/3/8", "6/3/8");
    assertThat(result.ranking())
        .extracting(e -> e.trial().number() + " in " + e.rung())
        .containsExactly("6 in 3", "5 in 3", "4 in 2", "3 in 1", "2 in 1", "1 in 1");
    assertThat(result.best().orElseThrow().score()).hasValue(6.08);
  }

  @Test
  void rungsByEta() {
    assertThat(Halving.of(1, 30, 3)).isEqualTo(new Halving(ImmutableList.of(1, 3, 9, 27), 1 / 3.0));
    assertThat(Halving.of(2, 8, 2).kept(5)).isEqualTo(3);
    assertThat(Halving.of(2, 8, 2).kept(1)).isEqualTo(1);
    assertThat(Halving.of(1, 27, 3).kept(27)).isEqualTo(9);
  }

  @Test
  void aSearchThatWasStoppedGoesOnWithTheNextTrial() throws Exception {
    Plan plan = grid(Optional.of(new Halving(ImmutableList.of(1, 2), 0.5)));
    Result whole = Search.builder(plan, this::numbered).build().run(folder.resolve("whole"));
    List<String> all = List.copyOf(trained);
    trained.clear();
    for (int stop = 1; stop < all.size(); stop++) {
      int after = trained.size() + 2;
      assertThatThrownBy(
              () ->
                  run(
                      plan,
                      (trial, rung, epochs) -> {
                        if (trained.size() + 1 == after) {
                          throw new InterruptedException("stopped");
                        }
                        return numbered(trial, rung, epochs);
                      }))
          .isInstanceOf(InterruptedException.class);
      if (trained.size() == all.size() - 1) {
        break;
      }
    }

    Result result = run(plan, this::numbered);

    assertThat(trained).isEqualTo(all);
    assertThat(result).isEqualTo(whole);
    // Complete, it trains nothing.
    assertThat(run(plan, this::numbered)).isEqualTo(whole);
    assertThat(trained).isEqualTo(all);
  }

  @Test
  void aTrialThatFailsIsRecordedAndTheOthersGoOn() throws Exception {
    List<Entry> told = new ArrayList<>();
    Plan plan = grid(Optional.of(new Halving(ImmutableList.of(1, 2), 0.5)));
    Trainer trainer =
        (trial, rung, epochs) ->
            switch (trial.number()) {
              case 6 -> throw new IllegalArgumentException("no such option\nmore");
              case 5 -> throw new OutOfMemoryError("Java heap space");
              case 4 -> new Outcome(Double.NaN, "run4");
              case 3 -> throw new IOException();
              default -> numbered(trial, rung, epochs);
            };

    Result result = Search.builder(plan, trainer).optListener(told::add).build().run(folder);

    assertThat(told).filteredOn(e -> e.rung() == 1).hasSize(6);
    assertThat(result.best().orElseThrow().trial().number()).isEqualTo(2);
    assertThat(result.ranking())
        .filteredOn(Entry::failed)
        .extracting(Entry::failure)
        .containsExactly(
            "IOException",
            "its score is NaN, expected a finite number",
            "out of memory: Java heap space",
            "no such option");
    // They are not trained again.
    assertThat(run(plan, trainer)).isEqualTo(result);
  }

  @Test
  void noTrialMaySucceed() throws Exception {
    Result result =
        run(
            grid(Optional.of(new Halving(ImmutableList.of(1, 2), 0.5))),
            (trial, rung, epochs) -> {
              throw new IllegalStateException("always");
            });

    assertThat(result.best()).isEmpty();
    assertThat(result.ranking()).hasSize(6).allMatch(Entry::failed);
  }

  @Test
  void aFolderOfAnotherPlanIsRefused() throws Exception {
    run(grid(Optional.empty()), this::numbered);

    assertThatThrownBy(() -> run(random(ImmutableMap.of("a", LETTERS), 2, 1), this::numbered))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("trials.jsonl: holds the trials of another plan");
    Files.writeString(
        folder.resolve("trials.jsonl"), Files.readString(folder.resolve("trials.jsonl")) + "{}\n");
    assertThatThrownBy(() -> run(grid(Optional.empty()), this::numbered))
        .hasMessageContaining("trials.jsonl:8: is not the result of a trial");
  }

  @Test
  void faultyPlansAreRefused() {
    assertThatThrownBy(() -> new Range(2, 1, false, false)).hasMessageContaining("2.0..1.0");
    assertThatThrownBy(() -> new Range(0, 1, true, false)).hasMessageContaining("above 0");
    assertThatThrownBy(() -> new Range(0.5, 2, false, true)).hasMessageContaining("whole");
    assertThatThrownBy(() -> new Values(ImmutableList.of("a", "a"))).hasMessageContaining("once");
    assertThatThrownBy(() -> new Halving(ImmutableList.of(2, 2), 0.5))
        .hasMessageContaining("rising");
    assertThatThrownBy(() -> Halving.of(4, 7, 2)).hasMessageContaining("max epochs is 7");
    assertThatThrownBy(
            () ->
                new Plan(
                    ImmutableMap.of("rate", new Range(1, 2, false, false)),
                    ImmutableMap.of(),
                    Method.GRID,
                    OptionalInt.empty(),
                    1,
                    Optional.empty()))
        .hasMessageContaining("listed values in a grid");
    assertThatThrownBy(
            () ->
                new Plan(
                    ImmutableMap.of("size", DIGITS),
                    ImmutableMap.of("size", ImmutableList.of("1")),
                    Method.GRID,
                    OptionalInt.empty(),
                    1,
                    Optional.empty()))
        .hasMessageContaining("not both");
  }
}
