package io.github.facemask.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.facemask.internal.files.FolderLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trainings of a command that are started one by one, as on several machines. */
class PartsTest {

  @TempDir static Path folder;

  private static Path photos;

  @BeforeAll
  static void draw() throws IOException {
    photos = folder.resolve("photos");
    DrawnPhotos.copyTo(photos);
  }

  private static Object[] crossValidation(Path out, Object... more) {
    List<Object> words = new ArrayList<>(List.of("cross-validate", "--data", photos));
    words.addAll(
        List.of(
            "--out",
            out,
            "--folds",
            2,
            "--epochs",
            1,
            "--backbone",
            "narrow_resnet",
            "--size",
            32));
    words.addAll(List.of("--threads", 1));
    words.addAll(Arrays.asList(more));
    return words.toArray();
  }

  @Test
  void foldsOneByOneGiveWhatAllAtOnceGive() throws IOException {
    Path out = folder.resolve("parts");
    assertThat(names(crossValidation(out, "--pending"))).containsExactly("fold-0", "fold-1");

    succeed(crossValidation(out, "--only", "fold-1"));

    assertThat(names(crossValidation(out, "--pending"))).containsExactly("fold-0");
    succeed(crossValidation(out, "--only", "fold-0"));
    assertThat(names(crossValidation(out, "--pending"))).isEmpty();
    MaskRun end = succeed(crossValidation(out));
    assertThat(end.out()).contains(": complete, 1 epoch").doesNotContain("training begins");
    Path alone = folder.resolve("alone");
    succeed(crossValidation(alone));
    assertThat(rows(out)).isEqualTo(rows(alone));
  }

  @Test
  void foldsOfOtherChoicesAreRefusedBeforeTheyAreTrained() throws IOException {
    Path out = folder.resolve("unlike");
    succeed(crossValidation(out, "--only", "fold-1"));

    MaskRun patience = MaskRun.of(crossValidation(out, "--only", "fold-0", "--patience", 3));
    MaskRun rate = MaskRun.of(crossValidation(out, "--only", "fold-0", "--drop-rate", 0.1));
    MaskRun folds = MaskRun.of(crossValidation(out, "--only", "fold-0", "--split-seed", 9));

    assertThat(patience.err())
        .contains("has patience 0, but this fold would have 3; use the same value");
    assertThat(rate.err()).contains("has network.dropRate 0.0, but this fold would have 0.1");
    assertThat(folds.err()).contains("fold 1 validates other photos there");
    assertThat(List.of(patience.code(), rate.code(), folds.code())).containsOnly(2);
    try (Stream<Path> trained = Files.list(out)) {
      assertThat(trained.map(p -> p.getFileName().toString()).filter(n -> n.startsWith("fold")))
          .containsExactly("fold-1");
    }
  }

  private static List<String> rows(Path out) throws IOException {
    List<String> lines = Files.readAllLines(out.resolve("out-of-fold.csv"));
    return lines.subList(1, lines.size());
  }

  @Test
  void aPartThatIsInWorkElsewhereIsRefused() throws IOException {
    Path out = folder.resolve("twice");
    MaskRun second =
        FolderLock.<MaskRun, RuntimeException>during(
            out.resolve("fold-0"), () -> MaskRun.of(crossValidation(out, "--only", "fold-0")));

    assertThat(second.code()).isEqualTo(2);
    assertThat(second.err()).contains("is in use by another process that writes there");
    try (Stream<Path> left = Files.list(out.resolve("fold-0"))) {
      assertThat(left.map(p -> p.getFileName().toString())).containsExactly(".lock");
    }
  }

  @Test
  void wrongNamesAreToldTheRightOnes() {
    Path out = folder.resolve("none");
    MaskRun other = MaskRun.of(crossValidation(out, "--only", "fold-9"));
    MaskRun both = MaskRun.of(crossValidation(out, "--only", "fold-0", "--pending"));

    assertThat(other.code()).isEqualTo(2);
    assertThat(other.err()).contains("training is 'fold-9', expected one of fold-0, fold-1");
    assertThat(both.code()).isEqualTo(2);
    assertThat(both.err()).contains("given with --pending, expected one of the two");
    assertThat(out).doesNotExist();
  }

