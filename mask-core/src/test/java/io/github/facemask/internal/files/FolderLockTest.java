package io.github.facemask.internal.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.facemask.problem.InvalidFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderLockTest {

  @TempDir Path folder;

  private static int second(Path where) throws IOException {
    return FolderLock.<Integer, RuntimeException>during(where, () -> 2);
  }

  @Test
  void aSecondWriterIsRefusedUntilTheFirstOneEnds() throws IOException {
    int result =
        FolderLock.<Integer, RuntimeException>during(
            folder,
            () -> {
              assertThatThrownBy(() -> second(folder))
                  .isInstanceOf(InvalidFileException.class)
                  .hasMessage(
                      folder
                          + ": is in use by another process that writes there; wait until it ends,"
                          + " or stop it");
              return 1;
            });

    assertThat(result).isEqualTo(1);
    assertThat(second(folder)).isEqualTo(2);
  }

  @Test
  void workThatFailsUnlocks() throws IOException {
    assertThatThrownBy(
            () ->
                FolderLock.<Integer, RuntimeException>during(
                    folder,
                    () -> {
                      throw new IOException("no");
                    }))
        .hasMessage("no");
    assertThat(second(folder)).isEqualTo(2);
  }

  @Test
  void aNewFolderInWhichNothingWasWrittenIsNotLeft() throws IOException {
    Path made = folder.resolve("deep/new");
    assertThatThrownBy(
            () ->
                FolderLock.<Integer, IOException>during(
                    made,
                    () -> {
                      throw new IOException("no");
                    }))
        .hasMessage("no");
    assertThat(made).doesNotExist();

    assertThatThrownBy(
            () ->
                FolderLock.<Integer, IOException>during(
                    made,
                    () -> {
                      Files.writeString(made.resolve("a"), "written");
                      throw new IOException("no");
                    }))
        .hasMessage("no");
    assertThat(made.resolve("a")).hasContent("written");
  }
}
