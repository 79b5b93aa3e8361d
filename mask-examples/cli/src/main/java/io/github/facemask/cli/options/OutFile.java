package io.github.facemask.cli.options;

import static com.google.common.base.Preconditions.checkArgument;

import java.nio.file.Files;
import java.nio.file.Path;

/** The file that a command writes at its end. */
public final class OutFile {

  private OutFile() {}

  /** Refuses a folder before any work is done for nothing; {@code null} is no file at all. */
  public static void check(String option, Path out) {
    checkArgument(
        out == null || !Files.isDirectory(out),
        "%s: %s: is a folder, expected the name of a file",
        option,
        out);
  }
}