  @Test
  void aTrialThatFailsElsewhereHasItsReasonInTheTable() throws IOException {
    Path plan = folder.resolve("plan.yaml");
    Files.writeString(
        plan,
        """
        space:
          lr: [0.001, 1.0e30]
        base: {backbone: narrow_resnet, size: 32, epochs: 1, precision: FLOAT32, clip: 1.0e30}
        method: grid
        """);
    Path out = folder.resolve("search");
    Object[] search = {"search", "--plan", plan, "--data", photos, "--out", out};
    assertThat(names(with(search, "--pending"))).containsExactly("001", "002");

    assertThat(succeed(with(search, "--only", "002")).out())
        .contains("trial 002 failed; the search goes on");
    assertThat(names(with(search, "--pending"))).containsExactly("001");
    MaskRun end = succeed(search);

    assertThat(end.out()).contains("trial 2, rung 1: failed: training loss is NaN in epoch 1");
    assertThat(Files.readString(out.resolve("search.md"))).contains("training loss is NaN");
  }

  @Test
  void aFaultOfThePhotosStopsTheSearchUntilItIsMended() throws IOException {
    Path odd = Files.createDirectories(folder.resolve("odd"));
    Path unlabelled = Files.writeString(odd.resolve("a.jpg"), "not a photo");
    Path plan = folder.resolve("faulty.yaml");
    Files.writeString(
        plan,
        """
        space:
          lr: [0.001, 0.002]
        base: {backbone: narrow_resnet, size: 32, epochs: 1}
        method: grid
        """);
    Path out = folder.resolve("faulty");
    Object[] search = {"search", "--plan", plan, "--data", odd, "--out", out};

    MaskRun stopped = MaskRun.of(search);

    assertThat(stopped.code()).isEqualTo(2);
    assertThat(stopped.err())
        .contains("the search stopped, for a training cannot begin")
        .hasLineCount(2);
    assertThat(out.resolve("search.md")).doesNotExist();

    Files.delete(unlabelled);
    DrawnPhotos.copyTo(odd);
    MaskRun end = succeed(search);

    assertThat(end.out())
        .contains("trial 1, rung 1: 0.", "trial 2, rung 1: 0.")
        .doesNotContain("failed");
  }

  @Test
  void anAblationTellsAndTrainsItsParts() throws IOException {
    Path plan = folder.resolve("ablation.yaml");
    Files.writeString(
        plan,
        """
        seeds: [1]
        base: {backbone: narrow_resnet, size: 32, epochs: 1}
        switches:
          plain: {}
          faces: {crops: auto, unaudited-crops: true}
        """);
    Path out = folder.resolve("ablation");
    Path few = folder.resolve("few");
    DrawnPhotos.copyTo(few, 12);
    Object[] ablate = {"ablate", "--plan", plan, "--data", few, "--out", out};

    assertThat(names(with(ablate, "--pending")))
        .containsExactly("plain-seed1", "faces-seed1", "plain-by-photo-seed1");
    succeed(with(ablate, "--only", "faces-seed1"));
    assertThat(names(with(ablate, "--pending")))
        .containsExactly("plain-seed1", "plain-by-photo-seed1");
  }

  private static Object[] with(Object[] words, Object... more) {
    List<Object> all = new ArrayList<>(Arrays.asList(words));
    all.addAll(Arrays.asList(more));
    return all.toArray();
  }

  private static List<String> names(Object... words) {
    return succeed(words).out().lines().toList();
  }

  private static MaskRun succeed(Object... words) {
    MaskRun run = MaskRun.of(words);
    assertThat(run.code()).as(run.err()).isZero();
    return run;
  }
}
