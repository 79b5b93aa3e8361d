package io.github.facemask.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
        base: {size: 32, epochs: 1, mix: NONE, sampler: SHUFFLED}
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
  void aPlanWithoutSwitchesIsRefused() throws IOException {
    Path plan = Files.writeString(folder.resolve("empty.yaml"), "seeds: [1]\n");

    assertThatThrownBy(() -> AblationPlan.read(plan)).hasMessageContaining("no switches");
  }
}
