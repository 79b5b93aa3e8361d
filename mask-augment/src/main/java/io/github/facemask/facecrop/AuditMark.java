package io.github.facemask.facecrop;

import static com.google.common.base.Preconditions.checkArgument;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.facemask.internal.files.AtomicFile;
import io.github.facemask.internal.files.WholeFile;
import io.github.facemask.problem.InvalidFileException;
import io.github.facemask.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Says that a person was shown the crops of a table, in a file beside it. The mark holds for those
 * crops alone: other crops have another digest.
 *
 * @param crops the digest of the table's crops, in hexadecimal
 * @param photos how many crops the table has
 * @param flagged how many of them are doubtful
 * @param shown how many were shown, the doubtful ones first
 */
public record AuditMark(String crops, int photos, int flagged, int shown) {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** Checks that the crops are named. */
  public AuditMark {
    checkArgument(crops != null, "the digest of the crops is missing");
  }

  /**
   * Returns where the mark of a table lies.
   *
   * @param table the table's file
   * @return the mark's file
   */
  public static Path fileOf(Path table) {
    return table.resolveSibling(table.getFileName() + ".audited.json");
  }

  /**
   * Reads the mark beside a table.
   *
   * @param table the table's file
   * @return the mark, or empty if there is none
   * @throws IOException if it cannot be read
   */
  public static Optional<AuditMark> of(Path table) throws IOException {
    Path file = fileOf(table);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.ofNullable(MAPPER.readValue(WholeFile.readText(file), AuditMark.class));
    } catch (JsonProcessingException e) {
      throw new InvalidFileException(
          file,
          new Problem(
              "auditMark", "not JSON: " + e.getOriginalMessage(), "", "audit the crops again"),
          e);
    }
  }

  /** Returns whether the mark is of these crops. */
  public boolean isOf(CropTable table) {
    return crops.equals(table.digest().hex());
  }

  /**
   * Writes the mark beside a table.
   *
   * @param table the table's file
   * @throws IOException if it cannot be written
   */
  public void write(Path table) throws IOException {
    AtomicFile.writeText(fileOf(table), MAPPER.writeValueAsString(this) + "\n");
  }
}
