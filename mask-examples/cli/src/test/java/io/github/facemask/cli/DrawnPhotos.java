package io.github.facemask.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The photos that {@code mask synth} draws of 36 people, with 12 evaluation photos. They are drawn
 * once for the tests of this process, and each test gets a copy that it may change.
 */
final class DrawnPhotos {

  private static final int PEOPLE = 36;

  private DrawnPhotos() {}

  private static final class Drawn {
    static final Path FOLDER = draw();

    private static Path draw() {
      try {
        Path parent = Files.createTempDirectory("drawn-photos");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(parent)));
        Path photos = parent.resolve("photos");
        MaskRun run =
            MaskRun.of(
                "synth", "--out", photos, "--people", PEOPLE, "--eval-photos", 12, "--seed", 5);
        assertThat(run.code()).as(run.err()).isZero();
        return photos;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static void delete(Path folder) {
      try (Stream<Path> all = Files.walk(folder)) {
        for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Copies the photos into a new folder. */
  static void copyTo(Path folder) throws IOException {
    copyTo(folder, PEOPLE);
  }

  /** Copies the training photos of the first people, and the evaluation photos. */
  static void copyTo(Path folder, int people) throws IOException {
    List<String> table = Files.readAllLines(Drawn.FOLDER.resolve("train/train.csv"));
    List<String> left = table.subList(1 + people, table.size());
    Set<Path> without = new HashSet<>();
    for (String row : left) {
      without.add(Path.of("train/images", row.substring(row.lastIndexOf(',') + 1)));
    }
    try (Stream<Path> all = Files.walk(Drawn.FOLDER)) {
      for (Path path : all.toList()) {
        Path inside = Drawn.FOLDER.relativize(path);
        Path to = folder.resolve(inside);
        if (Files.isDirectory(path) && !without.contains(inside)) {
          Files.createDirectories(to);
        } else if (Files.isRegularFile(path) && !without.contains(inside.getParent())) {
          Files.copy(path, to);
        }
      }
    }
    Files.write(folder.resolve("train/train.csv"), table.subList(0, 1 + people));
  }

  /** Returns whether a file is a photo; stray files of a Mac lie beside them. */
  static boolean isPhoto(Path file) {
    String name = file.getFileName().toString();
    return name.endsWith(".jpg") && !name.startsWith(".");
  }
}
