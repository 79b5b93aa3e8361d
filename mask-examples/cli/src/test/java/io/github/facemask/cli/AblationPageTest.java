package io.github.facemask.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AblationPageTest {

  @TempDir static Path folder;

  @Test
  void theSmallPlanComparesTheCompetitionsSwitchesWithPlainTraining() throws IOException {
    AblationPlan plan = AblationPlan.read(null);

    assertThat(plan.switches().keySet())
        .containsExactly(
            "plain",
            "balanced sampler",
            "CutMix",
            "face crop",
            "focal loss",
            "three heads",
            "all together");
    assertThat(plan.seeds()).hasSizeGreaterThan(1);
    assertThat(plan.switches().get("plain")).isEmpty();
  }

  @Test
  void aPlanIsTrainedIntoATableAndAPictureAndRunsStay() throws IOException {
    Path plan = folder.resolve("plan.yaml");
    Files.writeString(
        plan,
        """
        people: 36
        validShare: 0.4
        seeds: [1, 2]
        base: {backbone: narrow_resnet, size: 32, epochs: 1, mix: NONE, sampler: SHUFFLED}
        switches:
          plain: {}
          three heads & more: {heads: ATTRIBUTES}
          stops early: {epochs: 4, patience: 1, lr: 1e-12}
        """);
    Path out = folder.resolve("ablation");

    MaskRun first = MaskRun.of("ablate", "--plan", plan, "--out", out);
    assertThat(first.code()).as(first.err()).isZero();
    String page = Files.readString(out.resolve("ablation.md"));
    assertThat(page)
        .contains("| plain |", "+0.0000 to +0.0000", "| three heads & more |", "ensemble of all")
        .contains("Split by photo instead of by person");
    assertThat(Files.readString(out.resolve("ablation.svg")))
        .startsWith("<svg")
        .contains("three heads &amp; more");

    MaskRun again = MaskRun.of("ablate", "--plan", plan, "--out", out);
    assertThat(again.out()).doesNotContain("$ mask train");
    assertThat(Files.readString(out.resolve("ablation.md"))).isEqualTo(page);
  }

  @Test
  void setsThatKnowOnlyAPartAreComparedOnPhotosOfTheirOwn() throws IOException {
    Path drawn = folder.resolve("drawn");
    DrawnPhotos.copyTo(drawn);
    for (Path person : list(drawn.resolve("train/images"))) {
      String name = person.getFileName().toString();
      if (!name.matches("\\d.*")) {
        continue;
      }
      for (Path photo : list(person)) {
        String file = photo.getFileName().toString();
        if (file.startsWith(".")) {
          continue;
        }
        boolean bare = file.startsWith("normal");
        String gender = name.contains("female") ? "female" : "male";
        boolean training = name.compareTo("000018") < 0;
        copy(photo, "faces/" + gender + "/" + name + ".jpg", bare && training);
        String part = training ? "masks" : "judges";
        copy(photo, part + "/" + (bare ? "without_mask" : "with_mask") + "/" + name + ".jpg", true);
      }
    }
    Path plan =
        Files.writeString(
            folder.resolve("partial.yaml"),
            """
            validShare: 0.3
            seeds: [1]
            base:
              data: [faces=FOLDER/faces, masks=FOLDER/masks]
              assume: faces:mask=not_worn
              attributes: mask,gender
              backbone: narrow_resnet
              size: 32
              epochs: 1
              mix: NONE
              precision: FLOAT32
              face-detector: cascade
            judge: {data: FOLDER/judges}
            switches:
              plain: {}
              overlay: {overlay: 0.4,0.2}
              two transforms: {augment: [flip, grayscale]}
            """
                .replace("overlay: 0.4,0.2", "overlay: '0.4,0.2'")
                .replace("mask,gender", "'mask,gender'")
                .replace("FOLDER", folder.toString()));
    Path out = folder.resolve("partial");

    MaskRun run = MaskRun.of("ablate", "--plan", plan, "--out", out);

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(Files.readString(out.resolve("ablation.md")))
        .contains("classes present) on", "| overlay |", "| two transforms |", "ensemble of all")
        .doesNotContain("Split by photo");
    assertThat(run.out()).contains("--overlay-faces=", "masks are drawn on");
    assertThat(run.out().split("mask crop ", -1)).as("faces are found once").hasSize(2);
  }

  private static List<Path> list(Path from) throws IOException {
    try (Stream<Path> all = Files.list(from)) {
      return all.sorted().toList();
    }
  }

  private static void copy(Path photo, String name, boolean wanted) throws IOException {
    Path to = folder.resolve(name);
    if (wanted && !Files.exists(to)) {
      Files.createDirectories(to.getParent());
      Files.copy(photo, to);
    }
  }

  @Test
  void aPlanWithoutSwitchesIsRefused() throws IOException {
    Path plan = Files.writeString(folder.resolve("empty.yaml"), "seeds: [1]\n");

    assertThatThrownBy(() -> AblationPlan.read(plan)).hasMessageContaining("no switches");
  }
}
