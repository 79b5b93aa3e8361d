package io.github.facemask.facecrop;

import static com.google.common.base.Preconditions.checkArgument;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableMap;
import io.github.facemask.internal.files.AtomicFile;
import io.github.facemask.internal.files.WholeFile;
import io.github.facemask.problem.InvalidFileException;
import io.github.facemask.problem.Problem;
import io.github.facemask.provenance.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The crops of a data set, one for each photo, in order, and whether they were audited. Immutable.
 */
public final class CropTable {

  private final ImmutableMap<String, CropDecision> decisions;

  private final boolean audited;

  private CropTable(ImmutableMap<String, CropDecision> decisions, boolean audited) {
    this.decisions = decisions;
    this.audited = audited;
  }

  /**
   * Makes a table that is not audited.
   *
   * @param decisions one for each photo
   * @return the table
   * @throws IllegalArgumentException if a photo occurs twice
   */
  public static CropTable of(List<CropDecision> decisions) {
    return new CropTable(
        decisions.stream()
            .collect(ImmutableMap.toImmutableMap(CropDecision::photoId, Function.identity())),
        false);
  }

  /**
   * Reads a table. It is audited if the {@link AuditMark} beside it matches these crops.
   *
   * @param file JSON lines, as {@link #write} makes them
   * @return the table
   * @throws IOException if it cannot be read; the message names file and line
   */
  public static CropTable read(Path file) throws IOException {
    CropTable table = ofFile(file);
    return AuditMark.of(file).filter(mark -> mark.isOf(table)).isPresent()
        ? table.asAudited()
        : table;
  }

  private static CropTable ofFile(Path file) throws IOException {
    List<CropDecision> decisions = JsonLines.read(file, CropDecision.class);
    try {
      return of(decisions);
    } catch (IllegalArgumentException e) {
      throw new InvalidFileException(
          file, Problem.saying("has a photo twice: " + e.getMessage()), e);
    }
  }

  /** Returns the same table, marked as audited. */
  public CropTable asAudited() {
    return new CropTable(decisions, true);
  }

  /** Returns whether these crops were audited: shown to a reviewer. */
  public boolean audited() {
    return audited;
  }

  /**
   * Writes the table as JSON lines, atomically.
   *
   * @param file the file to write or replace
   * @throws IOException if it cannot be written
   */
  public void write(Path file) throws IOException {
    JsonLines.write(file, decisions());
  }

  /**
   * Returns the decision on a photo.
   *
   * @param photoId the photo
   * @return the decision, or empty if the table has none
   */
  public Optional<CropDecision> find(String photoId) {
    return Optional.ofNullable(decisions.get(photoId));
  }

  /** Returns all decisions, in order. */
  public List<CropDecision> decisions() {
    return decisions.values().asList();
  }

  /**
   * Returns the settings of the face search and the crop.
   *
   * @return the settings of all decisions; empty if there are none
   * @throws IllegalArgumentException if the decisions were made with different settings
   */
  public Optional<FaceCropSettings> settings() {
    List<FaceCropSettings> all =
        decisions().stream().map(CropDecision::settings).distinct().toList();
    checkArgument(
        all.size() <= 1,
        "the crops of a table were made with %s different settings, expected one; crop all photos"
            + " with one detector",
        all.size());
    return all.stream().findFirst();
  }

  /** Returns the number of photos by rule. */
  public Map<CropDecision.Rule, Long> counts() {
    return decisions().stream()
        .collect(Collectors.groupingBy(CropDecision::rule, Collectors.counting()));
  }

  /** Returns a digest of all crops. */
  public Digest digest() {
    return Digest.ofText(
        decisions().stream()
            .map(d -> d.photoId() + '\t' + d.digest() + '\t' + d.crop() + '\n')
            .sorted()
            .collect(Collectors.joining()));
  }

  /**
   * Records in a file beside a table that its crops were shown to a reviewer. The mark is valid
   * only for those crops: other crops have another digest.
   *
   * @param crops the digest of the table's crops, in hexadecimal
   * @param photos the number of crops in the table
   * @param flagged the number of doubtful crops
   * @param shown the number of crops that were shown, the doubtful ones first
   */
  public record AuditMark(String crops, int photos, int flagged, int shown) {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** Checks the digest. */
    public AuditMark {
      checkArgument(crops != null, "the digest of the crops is missing");
    }

    /**
     * Returns the path of the mark of a table.
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

    /** Returns whether the mark is valid for these crops. */
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
}
