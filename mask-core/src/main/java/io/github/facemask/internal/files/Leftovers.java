package io.github.facemask.internal.files;

import com.google.common.hash.Hashing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Names temporary files and deletes those that killed processes left behind. Their names contain
 * the process that writes them, but not the target's name, which may have the maximum length.
 */
final class Leftovers {

  private static final String PREFIX = ".writing-";

  /** The process and its machine in a name; a name of an unknown machine has neither. */
  private static final Pattern WRITER = Pattern.compile("\\.writing-(\\d{1,18})-([0-9a-f]{12})-.*");

  private static final String MACHINE = machine();

  /**
   * Longer than any active write pauses, and long enough for clock differences between machines.
   */
  private static final Duration AGE = Duration.ofHours(1);

  private Leftovers() {}

  /** Returns a free name in a folder. */
  static Path nameIn(Path folder) {
    // Files of createTempFile are readable by their owner only.
    String writer = MACHINE.isEmpty() ? "" : ProcessHandle.current().pid() + "-" + MACHINE + "-";
    return folder.resolve(PREFIX + writer + UUID.randomUUID() + ".tmp");
  }

  /**
   * Returns a name for what numbers processes: a start of the machine, a container and a user, who
   * may see no processes of others. It is empty outside of Linux.
   */
  private static String machine() {
    try {
      String boot = Files.readString(Path.of("/proc/sys/kernel/random/boot_id"));
      Path processes = Files.readSymbolicLink(Path.of("/proc/self/ns/pid"));
      String all = boot + processes + System.getProperty("user.name");
      return Hashing.sha256().hashString(all, StandardCharsets.UTF_8).toString().substring(0, 12);
    } catch (IOException | RuntimeException e) {
      return "";
    }
  }

  /**
   * Deletes temporary files in a folder whose process has ended, or that are an hour old or older;
   * errors are ignored.
   */
  static void sweep(Path folder) {
    Instant before = Instant.now().minus(AGE);
    try (DirectoryStream<Path> asides = Files.newDirectoryStream(folder, PREFIX + "*.tmp")) {
      for (Path aside : asides) {
        if (isOfEndedProcess(aside) || rests(aside, before)) {
          delete(aside);
        }
      }
    } catch (IOException | UncheckedIOException e) {
      // Another process deleted it first, or this one lacks permission. Neither affects this write.
    }
  }

  /** Returns whether a name is of a temporary file. */
  static boolean isOne(Path file) {
    return file.getFileName() != null && file.getFileName().toString().startsWith(PREFIX);
  }

  private static boolean isOfEndedProcess(Path aside) {
    Matcher writer = WRITER.matcher(aside.getFileName().toString());
    return writer.matches()
        && writer.group(2).equals(MACHINE)
        && ProcessHandle.of(Long.parseLong(writer.group(1)))
            .filter(ProcessHandle::isAlive)
            .isEmpty();
  }

  private static boolean rests(Path aside, Instant before) throws IOException {
    try (Stream<Path> all = Files.walk(aside)) {
      for (Path path : all.toList()) {
        if (Files.getLastModifiedTime(path).toInstant().isAfter(before)) {
          return false;
        }
      }
    }
    return true;
  }

  /** Deletes a file, or a folder with its content. Links are deleted, not followed. */
  static void delete(Path aside) throws IOException {
    if (!Files.exists(aside)) {
      return;
    }
    try (Stream<Path> all = Files.walk(aside)) {
      List<Path> paths = all.toList();
      for (int i = paths.size() - 1; i >= 0; i--) {
        Files.deleteIfExists(paths.get(i));
      }
    }
  }
}
