package io.github.facemask.internal.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Names temporary files and deletes those that killed processes left behind. Their names do not
 * contain the target's name, which may have the maximum length.
 */
final class Leftovers {

  private static final String PREFIX = ".writing-";

  /**
   * Longer than any active write pauses, and long enough for clock differences between machines.
   */
  private static final Duration AGE = Duration.ofHours(1);

  private Leftovers() {}

  /** Returns a free name in a folder. */
  static Path nameIn(Path folder) {
    // Files of createTempFile are readable by their owner only.
    return folder.resolve(PREFIX + UUID.randomUUID() + ".tmp");
  }

  /** Deletes temporary files in a folder that are an hour old or older; errors are ignored. */
  static void sweep(Path folder) {
    Instant before = Instant.now().minus(AGE);
    try (DirectoryStream<Path> asides = Files.newDirectoryStream(folder, PREFIX + "*.tmp")) {
      for (Path aside : asides) {
        if (rests(aside, before)) {
          delete(aside);
        }
      }
    } catch (IOException | UncheckedIOException e) {
      // Another process deleted it first, or this one lacks permission. Neither affects this write.
    }
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
