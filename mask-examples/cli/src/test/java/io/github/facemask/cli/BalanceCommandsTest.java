package io.github.facemask.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.primitives.Doubles;
import io.github.facemask.evaluation.Evaluation;
import io.github.facemask.internal.records.RunJson;
import io.github.facemask.model.ModelFolder;
import io.github.facemask.prediction.PredictionTable;
import io.github.facemask.prediction.Prior;
import io.github.facemask.provenance.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Caps, deferred balance, adjusted logits and priors, from the command to the model's card. */
class BalanceCommandsTest {

  @TempDir static Path folder;

  private static Path photos;
  private static Path deferred;

  @BeforeAll
  static void train() throws IOException {
    photos = folder.resolve("photos");
    DrawnPhotos.copyTo(photos);
    deferred =
        run(
            "deferred",
            "--loss=LOGIT_ADJUSTED",
            "--adjust-tau=1.5",
            "--person-cap=4",
            "--rebalance=DEFERRED",
            "--defer-epochs=1");
  }

  private static Path run(String name, String... options) throws IOException {
    Path runs = folder.resolve(name);
    MaskRun run = MaskRun.of(words(runs, options).toArray());
    assertThat(run.code()).as(run.err()).isZero();
    return only(runs);
  }

  private static List<Object> words(Path runs, String... options) {
    List<Object> words = new ArrayList<>(List.of("train", "--data", photos, "--runs", runs));
    words.addAll(
        List.of(
            "--backbone=narrow_resnet",
            "--size=32",
            "--valid-share=0.4",
            "--epochs=2",
            "--precision=FLOAT32"));
    // Another number rounds otherwise, and runs are repeated here.
    words.add("--threads=1");
    words.addAll(List.of(options));
    return words;
  }

  private static Path only(Path runs) throws IOException {
    try (Stream<Path> all = Files.list(runs)) {
      return all.findFirst().orElseThrow();
    }
  }

  private static String fault(String... options) {
    MaskRun run = MaskRun.of(words(folder.resolve("none"), options).toArray());
    assertThat(run.code()).isEqualTo(2);
    return run.err();
  }

  @Test
  void aRunRecordsItsScheduleAndIsReproduced() throws IOException {
    JsonNode record = RunJson.record(RunFolder.open(deferred));

    assertThat(record.at("/loss/name").asText()).isEqualTo("deferred");
    assertThat(record.at("/loss/epochs").asInt()).isEqualTo(1);
    assertThat(record.at("/loss/first/tau").asDouble()).isEqualTo(1.5);
    assertThat(record.at("/batches/sampler/name").asText()).isEqualTo("deferred");
    assertThat(record.at("/batches/sampler/then/personCap").asInt()).isEqualTo(4);
    assertThat(record.at("/batches/balance/cap/perPerson").asInt()).isEqualTo(4);
    double natural = 0;
    double balanced = 0;
    for (int id = 0; id < 18; id++) {
      natural = Math.max(natural, record.at("/loss/first/prior/" + id).asDouble());
      balanced = Math.max(balanced, record.at("/loss/then/prior/" + id).asDouble());
    }
    assertThat(balanced).isLessThan(natural);
    MaskRun again = MaskRun.of("reproduce", deferred);
    assertThat(again.code()).as(again.out() + again.err()).isZero();
    // Its record is that of the same recipe.
    MaskRun resumed = MaskRun.of("resume", deferred);
    assertThat(resumed.code()).as(resumed.err()).isZero();
  }

  @Test
  void theSamplerIsTheSameForAnyNumberOfThreads() throws IOException {
    String[] options = {"--rebalance=PROGRESSIVE", "--person-cap=5", "--loss=BALANCED_SOFTMAX"};
    Path one = run("one", concat(options, "--workers=1"));
    Path eight = run("eight", concat(options, "--workers=8"));

    assertThat(ModelFolder.open(one.resolve("model")).weightsDigest())
        .isEqualTo(ModelFolder.open(eight.resolve("model")).weightsDigest());
  }

  private static String[] concat(String[] options, String more) {
    List<String> all = new ArrayList<>(List.of(options));
    all.add(more);
    return all.toArray(String[]::new);
  }

