package io.github.facemask.provenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {

  @TempDir Path folder;

  @Test
  void aFailingWriterLeavesTheOldContentAndNothingElse() throws IOException {
    Path file = folder.resolve("a.txt");
    Files.writeString(file, "old");

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(
            () ->
                AtomicFile.write(
                    file,
                    out -> {
                      out.write("half".getBytes(StandardCharsets.UTF_8));
                      throw new IOException("disk full");
                    }))
        .withMessage("disk full");

    assertThat(file).hasContent("old");
    assertThat(folder.toFile().list()).containsExactly("a.txt");
  }

  @Test
  void aFailingWriterOfANewFileLeavesNothing() {
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(
            () ->
                AtomicFile.write(
                    folder.resolve("b.txt"),
                    out -> {
                      throw new IOException("no");
                    }));

    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void replacesAFileAndMakesItsFolders() throws IOException {
    Path file = folder.resolve("deep/er/c.txt");

    AtomicFile.writeText(file, "one");
    AtomicFile.writeText(file, "\u0130kinci \u0131");

    assertThat(Files.readString(file)).isEqualTo("\u0130kinci \u0131");
    assertThat(file.getParent().toFile().list()).containsExactly("c.txt");
  }

  @Test
  void theOldContentIsReadableUntilTheNewIsComplete() throws IOException {
    Path file = folder.resolve("d.txt");
    AtomicFile.writeText(file, "old");

    AtomicFile.write(
        file,
        out -> {
          out.write("new".getBytes(StandardCharsets.UTF_8));
          out.flush();
          assertThat(file).hasContent("old");
        });

    assertThat(file).hasContent("new");
  }

  @Test
  void digestsAreSha256() throws IOException {
    Path file = folder.resolve("e.txt");
    Files.writeString(file, "abc");
    String expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    assertThat(Digest.ofText("abc").hex()).isEqualTo(expected);
    assertThat(Digest.ofFile(file)).isEqualTo(Digest.ofText("abc"));
    assertThat(Digest.ofBytes(new byte[] {'a', 'b', 'c'}).shortHex()).isEqualTo("ba7816bf8f01");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Digest("ABC"))
        .withMessageContaining("'ABC'");
  }
}
