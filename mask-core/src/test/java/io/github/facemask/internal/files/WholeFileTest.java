package io.github.facemask.internal.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeFileTest {

  @TempDir Path folder;

  @Test
  void theMarkThatEditorsPutInFrontIsLeftOut() throws IOException {
    Path file = Files.writeString(folder.resolve("a.json"), "\uFEFF{\"a\": \"\u0130\"}");

    assertThat(WholeFile.readJson(file).path("a").asText()).isEqualTo("\u0130");
    assertThat(WholeFile.readLines(file)).hasSize(1);
  }

  @Test
  void whatIsWrongIsToldWithTheFile() throws IOException {
    Path file = folder.resolve("a.json");
    Files.write(file, new byte[] {'"', (byte) 0xff, '"'});
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> WholeFile.readJson(file))
        .withMessage(file + ": is not UTF-8 text; save it as UTF-8");

    Files.writeString(file, "[".repeat(100_000));
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> WholeFile.readJson(file))
        .withMessageStartingWith(file + ": is not JSON: ");
  }

  @Test
  void aFileTooLargeForMemoryIsNotRead() throws IOException {
    Path file = folder.resolve("large.json");
    try (RandomAccessFile hollow = new RandomAccessFile(file.toFile(), "rw")) {
      hollow.setLength(3L << 30);
    }
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> WholeFile.readText(file))
        .withMessage(file + ": has 3221225472 bytes, expected a text of at most 268435456");
  }
}
