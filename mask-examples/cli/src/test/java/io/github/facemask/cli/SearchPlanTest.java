package io.github.facemask.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import io.github.facemask.cli.options.CommandWords;
import io.github.facemask.search.Search.Entry;
import io.github.facemask.search.Search.Halving;
import io.github.facemask.search.Search.Method;
import io.github.facemask.search.Search.Plan;
import io.github.facemask.search.Search.Range;
import io.github.facemask.search.Search.Result;
import io.github.facemask.search.Search.Trial;
import io.github.facemask.search.Search.Values;
import io.github.facemask.training.Training.Monitor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Plans of a search, and the pages of its results. */
class SearchPlanTest {

  @TempDir Path folder;

  private Plan plan(String text) throws IOException {
    Path file = folder.resolve("plan.yaml");
    Files.writeString(file, text);
    return SearchPlan.read(file, List.of());
  }

  @Test
  void aPlanIsRead() throws IOException {
    Plan plan =
        plan(
            """
            space:
              lr: 1e-4..1e-2 log
              batch: 16 .. 64
              ema: 0..0.9
              mix: [NONE, cutmix]
              no-flip: [true, false]
            method: random
            trials: 9
            seed: 4
            halving: {epochs: [2, 4], keep: 1/3}
            base:
              data: [a=photos, b=more photos]
              lenient: true
              loss: FOCAL
            """);

    assertThat(plan.space().get("lr")).isEqualTo(new Range(1e-4, 1e-2, true, false));
    assertThat(plan.space().get("batch")).isEqualTo(new Range(16, 64, false, true));
    // The option takes other numbers than whole ones.
    assertThat(plan.space().get("ema")).isEqualTo(new Range(0, 0.9, false, false));
    assertThat(plan.space().get("mix")).isEqualTo(new Values(ImmutableList.of("NONE", "cutmix")));
    assertThat(plan.method()).isEqualTo(Method.RANDOM);
    assertThat(plan.trials()).hasValue(9);
    assertThat(plan.seed()).isEqualTo(4);
    assertThat(plan.halving()).hasValue(new Halving(ImmutableList.of(2, 4), 1 / 3.0));
    Trial trial = plan.list().get(0);
    List<String> words = SearchPlan.words(plan, trial.values(), OptionalInt.of(4));
    assertThat(words)
        .startsWith("train", "--data=a=photos", "--data=b=more photos", "--lenient", "--loss=FOCAL")
        .contains("--lr=" + trial.values().get("lr"), "--epochs=4")
        .doesNotContain("--no-flip=true", "--no-flip=false");
    assertThat(words.contains("--no-flip")).isEqualTo(trial.values().get("no-flip").equals("true"));
  }

