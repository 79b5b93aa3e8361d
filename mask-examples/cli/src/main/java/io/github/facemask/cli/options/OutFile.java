package io.github.facemask.cli.options;

import static com.google.common.base.Preconditions.checkArgument;

import java.nio.file.Files;
import java.nio.file.Path;

/** The output file of a command. */
public final class OutFile {

  private OutFile() {}

  /** Refuses a folder before the work starts. {@code null} means no file. */
  public static void check(String option, Path out) {
    checkArgument(
        out == null || !Files.isDirectory(out),
        "%s: %s: is a folder, expected the name of a file",
        option,
        out);
  }
}
