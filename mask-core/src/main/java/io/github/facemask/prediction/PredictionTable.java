package io.github.facemask.prediction;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableSet;
import io.github.facemask.dataset.Photo;
import io.github.facemask.label.Attribute;
import io.github.facemask.label.FaceClass;
import io.github.facemask.prediction.PredictionReader.Row;
import io.github.facemask.problem.InvalidArgumentException;
import io.github.facemask.problem.Problem;
import io.github.facemask.provenance.Digest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The probabilities of the 18 classes for some photos, immutable. Of models that do not answer an
 * attribute, classes that differ in it alone have equal probabilities; see {@link
 * PredictionOrigin#attributes}. Each row sums to 1 within {@link #TOLERANCE}.
 */
public final class PredictionTable {

  /** The largest deviation of a row's sum from 1. */
  public static final double TOLERANCE = 1e-3;

  private final PredictionOrigin origin;
  private final List<String> ids;
  private final float[] cells;

  /** The expected ages in years; empty if the models do not answer them. */
  private final float[] years;

  private final RowIndex rows;

  private PredictionTable(PredictionOrigin origin, List<String> ids, float[] cells, float[] years) {
    this.years = years;
    this.origin = origin;
    this.ids = ids;
    this.cells = cells;
    this.rows = new RowIndex(ids);
  }

  /**
   * Returns a builder of a table.
   *
   * @param origin the origin of the predictions
   */
  public static Builder builder(PredictionOrigin origin) {
    return builder(origin, 64);
  }

  /**
   * Returns a builder of a table of about a known size, which saves copies.
   *
   * @param origin the origin of the predictions
   * @param expected the expected number of rows, 0 or more
   */
  public static Builder builder(PredictionOrigin origin, int expected) {
    checkArgument(expected >= 0, "%s rows are expected, expected 0 or more", expected);
    return new Builder(Objects.requireNonNull(origin, "origin"), expected);
  }

  /**
   * Reads a table that {@link #write} wrote.
   *
   * @param file the file
   * @return the table, with exactly the same numbers
   * @throws IOException if the file is missing or malformed; the message names the line
   */
  public static PredictionTable read(Path file) throws IOException {
    return PredictionFile.read(file);
  }

  /**
   * Writes the table as CSV: a comment line with the origin as JSON, then {@code photo,p0,...,p17};
   * of models that answer fewer attributes, a column for each label instead, for instance {@code
   * photo,worn,worn_wrongly,not_worn}. Numbers are written so that reading gives exactly the same
   * values.
   *
   * @param file the file, replaced atomically
   * @throws IOException if it cannot be written; an existing file is then unchanged
   */
  public void write(Path file) throws IOException {
    PredictionFile.write(this, file);
  }

  /**
   * Concatenates the rows of several tables, for instance of the folds of one set.
   *
   * @param tables at least one, without a photo in common
   * @return a table with the models and runs of all; its data digest is empty
   * @throws IllegalArgumentException if a photo occurs twice, or if the tables were corrected for
   *     different shares of the labels
   */
  public static PredictionTable union(List<PredictionTable> tables) {
    checkArgument(!tables.isEmpty(), "no tables, expected at least one");
    List<Digest> models = new ArrayList<>();
    List<String> runs = new ArrayList<>();
    Map<Digest, Digest> programs = new HashMap<>();
    for (PredictionTable table : tables) {
      programs.putAll(table.origin.programs());
      models.addAll(table.origin.models());
      runs.addAll(table.origin.runs());
    }
    boolean oneEach =
        tables.stream().allMatch(t -> t.origin.oneModelEach() || t.origin.models().size() == 1);
    Set<Optional<Digest>> by = new HashSet<>();
    tables.forEach(t -> by.add(t.origin.ensemble()));
    Optional<Digest> ensemble = by.size() == 1 ? by.iterator().next() : Optional.empty();
    ImmutableSet<Attribute> attributes = tables.get(0).origin.attributes();
    checkArgument(
        tables.stream().allMatch(t -> t.origin.attributes().equals(attributes)),
        "the tables answer different attributes, expected the same");
    Optional<Prior> prior = tables.get(0).origin.prior();
    checkArgument(
        tables.stream().allMatch(t -> t.origin.prior().equals(prior)),
        "the tables were corrected for different shares of the labels, expected the same for all");
    Builder all =
        builder(
            new PredictionOrigin(
                models,
                runs,
                Optional.empty(),
                oneEach,
                programs,
                ensemble,
                attributes,
                tables.stream().allMatch(t -> t.origin.years()),
                prior));
    for (PredictionTable table : tables) {
      for (int row = 0; row < table.size(); row++) {
        all.add(table.row(row));
      }
    }
    return all.build();
  }

  /**
   * Returns the rows of some photos.
   *
   * @param photos the photos, in the order of the rows to return
   * @return a table of the same origin
   * @throws IllegalArgumentException if a photo has no row
   */
  public PredictionTable only(List<Photo> photos) {
    Builder some = builder(origin);
    for (Photo photo : photos) {
      OptionalInt row = row(photo.id());
      checkArgument(row.isPresent(), "photo '%s' has no prediction; predict them all", photo.id());
      some.add(row(row.getAsInt()));
    }
    return some.build();
  }

  /** Returns the origin of the predictions. */
  public PredictionOrigin origin() {
    return origin;
  }

  /** Returns the number of photos. */
  public int size() {
    return ids.size();
  }

  /** Returns the photos' ids, in the order of the rows. */
  public List<String> ids() {
    return ids;
  }

  /**
   * Returns the row of a photo.
   *
   * @param id the photo's id
   * @return the row, or empty if the table lacks the photo
   */
  public OptionalInt row(String id) {
    return rows.find(id);
  }

  /**
   * Returns one probability.
   *
   * @param row the photo's row
   * @param classId the class's number
   */
  public float probability(int row, int classId) {
    checkRow(row);
    if (classId < 0 || classId >= FaceClass.COUNT) {
      throw new InvalidArgumentException(
          Problem.of("class", classId, "0 to " + (FaceClass.COUNT - 1)));
    }
    return cells[row * FaceClass.COUNT + classId];
  }

  /**
   * Returns a copy of a photo's 18 probabilities.
   *
   * @param row the photo's row
   */
  public float[] probabilities(int row) {
    checkRow(row);
    return Arrays.copyOfRange(cells, row * FaceClass.COUNT, (row + 1) * FaceClass.COUNT);
  }

  /**
   * Returns the expected age of a photo.
   *
   * @param row the photo's row
   * @return the age in years, or empty if the models do not answer it
   */
  public OptionalDouble years(int row) {
    checkRow(row);
    return origin.years() ? OptionalDouble.of(years[row]) : OptionalDouble.empty();
  }

  Row row(int row) {
    checkRow(row);
    return new Row(ids.get(row), probabilities(row), origin.years() ? years[row] : Float.NaN);
  }

  /**
   * Returns the most probable class of a photo; the lower class number on ties.
   *
   * @param row the photo's row
   * @return the class's number
   */
  public int argmax(int row) {
    checkRow(row);
    int best = 0;
    for (int id = 1; id < FaceClass.COUNT; id++) {
      if (cells[row * FaceClass.COUNT + id] > cells[row * FaceClass.COUNT + best]) {
        best = id;
      }
    }
    return best;
  }

  private void checkRow(int row) {
    if (row < 0 || row >= size()) {
      throw new InvalidArgumentException(Problem.of("row", row, "0 to " + (size() - 1)));
    }
  }

  /** Collects rows. Not thread-safe. */
  public static final class Builder {

    private final PredictionOrigin origin;
    private final List<String> ids = new ArrayList<>();
    private float[] cells;
    private float[] years;

    private Builder(PredictionOrigin origin, int expected) {
      this.origin = origin;
      this.cells = new float[Math.max(expected, 1) * FaceClass.COUNT];
      this.years = new float[origin.years() ? Math.max(expected, 1) : 0];
    }

    /**
     * Adds a photo.
     *
     * @param id the photo's id
     * @param probabilities its 18 probabilities; they are copied
     * @throws IllegalArgumentException if they are not 18, not from 0 to 1, or do not sum to 1
     */
    public Builder add(String id, float[] probabilities) {
      return add(new Row(id, probabilities));
    }

    /**
     * Adds a photo.
     *
     * @param row the photo's row; it is copied
     */
    public Builder add(Row row) {
      int from = ids.size() * FaceClass.COUNT;
      if (from + FaceClass.COUNT > cells.length) {
        cells = Arrays.copyOf(cells, 2 * cells.length);
      }
      if (origin.years()) {
        checkArgument(
            row.years() >= 0 && row.years() <= 150,
            "photo '%s' has the age %s, expected 0 to 150 years",
            row.id(),
            row.years());
        if (ids.size() == years.length) {
          years = Arrays.copyOf(years, 2 * years.length);
        }
        years[ids.size()] = row.years();
      }
      System.arraycopy(row.probabilities(), 0, cells, from, FaceClass.COUNT);
      ids.add(row.id());
      return this;
    }

    /**
     * Returns the rows so far as a table.
     *
     * @throws IllegalArgumentException if a photo occurs twice
     */
    public PredictionTable build() {
      int length = ids.size() * FaceClass.COUNT;
      // A full array is not written to again: the next row allocates a longer one.
      return new PredictionTable(
          origin,
          List.copyOf(ids),
          cells.length == length ? cells : Arrays.copyOf(cells, length),
          origin.years() ? Arrays.copyOf(years, ids.size()) : years);
    }
  }
}
