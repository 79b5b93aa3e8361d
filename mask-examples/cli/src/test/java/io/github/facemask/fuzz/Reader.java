package io.github.facemask.fuzz;

import java.io.IOException;
import java.nio.file.Path;

/**
 * What reads a file that may come from anybody.
 *
 * @param name what it reads
 * @param file a valid file, which is damaged
 * @param text whether it is text
 * @param valid whether the undamaged file is read; a TorchScript archive is refused as weights
 * @param share how many damaged files it reads, relative to other readers; slow ones read fewer
 * @param ceiling how many mebibytes it may allocate, beside a multiple of the file's size
 * @param use reads the file and uses what it found
 */
record Reader(
    String name, Path file, boolean text, boolean valid, double share, int ceiling, Use use) {

  /** Reads a file and uses what it found. */
  @FunctionalInterface
  interface Use {
    void read(Path file) throws IOException;
  }

  static Reader text(String name, Path file, Use use) {
    return new Reader(name, file, true, true, 1, 8, use);
  }

  static Reader bytes(String name, Path file, Use use) {
    return new Reader(name, file, false, true, 1, 8, use);
  }

  Reader withShare(double newShare) {
    return new Reader(name, file, text, valid, newShare, ceiling, use);
  }

  Reader withCeiling(int mebibytes) {
    return new Reader(name, file, text, valid, share, mebibytes, use);
  }

  Reader refused() {
    return new Reader(name, file, text, false, share, ceiling, use);
  }
}
