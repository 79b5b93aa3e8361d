package io.github.facemask.problem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Path;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ProblemTest {

  private static final Pattern LINE_BREAK = Pattern.compile("\\R");
  private static final Path FILE = Path.of("folder", "table.csv");

  @Test
  void theLineHasAllFieldsInWords() {
    assertThat(new Problem("learningRate", "0", "above 0", "call optRate").message())
        .isEqualTo("learning rate is 0, expected above 0; call optRate");
    assertThat(Problem.of("gradientNormLimit", -1, "above 0").message())
        .isEqualTo("gradient norm limit is -1, expected above 0");
    assertThat(Problem.of("epochs", 0, "1 or more").message())
        .isEqualTo("epochs is 0, expected 1 or more");
    assertThat(Problem.of("classWeights", "[1, -1]", "0 or more").message())
        .isEqualTo("class weights are [1, -1], expected 0 or more");
    assertThat(Problem.of("beta1", 2.5, "0 to 1").message())
        .isEqualTo("beta1 is 2.5, expected 0 to 1");
  }

  @Test
  void whatIsNotKnownIsLeftOut() {
    assertThat(new Problem("truth", "", "labelled photos", "").message())
        .isEqualTo("truth is missing, expected labelled photos");
    assertThat(new Problem("predictions", "", "some", "").message())
        .isEqualTo("predictions are missing, expected some");
    assertThat(new Problem("truth", " ", "", "give some").message())
        .isEqualTo("truth is missing; give some");
    assertThat(Problem.saying("is not JSON").message()).isEqualTo("is not JSON");
    assertThat(Problem.saying("is a table").withExpected("text").withRemedy("save it").message())
        .isEqualTo("is a table, expected text; save it");
  }

  @Property
  void theMessageIsOneLineWithTheValue(@ForAll String value, @ForAll String remedy) {
    String line = Problem.of("some", value, "another").withRemedy(remedy).message();

    assertThat(line.lines().count()).isEqualTo(1);
    String shown = value.strip();
    if (value.isBlank()) {
      assertThat(line).startsWith("some is missing, ");
    } else if (!LINE_BREAK.matcher(shown).find()) {
      assertThat(line).contains(shown);
    }
  }

  @Test
  void noFieldIsNull() {
    assertThatNullPointerException().isThrownBy(() -> new Problem(null, "", "", ""));
    assertThatNullPointerException().isThrownBy(() -> new Problem("", "", "", null));
  }

  @Test
  void aCheckThrowsTheFields() {
    assertThatCode(() -> InvalidArgumentException.check(true, "epochs", 1, "1 or more"))
        .doesNotThrowAnyException();
    assertThatExceptionOfType(InvalidArgumentException.class)
        .isThrownBy(() -> InvalidArgumentException.check(false, "epochs", 0, "1 or more"))
        .withMessage("epochs is 0, expected 1 or more")
        .satisfies(
            e -> assertThat(e.problem()).isEqualTo(new Problem("epochs", "0", "1 or more", "")));
    assertThatExceptionOfType(InvalidArgumentException.class)
        .isThrownBy(() -> InvalidArgumentException.check(false, "momentum", 1.5, "below 1"))
        .withMessage("momentum is 1.5, expected below 1");
    assertThatExceptionOfType(InvalidArgumentException.class)
        .isThrownBy(() -> InvalidArgumentException.check(false, "truth", "", "photos", "give some"))
        .withMessage("truth is missing, expected photos; give some");
  }

  @Test
  void anErrorOfAFileNamesItAndItsLine() {
    InvalidFileException whole = InvalidFileException.of(FILE, "has no rows", "one or more");
    assertThat(whole)
        .hasMessage(FILE + ": has no rows, expected one or more")
        .returns(FILE, InvalidFileException::file);
    assertThat(whole.line()).isEmpty();

    InvalidFileException row =
        InvalidFileException.of(
            FILE, 3, new InvalidArgumentException(Problem.of("age", "old", "0 to 150")));
    assertThat(row).hasMessage(FILE + ":3: age is old, expected 0 to 150");
    assertThat(row.line()).hasValue(3);
    assertThat(row.problem().what()).isEqualTo("age");

    assertThat(InvalidFileException.of(FILE, 0, new NumberFormatException("no number")))
        .hasMessage(FILE + ": no number")
        .hasCauseInstanceOf(NumberFormatException.class);
  }

  @Test
  void errorsOutliveSerialization() throws Exception {
    InvalidFileException e = InvalidFileException.of(FILE, "has no rows", "some");

    InvalidFileException read = (InvalidFileException) copy(e);

    assertThat(read).hasMessage(e.getMessage());
    assertThat(read.problem()).isEqualTo(e.problem());
    assertThat(read.file()).isNull();
  }

  private static Object copy(Object value) throws IOException, ClassNotFoundException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(value);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return in.readObject();
    }
  }
}