  @Test
  void theCommandLineNamesOtherPhotos() throws IOException {
    Path file = folder.resolve("plan.yaml");
    Files.writeString(file, "space: {lr: [1e-3, 1e-2]}\nbase: {data: photos}\n");

    assertThat(SearchPlan.read(file, List.of("others")).fixed().get("data"))
        .containsExactly("others");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "space: [1]|:1: has no 'space', expected options with lists or ranges of values",
        "spaces: {}|:1: has 'spaces', expected one of space, method",
        "space:/  lrr: [1, 2]|:2: has 'lrr', expected an option of 'mask train'",
        "space:/  runs: [a, b]|:2: has 'runs', expected an option of 'mask train'",
        "space:/  lr: [1e-3, fast]|:2: has a wrong value: Invalid value for option '--lr'",
        "space:/  mix:/  - NONE/  - CUTMIXX|:4: has a wrong value: Invalid value for option '--mix'",
        "space:/  lr: [1e-3, 1e-3]|:2: has 1e-3 again, expected each value once",
        "space:/  lr: 1e-3|:2: lr is 1e-3, expected a list as [a, b], or a range",
        "space:/  lr: 1e-2..1e-4|:2: range is 0.01..1.0E-4, expected two numbers, the lower one",
        "space:/  lr: 0..1 log|:2: range is 0.0..1.0 log, expected numbers above 0",
        "space:/  no-flip: [maybe]|:2: no-flip is maybe, expected true or false",
        "space:/  best-by: [ACCURACY, MACRO_F1]|:2: varies 'best-by'",
        "space: {lr: [1, 2]}/method: bayes|:2: method is bayes, expected grid or random",
        "space: {lr: [1, 2]}/method: random|has no 'trials', expected their number",
        "space: {lr: [1, 2]}/trials: many|:2: trials are many, expected a whole number of 1 or more",
        "space: {lr: [1, 2]}/method: grid/trials: 3|:3: trials is 3, expected a number",
        "space:/  lr: 0.1..0.2/method: grid|:2: lr is a range, expected listed values in a grid",
        "space: {lr: [1, 2]}/seed: x|:2: seed is x, expected a whole number",
        "space: {lr: [1, 2]}/halving:/  epochs: [4, 2]|:3: epochs are [4, 2], expected two or more",
        "space: {lr: [1, 2]}/halving:/  epochs: [2, x]|:3: 1 is x, expected a whole number",
        "space: {lr: [1, 2]}/halving:/  epochs: [2, 4]/  keep: most|:4: keep is most, expected a",
        "space: {lr: [1, 2]}/halving:/  epochs: [2, 4]/  keep: 2|:4: keep is 2.0, expected above 0",
        "space: {lr: [1, 2]}/halving:/  eta: 2/  min-epochs: 4/  max-epochs: 5|:5: max epochs is 5",
        "space: {lr: [1, 2]}/halving:/  epochs: [2, 4]/  eta: 2|:4: has 'eta' and 'epochs'",
        "space: {epochs: [1, 2]}/halving:/  epochs: [2, 4]|:1: has epochs, expected the epochs of",
        "space: {lr: [1, 2]}/base:/  lr: 0.1|:1: option is lr, expected either in the space or",
        "space: {lr: [1, 2]}/base:/  size: big|:3: has a wrong value: Invalid value for option",
        "space: {lr: [1, 2]}/base:/  lenient: 7|:3: lenient is 7, expected true or false",
        "space: {lr: [1, 2]}/space: {}|:2: has 'space' again, expected it once",
        "space: {lr: [1, 2]|is not YAML"
      })
  void aFaultIsToldByItsLine(String text, String told) {
    String lines = text.replace('/', '\n');
    String plan = lines.contains("base:") ? lines + "\n  data: photos\n" : lines + "\n" + BASE;

    assertThatThrownBy(() -> plan(plan))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("plan.yaml")
        .hasMessageContaining(told);
  }

  private static final String BASE = "base: {data: photos}\n";

  @Test
  void aPlanWithoutPhotosIsRefused() {
    assertThatThrownBy(() -> plan("space: {lr: [1, 2]}\n")).hasMessageContaining("names no photos");
  }

  @Test
  void theWordsOfACommandAreQuotedForAShell() {
    assertThat(CommandWords.quoted("--lr=1e-3")).isEqualTo("--lr=1e-3");
    assertThat(CommandWords.quoted("--data=my photos")).isEqualTo("'--data=my photos'");
    assertThat(CommandWords.quoted("it's")).isEqualTo("'it'\\''s'");
  }

  @Test
  void thePagesShowTheBestFirstAndWhatWasStopped() throws IOException {
    Plan plan =
        plan(
            """
            space: {lr: [1e-4, 1e-3, 1e-2], mix: [NONE, "<CUTMIX>"]}
            halving: {epochs: [1, 2]}
            base: {data: my photos, best-by: VALIDATION_LOSS}
            """
                .replace("\"<CUTMIX>\"", "CUTMIX"));
    List<Entry> entries = new ArrayList<>();
    List<Trial> trials = plan.list();
    entries.add(
        new Entry(trials.get(3), 2, OptionalInt.of(2), OptionalDouble.of(-1.25), "trials/a", ""));
    entries.add(
        new Entry(trials.get(0), 1, OptionalInt.of(1), OptionalDouble.of(-2), "trials/b", ""));
    entries.add(
        new Entry(trials.get(1), 1, OptionalInt.of(1), OptionalDouble.empty(), "", "no | memory"));
    Result result = new Result(ImmutableList.copyOf(entries), 2, ImmutableList.of());
    SearchPage page = new SearchPage(plan, result, Monitor.VALIDATION_LOSS);

    assertThat(page.csv())
        .isEqualTo(
            """
            trial,lr,mix,validation loss,rung,epochs,state,run
            4,1e-3,CUTMIX,1.2500,2,2,finished,trials/a
            1,1e-4,NONE,2.0000,1,1,stopped after rung 1,trials/b
            2,1e-4,CUTMIX,,1,1,failed: no | memory,
            """);
    assertThat(page.markdown())
        .contains("| 4 | 1e-3 | CUTMIX | 1.2500 | 2 | 2 | finished | trials/a |")
        .contains("failed: no \\| memory")
        .contains("too good by chance")
        .contains(
            "mask train '--data=my photos' --best-by=VALIDATION_LOSS --lr=1e-3 --mix=CUTMIX"
                + " --epochs=2");
    String svg = page.svg();
    assertThat(svg.split("<polyline", -1)).hasSize(3);
    assertThat(svg)
        .contains(
            "trial 4: 1.2500, finished", "#D55E00", "1 failed, not drawn", ">validation loss<")
        .doesNotContain("http://www.w3.org/1999");
    assertThat(svg).doesNotContain("NaN");
  }
}
