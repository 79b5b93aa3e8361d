package io.github.facemask.prediction;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import io.github.facemask.internal.files.WholeFile;
import io.github.facemask.label.FaceClass;
import io.github.facemask.label.FaceLabel;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.commons.csv.CSVException;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * Reads a file of {@link PredictionTable#write} row by row. It holds one row in memory at a time,
 * so it does not detect photos that occur twice. Not thread-safe.
 */
public final class PredictionReader implements AutoCloseable {

  private final Path file;
  private final PredictionOrigin origin;
  private final CSVParser parser;
  private final Iterator<CSVRecord> rows;

  private PredictionReader(Path file, PredictionOrigin origin, CSVParser parser) {
    this.file = file;
    this.origin = origin;
    this.parser = parser;
    this.rows = parser.iterator();
  }

  /**
   * Opens a file.
   *
   * @param file the file
   * @return the reader, which the caller closes
   * @throws IOException if the file is missing or has no header of predictions
   */
  public static PredictionReader open(Path file) throws IOException {
    BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8);
    try {
      PredictionOrigin origin = PredictionFile.origin(file, reader.readLine());
      CSVParser parser =
          CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).get().parse(reader);
      if (!parser.getHeaderNames().equals(List.of(PredictionFile.columns(origin)))) {
        throw PredictionFile.broken(
            file, 2, "the columns are not " + String.join(",", PredictionFile.columns(origin)));
      }
      return new PredictionReader(file, origin, parser);
    } catch (CharacterCodingException e) {
      reader.close();
      throw WholeFile.notUtf8(file, e);
    } catch (CSVException | IllegalArgumentException e) {
      reader.close();
      throw PredictionFile.broken(file, 0, e);
    } catch (IOException | RuntimeException e) {
      reader.close();
      throw e;
    }
  }

  /** Returns the origin of the predictions. */
  public PredictionOrigin origin() {
    return origin;
  }

  /**
   * Reads the next row.
   *
   * @return the row, or empty after the last one
   * @throws IOException if it cannot be read or is malformed; the message names the line
   */
  public Optional<Row> next() throws IOException {
    try {
      if (!rows.hasNext()) {
        return Optional.empty();
      }
      CSVRecord row = rows.next();
      try {
        float years =
            origin.years() && row.size() > 0
                ? Float.parseFloat(row.get(row.size() - 1))
                : Float.NaN;
        return Optional.of(new Row(row.get(0), numbers(row, origin), years));
      } catch (IllegalArgumentException e) {
        throw PredictionFile.broken(file, parser.getCurrentLineNumber() + 1, e);
      }
    } catch (UncheckedIOException | IllegalStateException e) {
      if (e.getCause() instanceof CharacterCodingException cause) {
        throw WholeFile.notUtf8(file, cause);
      }
      throw PredictionFile.broken(file, 0, e);
    }
  }

  private static float[] numbers(CSVRecord row, PredictionOrigin origin) {
    ImmutableList<FaceLabel> labels = origin.labels();
    int cells = 1 + labels.size() + (origin.years() ? 1 : 0);
    checkArgument(row.size() == cells, "%s cells, expected %s", row.size(), cells);
    float[] numbers = new float[FaceClass.COUNT];
    for (int i = 0; i < labels.size(); i++) {
      FaceLabel label = labels.get(i);
      if (label.complete()) {
        numbers[label.id()] = Float.parseFloat(row.get(1 + i));
      } else {
        float each = (float) (Double.parseDouble(row.get(1 + i)) / label.classes().size());
        label.classes().forEach(c -> numbers[c.id()] = each);
      }
    }
    return numbers;
  }

  @Override
  public void close() throws IOException {
    parser.close();
  }

  /**
   * One row of a file: the probabilities of a photo. Its array is not copied, neither on
   * construction nor on access.
   */
  public static final class Row {

    private final String id;
    private final float[] probabilities;
    private final float years;

    /**
     * Makes a row without an age in years.
     *
     * @param id the photo's id
     * @param probabilities its 18 probabilities
     */
    public Row(String id, float[] probabilities) {
      this(id, probabilities, Float.NaN);
    }

    /**
     * Makes a row.
     *
     * @param id the photo's id
     * @param probabilities its 18 probabilities, which sum to 1 within {@link
     *     PredictionTable#TOLERANCE}
     * @param years the expected age in years, or NaN if it is not predicted
     * @throws IllegalArgumentException if they are not 18, not from 0 to 1, or do not sum to 1
     */
    public Row(String id, float[] probabilities, float years) {
      this.years = years;
      this.id = Objects.requireNonNull(id, "id");
      this.probabilities = probabilities;
      checkArgument(
          probabilities.length == FaceClass.COUNT,
          "photo '%s' has %s probabilities, expected %s",
          id,
          probabilities.length,
          FaceClass.COUNT);
      double sum = 0;
      for (float p : probabilities) {
        checkArgument(
            p >= 0 && p <= 1 + PredictionTable.TOLERANCE,
            "photo '%s' has the probability %s, expected 0 to 1; are these logits?",
            id,
            p);
        sum += p;
      }
      checkArgument(
          Math.abs(sum - 1) <= PredictionTable.TOLERANCE,
          "the probabilities of photo '%s' sum to %s, expected 1",
          id,
          sum);
    }

    /** Returns the photo's id. */
    public String id() {
      return id;
    }

    /** Returns the expected age in years, or NaN if it is not predicted. */
    public float years() {
      return years;
    }

    /** Returns its 18 probabilities, not a copy. */
    public float[] probabilities() {
      return probabilities;
    }
  }
}
