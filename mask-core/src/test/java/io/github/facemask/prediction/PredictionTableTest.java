package io.github.facemask.prediction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.facemask.label.FaceClass;
import io.github.facemask.provenance.Digest;
import io.github.facemask.random.RandomStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PredictionTableTest {

  private static final PredictionOrigin ORIGIN =
      new PredictionOrigin(
          List.of(Digest.ofText("weights")),
          List.of("run \"7\", l\u00f6ng"),
          Optional.of(Digest.ofText("data")));

  @TempDir Path folder;

  @Test
  void readingGivesTheVerySameNumbersIdsAndOrigin() throws IOException {
    PredictionTable.Builder builder = PredictionTable.builder(ORIGIN);
    for (int i = 0; i < 200; i++) {
      builder.add(i == 3 ? "odd,\"id\" \u0131" : "photo" + i, softmax(i));
    }
    PredictionTable table = builder.build();
    Path file = folder.resolve("p.csv");

    table.write(file);
    PredictionTable read = PredictionTable.read(file);

    assertThat(read.ids()).isEqualTo(table.ids());
    assertThat(read.origin()).isEqualTo(ORIGIN);
    for (int row = 0; row < table.size(); row++) {
      assertThat(read.probabilities(row)).isEqualTo(table.probabilities(row));
    }
    Path again = folder.resolve("again.csv");
    read.write(again);
    assertThat(again).hasSameBinaryContentAs(file);
  }

  @Test
  void predictionsOfUnknownOriginComeBackSo() throws IOException {
    Path file = folder.resolve("p.csv");
    PredictionTable.builder(PredictionOrigin.unknown()).add("a", softmax(1)).build().write(file);

    assertThat(PredictionTable.read(file).origin()).isEqualTo(PredictionOrigin.unknown());
  }

  @Test
  void theMostProbableClassIsFound() {
    float[] sure = new float[FaceClass.COUNT];
    sure[11] = 1;
    float[] even = new float[FaceClass.COUNT];
    Arrays.fill(even, 1f / FaceClass.COUNT);
    PredictionTable table =
        PredictionTable.builder(ORIGIN).add("sure", sure).add("even", even).build();

    assertThat(table.argmax(0)).isEqualTo(11);
    assertThat(table.argmax(1)).isZero();
    assertThat(table.row("even")).hasValue(1);
    assertThat(table.row("none")).isEmpty();
  }

  @Test
  void theTableDoesNotFollowItsSourceOrItsCopies() {
    float[] source = new float[FaceClass.COUNT];
    source[4] = 1;
    PredictionTable table = PredictionTable.builder(ORIGIN).add("a", source).build();

    source[4] = 0;
    table.probabilities(0)[4] = 0;

    assertThat(table.probability(0, 4)).isOne();
  }

  @Test
  void logitsAndRowsThatDoNotSumToOneAreRefused() {
    PredictionTable.Builder builder = PredictionTable.builder(ORIGIN);
    float[] half = new float[FaceClass.COUNT];
    half[0] = 0.5f;
    float[] logits = new float[FaceClass.COUNT];
    logits[2] = 4.2f;
    float[] nan = new float[FaceClass.COUNT];
    nan[2] = Float.NaN;

    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.add("a", half))
        .withMessage("the probabilities of photo 'a' sum to 0.5, expected 1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.add("a", logits))
        .withMessageContaining("4.2")
        .withMessageContaining("logits?");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.add("a", nan))
        .withMessageContaining("NaN");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.add("a", new float[3]))
        .withMessage("photo 'a' has 3 probabilities, expected 18");
  }

  @Test
  void aPhotoWithTwoRowsIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> PredictionTable.builder(ORIGIN).add("a", softmax(1)).add("a", softmax(2)).build())
        .withMessageContaining("'a' has two rows");
  }

  @Test
  void aBrokenLineIsNamed() throws IOException {
    Path file = folder.resolve("p.csv");
    PredictionTable.builder(ORIGIN).add("a", softmax(1)).add("b", softmax(2)).build().write(file);
    List<String> lines = Files.readAllLines(file);
    Files.write(file, List.of(lines.get(0), lines.get(1), lines.get(2), "b,0.5,zero"));

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> PredictionTable.read(file))
        .withMessage(file + ":4: 3 cells, expected 19; predict again");
  }

  @Test
  void anotherFileIsRefused() throws IOException {
    Path file = folder.resolve("p.csv");
    Files.writeString(file, "ImageID,ans\n");

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> PredictionTable.read(file))
        .withMessageContaining("p.csv:1: expected a comment with the origin");
  }

  private static float[] softmax(long seed) {
    RandomStream random = RandomStream.of(seed, "test");
    float[] values = new float[FaceClass.COUNT];
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) Math.exp(5 * random.nextGaussian());
      sum += values[i];
    }
    for (int i = 0; i < values.length; i++) {
      values[i] /= (float) sum;
    }
    return values;
  }
}
