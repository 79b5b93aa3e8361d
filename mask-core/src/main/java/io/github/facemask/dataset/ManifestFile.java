package io.github.facemask.dataset;

import io.github.facemask.dataset.PhotoSet.Part;
import io.github.facemask.dataset.PhotoSet.Reading;
import io.github.facemask.dataset.ReadReport.BrokenDataException;
import io.github.facemask.dataset.ReadReport.ReadProblem;
import io.github.facemask.dataset.TableHeader.Column;
import io.github.facemask.dataset.TableHeader.Role;
import io.github.facemask.label.Attribute;
import io.github.facemask.label.FaceLabel;
import io.github.facemask.problem.InvalidFileException;
import io.github.facemask.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Reads a table of photos with the columns {@code path}, {@code person} and {@code
 * mask,gender,age}, {@code class} or both; each may have one of its other common names, and other
 * columns are ignored. Paths are relative to the table's folder, or absolute; a photo's id is its
 * path as first written. What a table does not say is unknown: an attribute without a column or
 * with an empty cell, and the person of a photo, who then counts as a person of its own. The
 * separator, the encoding and the common words for labels are found out.
 */
public final class ManifestFile {

  private static final String EXPECTED =
      "path,person,mask,gender,age, where person and some of the labels may be missing";

  private final Path file;
  private final boolean lenient;
  private final Optional<Path> labelMap;
  private final FaceLabel assumed;

  private ManifestFile(Builder builder) {
    this.file = builder.file;
    this.lenient = builder.lenient;
    this.labelMap = builder.labelMap;
    this.assumed = builder.assumed;
  }

  /**
   * Reads a table strictly.
   *
   * @param file the table
   * @return its photos in order
   * @throws BrokenDataException if anything is wrong
   * @throws IOException if the table is missing or cannot be read
   */
  public static PhotoSet read(Path file) throws IOException {
    return builder(file).build().read().photos();
  }

  /**
   * Starts a reader.
   *
   * @param file the table
   */
  public static Builder builder(Path file) {
    return new Builder(Objects.requireNonNull(file, "file"));
  }

  /**
   * Reads the table row by row; the photos' presence is checked in parallel.
   *
   * @return the photos and the report
   * @throws BrokenDataException if anything is wrong and the reader is strict
   * @throws IOException if the table is missing or cannot be read, or if its columns cannot be
   *     understood
   */
  public Reading read() throws IOException {
    LabelWords words = labelMap.isPresent() ? LabelWords.read(labelMap.get()) : LabelWords.STANDARD;
    List<ReadProblem> problems = new ArrayList<>();
    ManifestRows rows = new ManifestRows(file, words, assumed, problems);
    CsvTable.read(
        file,
        EXPECTED,
        TableHeader::knows,
        problems,
        header -> {
          rows.columns(columns(header, words));
          return rows::read;
        });
    List<FacePhoto> found = rows.photos();
    boolean[] there = new boolean[found.size()];
    IntStream.range(0, there.length)
        .parallel()
        .forEach(i -> there[i] = Files.isRegularFile(found.get(i).photo().file()));
    List<FacePhoto> photos = new ArrayList<>(there.length);
    Map<String, Part> parts = new HashMap<>();
    boolean split = rows.areParted();
    for (int i = 0; i < there.length; i++) {
      FacePhoto photo = found.get(i);
      if (there[i]) {
        photos.add(photo);
        if (split) {
          parts.put(photo.photo().id(), rows.part(i));
        }
      } else {
        problems.add(
            new ReadProblem(
                file,
                rows.line(i),
                "there is no photo " + photo.photo().file(),
                "restore it or drop the row",
                "missing photo"));
      }
    }
    ReadReport report = new ReadReport(problems, rows.notes(), 0);
    if (!lenient && !report.clean()) {
      throw new BrokenDataException(report);
    }
    return new Reading(PhotoSet.ofDistinct(photos), report, parts);
  }

  private Map<Role, Column> columns(CsvTable.Header header, LabelWords words)
      throws InvalidFileException {
    Map<Role, Column> columns;
    try {
      columns = TableHeader.columns(header.names(), words);
    } catch (IllegalArgumentException e) {
      throw InvalidFileException.of(file, header.line(), e);
    }
    boolean labelled =
        columns.containsKey(Role.CLASS)
            || columns.keySet().stream().anyMatch(role -> role.attribute().isPresent())
            || !assumed.known().isEmpty();
    if (!columns.containsKey(Role.PATH) || !labelled) {
      String missing =
          columns.containsKey(Role.PATH)
              ? "a column of labels: mask, gender, age or class"
              : "a column 'path' with the photos' files";
      throw new InvalidFileException(
          file,
          header.line(),
          Problem.of("columns", header.told(), missing)
              .withRemedy("name the columns in the first line, for instance path,person,mask"),
          null);
    }
    return columns;
  }

  /** Builder of {@link ManifestFile}. */
  public static final class Builder {

    private final Path file;
    private boolean lenient;
    private Optional<Path> labelMap = Optional.empty();
    private FaceLabel assumed = FaceLabel.UNKNOWN;

    private Builder(Path file) {
      this.file = file;
    }

    /** Sets whether rows with problems are left out and reported instead of refused. */
    public Builder optLenient(boolean lenient) {
      this.lenient = lenient;
      return this;
    }

    /**
     * Sets a table of own words for labels, with the columns {@code attribute,word,value}: an
     * attribute is mask, gender, age or class, a value a known word of the attribute or unknown.
     *
     * @param table the table
     */
    public Builder optLabelMap(Path table) {
      this.labelMap = Optional.of(table);
      return this;
    }

    /**
     * Sets what is known of all photos. It counts where the table leaves an attribute unknown.
     *
     * @param label the label
     */
    public Builder optAssumed(FaceLabel label) {
      this.assumed = Objects.requireNonNull(label, "label");
      return this;
    }

    /**
     * Adds what is known of all photos, as {@link #optAssumed(FaceLabel)}, by a word for it.
     *
     * @param attribute the attribute
     * @param word a word or range as in the data, for instance {@code not_worn}
     * @throws IllegalArgumentException if it is no word of the attribute
     */
    public Builder optAssumed(Attribute attribute, String word) {
      this.assumed = LabelWords.assumed(this.assumed, attribute, word);
      return this;
    }

    /** Returns the reader. */
    public ManifestFile build() {
      return new ManifestFile(this);
    }
  }
}
