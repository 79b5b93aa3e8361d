package io.github.facemask.ensemble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.facemask.combination.Combination;
import io.github.facemask.learning.TrainedModel;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnsemblerTest {

  @TempDir static Path folder;

  private static Candidate first;
  private static Candidate second;

  @BeforeAll
  static void train() throws IOException {
    first = Candidate.open(TrainedModel.in(folder.resolve("first"), 1).run());
    second = Candidate.open(TrainedModel.in(folder.resolve("second"), 2).run());
  }

  @Test
  void weightsBecomeShares() {
    Ensembler made =
        Ensembler.builder(first, second)
            .optCombination(Combination.SOFT_VOTE)
            .optWeights(3, 1)
            .build();

    assertThat(made.vote().shares().get(0)).isCloseTo(0.75, within(1e-12));
    assertThat(made.ensemble().members()).hasSize(2);
    assertThat(made.ensemble().combination()).isEqualTo(Combination.SOFT_VOTE);
  }

  @Test
  void aWrittenEnsembleIsOpenedAsItWas() throws IOException {
    Ensembler made = Ensembler.builder(first, second).optTemperatures(1, 2).build();
    Path to = folder.resolve("written");
    made.ensemble().write(to);

    Ensemble read = Ensemble.open(to);

    assertThat(read.members()).hasSize(2);
    assertThat(read.members())
        .extracting(member -> member.voter().temperature())
        .containsExactly(1.0, 2.0);
    assertThat(read.members())
        .extracting(member -> member.model().weightsDigest())
        .containsExactlyElementsOf(
            made.ensemble().members().stream().map(m -> m.model().weightsDigest()).toList());
  }

  @Test
  void whatDoesNotFitIsRefused() {
    assertThatThrownBy(() -> Ensembler.builder(first).optWeights(1, 2).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected");
    assertThatThrownBy(() -> Ensembler.builder(first, second).optWeights(0, 0).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("weights are all 0");
    assertThatThrownBy(() -> Ensembler.builder(first, first).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("has the weights of another member");
  }
}
