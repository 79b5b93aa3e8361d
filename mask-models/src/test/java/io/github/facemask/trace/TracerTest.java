package io.github.facemask.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.facemask.ensemble.Candidate;
import io.github.facemask.ensemble.Ensembler;
import io.github.facemask.learning.TrainedModel;
import io.github.facemask.problem.InvalidFileException;
import io.github.facemask.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TracerTest {

  @TempDir static Path folder;

  private static TrainedModel trained;

  @BeforeAll
  static void train() throws IOException {
    trained = TrainedModel.in(folder);
  }

  private static TraceNode trace(Path path) throws IOException {
    return Tracer.in(List.of(folder.resolve("runs")), true).trace(path);
  }

  @Test
  void aRunOfJavaIsTracedToItsPhotosAndCanBeReproduced() throws IOException {
    TraceNode node = trace(trained.run());

    assertThat(node.allProblems()).isEmpty();
    assertThat(node.text()).contains("can be reproduced: yes", "checked: 54 photos, 0 changed");
  }

  @Test
  void aChangedPhotoIsNamed() throws IOException {
    Path photo = trained.files().get(3);
    byte[] before = Files.readAllBytes(photo);
    try {
      Files.write(photo, new byte[] {0}, StandardOpenOption.APPEND);

      assertThat(trace(trained.run()).allProblems())
          .extracting(Problem::message)
          .singleElement()
          .asString()
          .contains("1 photos were changed", trained.photos().get(3).photo().id());
    } finally {
      Files.write(photo, before);
    }
  }

  @Test
  void changedWeightsOfAMemberAreNamed() throws IOException {
    Path best = folder.resolve("best");
    Ensembler.builder(Candidate.open(trained.run())).build().ensemble().write(best);
    assertThat(trace(best).allProblems()).isEmpty();

    Path weights = best.resolve("members/0/weights.safetensors");
    byte[] bytes = Files.readAllBytes(weights);
    bytes[bytes.length - 1] ^= 1;
    Files.write(weights, bytes);

    assertThat(trace(best).allProblems())
        .extracting(Problem::message)
        .anyMatch(message -> message.contains("weights.safetensors"));
  }

  @Test
  void whatIsNoResultIsRefused() {
    assertThatThrownBy(() -> trace(folder.resolve("photos")))
        .isInstanceOf(InvalidFileException.class);
  }
}
