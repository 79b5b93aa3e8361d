package io.github.facemask.internal.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.facemask.problem.InvalidFileException;
import io.github.facemask.provenance.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
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
        .withMessageContaining("digest is ABC");
  }

  @Test
  void whatAKillLeftIsSweptAnHourLaterAndWhatIsBeingWrittenStays() throws IOException {
    Path file = Files.writeString(folder.resolve(".writing-old.tmp"), "half");
    Path inside = folder.resolve(".writing-folder.tmp");
    Files.createDirectories(inside);
    Files.writeString(inside.resolve("part"), "half");
    Path running = Files.writeString(folder.resolve(".writing-new.tmp"), "half");
    FileTime before = FileTime.from(Instant.now().minus(Duration.ofHours(2)));
    for (Path old : List.of(file, inside.resolve("part"), inside)) {
      Files.setLastModifiedTime(old, before);
    }

    AtomicFile.writeText(folder.resolve("a.txt"), "new");

    assertThat(folder.toFile().list()).containsExactlyInAnyOrder("a.txt", ".writing-new.tmp");
    assertThat(running).hasContent("half");
  }

  @Test
  void whatADeadProcessLeftIsSweptAtOnce() throws Exception {
    Path mine = Leftovers.nameIn(folder);
    String pid = Long.toString(ProcessHandle.current().pid());
    assumeTrue(
        mine.getFileName().toString().startsWith(".writing-" + pid + "-"),
        "only on Linux do names of temporary files tell their process");
    Process ended = new ProcessBuilder("true").start();
    ended.waitFor();
    Path dead = folder.resolve(mine.getFileName().toString().replaceFirst(pid, "" + ended.pid()));
    Files.createDirectories(dead);
    Files.writeString(dead.resolve("part"), "half");
    Files.writeString(mine, "half");
    Path elsewhere =
        folder.resolve(
            dead.getFileName().toString().replaceFirst("-[0-9a-f]{12}-", "-0123456789ab-"));
    Files.writeString(elsewhere, "half");

    AtomicFile.writeText(folder.resolve("a.txt"), "new");

    assertThat(dead).doesNotExist();
    assertThat(mine).as("of a living process").hasContent("half");
    assertThat(elsewhere).as("of another machine").hasContent("half");
  }

  @Test
  void aNameMayHaveAllTheLengthThatTheSystemAllows() throws IOException {
    Path file = folder.resolve("n".repeat(255));
    AtomicFile.writeText(file, "long");
    assertThat(file).hasContent("long");

    Path whole = folder.resolve("f".repeat(255));
    AtomicFolder.write(whole, aside -> Files.writeString(aside.resolve("a"), "in"));
    assertThat(whole.resolve("a")).hasContent("in");
  }

  @Test
  void aFolderThatCannotBeFilledLeavesNothing() {
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(
            () ->
                AtomicFolder.write(
                    folder.resolve("f"),
                    aside -> {
                      Files.createDirectories(aside.resolve("deep/er"));
                      throw new IOException(folder + ": a reason");
                    }))
        .withMessage(folder + ": a reason");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void errorsOfWritingNameTheFile() {
    Path file = folder.resolve("a");
    assertThat(WriteFailure.of(file, new IOException("No space left on device")))
        .hasMessage(file + ": cannot be written, the disk is full; make room and start again");
    assertThat(WriteFailure.of(file, new IOException("File too large")))
        .hasMessage(file + ": cannot be written: File too large");
    assertThat(
            WriteFailure.of(
                folder, new FileSystemException(file.toString(), null, "Disk quota exceeded")))
        .hasMessage(folder + ": cannot be written, the disk is full; make room and start again");
    IOException named = new AccessDeniedException(file.toString());
    assertThat(WriteFailure.of(file, named)).isSameAs(named);
  }

  @Test
  void errorsOfFillingAFolderNameWhatWasToBe() {
    Path target = folder.resolve("f");

    assertThat(failure(target, aside -> new AccessDeniedException(aside.resolve("a").toString())))
        .isInstanceOf(AccessDeniedException.class)
        .hasMessage(target.resolve("a").toString());
    assertThat(failure(target, aside -> InvalidFileException.of(aside.resolve("a"), "is odd", "")))
        .isInstanceOf(InvalidFileException.class)
        .hasMessage(target.resolve("a") + ": is odd");
    assertThat(failure(target, aside -> new IOException("No space left on device")))
        .isInstanceOf(FileSystemException.class)
        .hasMessage(target + ": cannot be written, the disk is full; make room and start again");
    IOException other = InvalidFileException.of(folder.resolve("photo.jpg"), "is no photo", "");
    assertThat(failure(target, aside -> other)).isSameAs(other);
    assertThat(folder).isEmptyDirectory();
  }

  private static Throwable failure(Path target, Function<Path, IOException> error) {
    return catchThrowable(
        () ->
            AtomicFolder.write(
                target,
                aside -> {
                  throw error.apply(aside);
                }));
  }

  /** Fills a folder without end, and is stopped like a command by Ctrl-C. */
  static final class Stopped {

    private Stopped() {}

    public static void main(String[] arguments) throws Exception {
      Path target = Path.of(arguments[0]);
      CountDownLatch writes = new CountDownLatch(20);
      new Thread(() -> writeWithoutEnd(target, writes)).start();
      writes.await();
      AtomicFile.discardUnfinished();
      Runtime.getRuntime().halt(143);
    }

    private static void writeWithoutEnd(Path target, CountDownLatch writes) {
      try {
        AtomicFolder.write(
            target,
            aside -> {
              for (int i = 0; ; i++) {
                Files.writeString(aside.resolve("file" + i), "half");
                writes.countDown();
              }
            });
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Test
  void whatStopsWhileAFolderIsFilledLeavesNothingAndSaysNothing() throws Exception {
    for (int stop = 0; stop < 5; stop++) {
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  Stopped.class.getName(),
                  folder.resolve("filled").toString())
              .redirectErrorStream(true)
              .start();

      assertThat(process.getInputStream()).isEmpty();
      assertThat(process.waitFor()).isEqualTo(143);
      assertThat(folder).isEmptyDirectory();
    }
  }
}
