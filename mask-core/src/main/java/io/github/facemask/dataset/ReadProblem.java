package io.github.facemask.dataset;

import java.nio.file.Path;

/**
 * Something in a file that a reader did not expect.
 *
 * @param file the file or folder
 * @param line the line, from 1, or 0 if it is not about a line
 * @param what what was found and what was expected
 * @param advice what to do about it
 */
public record ReadProblem(Path file, long line, String what, String advice) {

  @Override
  public String toString() {
    return file + (line > 0 ? ":" + line : "") + ": " + what + "; " + advice;
  }
}
