package io.github.facemask.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file system in memory, for a test that may mount one: as root on Linux. */
final class Mount implements AutoCloseable {

  private final Path folder;

  private Mount(Path folder) {
    this.folder = folder;
  }

  /** Mounts one; the test is skipped where that is not allowed. */
  static Mount of(Path folder, String size) throws IOException {
    Files.createDirectories(folder);
    int code = run("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", folder.toString());
    assumeTrue(code == 0, "no tmpfs can be mounted here: that takes root on Linux");
    return new Mount(folder);
  }

  /** Fills all of its room but some bytes. */
  Path fill(long left) throws IOException {
    Path filler = folder.resolve("filler");
    Files.deleteIfExists(filler);
    try (OutputStream out = Files.newOutputStream(filler)) {
      byte[] block = new byte[4096];
      long room = Files.getFileStore(folder).getUsableSpace() - left;
      for (long at = 0; at < room; at += block.length) {
        out.write(block);
      }
    }
    return filler;
  }

  void readOnly() throws IOException {
    int code = run("mount", "-o", "remount,ro", folder.toString());
    assumeTrue(code == 0, "the mount cannot be made read-only");
  }

  @Override
  public void close() throws IOException {
    run("umount", "-l", folder.toString());
  }

  private static int run(String... command) throws IOException {
    try {
      return new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (InterruptedIOException) new InterruptedIOException("interrupted").initCause(e);
    } catch (IOException noSuchCommand) {
      return -1;
    }
  }
}