  @Test
  void evaluateCorrectsForOtherShares() throws IOException {
    Path plain = folder.resolve("plain.csv");
    Path corrected = folder.resolve("corrected.csv");
    Path shares = folder.resolve("shares.csv");
    Files.writeString(shares, "mask,share\nworn,1\nworn wrongly,1\nnot worn,8\n");
    evaluate("--predictions", plain);
    Path json = folder.resolve("corrected.json");
    MaskRun told = evaluate("--predictions", corrected, "--prior", shares, "--out", json);
    assertThat(told.out().lines())
        .contains("corrected for shares: worn 0.1000, worn wrongly 0.1000, not worn 0.8000");
    assertThat(new ObjectMapper().readTree(json.toFile()).at("/prior/shares/not worn").asDouble())
        .isEqualTo(0.8);
    assertThat(Evaluation.read(json).origin().prior()).contains(Prior.read(shares));
    assertThat(PredictionTable.read(corrected).origin().prior()).contains(Prior.read(shares));

    Prior training =
        Prior.of(
            Doubles.toArray(
                ModelFolder.open(deferred.resolve("model"))
                    .origin()
                    .shares()
                    .orElseThrow()
                    .learnt()));
    PredictionTable expected = Prior.read(shares).correct(PredictionTable.read(plain), training);
    PredictionTable found = PredictionTable.read(corrected);
    for (int row = 0; row < expected.size(); row++) {
      for (int id = 0; id < 18; id++) {
        assertThat(found.probability(row, id))
            .isCloseTo(expected.probability(row, id), within(1e-6f));
      }
    }
    MaskRun estimated = evaluate("--prior", "estimate");
    assertThat(estimated.out()).contains("corrected for estimated shares:");
    assertThat(estimated.err()).containsPattern("note: few photos: \\d+ for 18 labels");
    for (String word : List.of("uniform", "natural")) {
      assertThat(evaluate("--prior", word).out()).contains("corrected for shares:");
    }
  }

  private static MaskRun evaluate(Object... more) {
    List<Object> words = new ArrayList<>(List.of("evaluate", "--data", photos));
    words.addAll(List.of("--model", deferred, "--valid-share=0.4", "--precision=FLOAT32"));
    words.addAll(List.of(more));
    MaskRun run = MaskRun.of(words.toArray());
    assertThat(run.code()).as(run.err()).isZero();
    return run;
  }

  @Test
  void predictCorrectsAndAnOlderCardIsToldOf() throws IOException {
    Path photo;
    try (Stream<Path> all = Files.walk(photos.resolve("eval"))) {
      photo = all.filter(p -> p.toString().endsWith(".jpg")).findFirst().orElseThrow();
    }
    MaskRun plain = MaskRun.of("predict", "--model", deferred, "--json", photo);
    MaskRun corrected =
        MaskRun.of("predict", "--model", deferred, "--json", "--prior", "natural", photo);
    assertThat(corrected.code()).as(corrected.err()).isZero();
    assertThat(corrected.out()).isNotEqualTo(plain.out());

    Path old = folder.resolve("old");
    Tiny.model(old);
    MaskRun refused = MaskRun.of("predict", "--model", old, "--prior", "uniform", photo);
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err().lines())
        .singleElement()
        .asString()
        .contains("model.json")
        .contains("--training-prior");
    Path even = folder.resolve("even.csv");
    Files.writeString(even, "gender,share\nmale,1\nfemale,1\n");
    MaskRun given =
        MaskRun.of("predict", "--model", old, "--prior", even, "--training-prior", even, photo);
    assertThat(given.code()).as(given.err()).isZero();
    assertThat(MaskRun.of("predict", "--model", deferred, "--prior", folder, photo).err().lines())
        .singleElement()
        .asString()
        .contains("--prior")
        .contains(folder + ": is a folder, expected a CSV file of shares");
    assertThat(MaskRun.of("predict", "--model", old, "--prior", "half", photo).err())
        .contains("--prior is 'half', expected uniform, natural, estimate or a file");
    assertThat(MaskRun.of("predict", "--model", old, "--prior", "estimate", photo).err())
        .contains("needs all answers first");
  }

  @Test
  void choicesThatDoNotGoTogetherAreRefused() {
    assertThat(fault("--sampler=BALANCED", "--person-cap=2")).contains("--person-cap is 2");
    assertThat(fault("--sampler=SHUFFLED", "--rebalance=DEFERRED"))
        .contains("neither --sampler SHUFFLED nor --class-weights balances classes");
    assertThat(fault("--sampler=BALANCED", "--rebalance=PROGRESSIVE"))
        .contains("--rebalance is PROGRESSIVE and --sampler BALANCED");
    assertThat(fault("--class-weights=INVERSE", "--rebalance=PROGRESSIVE"))
        .contains("with --class-weights");
    assertThat(fault("--defer-epochs=1")).contains("expected --rebalance DEFERRED");
    assertThat(fault("--rebalance=DEFERRED", "--defer-epochs=9")).contains("--defer-epochs");
    assertThat(fault("--loss=LOGIT_ADJUSTED", "--adjust-tau=-1")).contains("--adjust-tau");
    assertThat(fault("--person-cap=0")).contains("--person-cap");
  }

  @Test
  void adjustedLogitsWithEqualSharesAreToldOf() {
    MaskRun run = MaskRun.of(words(folder.resolve("told"), "--loss=LOGIT_ADJUSTED").toArray());

    assertThat(run.out())
        .contains("--loss LOGIT_ADJUSTED is cross entropy; --sampler SHUFFLED shows");
  }
}
