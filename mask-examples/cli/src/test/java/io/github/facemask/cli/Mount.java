package io.github.facemask.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A file system in memory: mounted by root on Linux, or by another user in a mount namespace of its
 * own, which is reached through the process that holds it.
 */
final class Mount implements AutoCloseable {

  private final Path folder;
  private final Optional<Process> holder;

  private Mount(Path folder, Optional<Process> holder) {
    this.folder = folder;
    this.holder = holder;
  }

  /** Mounts one; the test is skipped where neither way is allowed. */
  static Mount of(Path folder, String size) throws IOException {
    Files.createDirectories(folder);
    if (run("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", folder.toString()) == 0) {
      return new Mount(folder, Optional.empty());
    }
    Optional<Process> holder = hold(folder, size);
    assumeTrue(
        holder.isPresent(),
        "no tmpfs can be mounted here: that takes root on Linux, or user namespaces (unshare -rm)");
    return new Mount(folder, holder);
  }

  private static Optional<Process> hold(Path folder, String size) throws IOException {
    String script = "mount -t tmpfs -o size=$1 tmpfs \"$2\" && echo ready && exec cat";
    try {
      Process process =
          new ProcessBuilder("unshare", "-rm", "sh", "-c", script, "sh", size, folder.toString())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String told =
          new BufferedReader(
                  new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII))
              .readLine();
      if ("ready".equals(told)) {
        return Optional.of(process);
      }
      process.destroyForcibly();
      return Optional.empty();
    } catch (IOException noSuchCommand) {
      return Optional.empty();
    }
  }

  /** Returns where its files are. */
  Path path() {
    return holder
        .map(process -> Path.of("/proc/" + process.pid() + "/root" + folder.toAbsolutePath()))
        .orElse(folder);
  }

  /** Fills all of its room but some bytes. */
  Path fill(long left) throws IOException {
    Path filler = path().resolve("filler");
    Files.deleteIfExists(filler);
    try (OutputStream out = Files.newOutputStream(filler)) {
      byte[] block = new byte[4096];
      long room = Files.getFileStore(path()).getUsableSpace() - left;
      for (long at = 0; at < room; at += block.length) {
        out.write(block);
      }
    }
    return filler;
  }

  void readOnly() throws IOException {
    String[] remount = {"mount", "-o", "remount,ro", folder.toString()};
    int code =
        holder.isEmpty()
            ? run(remount)
            : run(
                "nsenter",
                "--preserve-credentials",
                "-U",
                "-m",
                "-t",
                Long.toString(holder.get().pid()),
                "mount",
                "-o",
                "remount,ro",
                folder.toString());
    assumeTrue(code == 0, "the mount cannot be made read-only");
  }

  @Override
  public void close() throws IOException {
    if (holder.isPresent()) {
      holder.get().destroyForcibly();
    } else {
      run("umount", "-l", folder.toString());
    }
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
