package io.github.facemask.combination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.facemask.label.FaceClass;
import io.github.facemask.prediction.PredictionOrigin;
import io.github.facemask.prediction.PredictionReader;
import io.github.facemask.prediction.PredictionReader.Row;
import io.github.facemask.prediction.PredictionTable;
import io.github.facemask.prediction.PredictionWriter;
import io.github.facemask.provenance.Digest;
import io.github.facemask.random.RandomStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamedPredictionsTest {

  private static final int MANY = 185_000;

  @TempDir Path folder;

  /** Writes, combines and reads more than the heap of this process holds. */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    int rows = Integer.parseInt(arguments[1]);
    Path first = write(folder.resolve("a.csv"), 1, rows);
    Path second = write(folder.resolve("b.csv"), 2, rows);
    Path together = folder.resolve("together.csv");
    vote().file(List.of(first, second), together);
    int read = 0;
    try (PredictionReader reader = PredictionReader.open(together)) {
      while (reader.next().isPresent()) {
        read++;
      }
    }
    System.out.println(read);
  }

  private static Vote vote() {
    return Vote.of(Combination.GEOMETRIC_MEAN, List.of(Voter.of(2), Voter.of(1)));
  }

  private static Path write(Path file, long seed, int rows) throws IOException {
    RandomStream random = RandomStream.of(seed, "test");
    Digest weights = Digest.ofText("weights " + seed);
    PredictionOrigin origin =
        new PredictionOrigin(
                List.of(weights), List.of("run " + seed), Optional.of(Digest.ofText("data")))
            .withPrograms(seed == 2 ? Map.of(weights, Digest.ofText("program")) : Map.of());
    PredictionWriter.write(
        file,
        origin,
        writer -> {
          for (int i = 0; i < rows; i++) {
            writer.add(new Row("photo-" + i, row(random)));
          }
        });
    return file;
  }

  private static float[] row(RandomStream random) {
    float[] values = new float[FaceClass.COUNT];
    float sum = 0;
    for (int c = 0; c < values.length; c++) {
      values[c] = (float) random.nextDouble();
      sum += values[c];
    }
    for (int c = 0; c < values.length; c++) {
      values[c] /= sum;
    }
    return values;
  }

  @Test
  void filesAreWrittenCombinedAndReadInLessMemoryThanTheyTake() throws Exception {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    Process process =
        new ProcessBuilder(
                java.toString(),
                "-Xmx12m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                StreamedPredictionsTest.class.getName(),
                folder.toString(),
                Integer.toString(MANY))
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(said).isZero();
    assertThat(said.strip()).endsWith(String.format(Locale.ROOT, "%d", MANY));
    // The numbers alone of one file are more than the heap of the other process.
    assertThat(4L * FaceClass.COUNT * MANY).isGreaterThan(12L << 20);
  }

  @Test
  void rowsGiveWhatTablesGiveWithTheOriginOfAll() throws IOException {
    Path first = write(folder.resolve("a.csv"), 1, 500);
    Path second = write(folder.resolve("b.csv"), 2, 500);
    Path together = folder.resolve("together.csv");
    vote().file(List.of(first, second), together);

    PredictionTable streamed = PredictionTable.read(together);
    PredictionTable whole =
        vote()
            .table(
                List.of(PredictionTable.read(first), PredictionTable.read(second)),
                PredictionOrigin.unknown());
    assertThat(streamed.ids()).isEqualTo(whole.ids());
    for (int row = 0; row < whole.size(); row++) {
      assertThat(streamed.probabilities(row)).isEqualTo(whole.probabilities(row));
    }
    assertThat(streamed.origin().runs()).containsExactly("run 1", "run 2");
    assertThat(streamed.origin().models())
        .containsExactly(Digest.ofText("weights 1"), Digest.ofText("weights 2"));
    assertThat(streamed.origin().programs())
        .containsExactly(Map.entry(Digest.ofText("weights 2"), Digest.ofText("program")));
    assertThat(streamed.origin().data()).contains(Digest.ofText("data"));
  }

  @Test
  void otherPhotosOrAnotherOrderAreNamedAndNothingIsWritten() throws IOException {
    Path first = write(folder.resolve("a.csv"), 1, 3);
    Path longer = write(folder.resolve("longer.csv"), 2, 4);
    Path to = folder.resolve("together.csv");

    assertThatThrownBy(() -> vote().file(List.of(first, longer), to))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("longer.csv: row 4 is of photo-3")
        .hasMessageContaining("a.csv of no more photos");
    List<String> lines = Files.readAllLines(first);
    Path turned = folder.resolve("turned.csv");
    Files.write(
        turned, List.of(lines.get(0), lines.get(1), lines.get(3), lines.get(2), lines.get(4)));
    assertThatThrownBy(() -> vote().file(List.of(first, turned), to))
        .hasMessageContaining("turned.csv: row 1 is of photo-1")
        .hasMessageContaining("same order");
    assertThat(to).doesNotExist();
    assertThatThrownBy(() -> vote().file(List.of(first), to))
        .hasMessageContaining("1 files for 2 members");
  }

  @Test
  void aTableFindsEachOfManyIds() throws IOException {
    PredictionTable table = PredictionTable.read(write(folder.resolve("a.csv"), 1, 20_000));

    for (int row = 0; row < table.size(); row++) {
      assertThat(table.row("photo-" + row)).hasValue(row);
    }
    assertThat(table.row("photo-20000")).isEmpty();
  }
}
