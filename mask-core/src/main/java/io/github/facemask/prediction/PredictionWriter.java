package io.github.facemask.prediction;

import com.google.common.collect.ImmutableList;
import io.github.facemask.internal.files.AtomicFile;
import io.github.facemask.label.FaceLabel;
import io.github.facemask.prediction.PredictionReader.Row;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/**
 * Writes a file as {@link PredictionTable#write} does, row by row, in constant memory. Photos that
 * are given twice are only detected when the file is read as a table. Not thread-safe.
 */
public final class PredictionWriter {

  private final CSVPrinter printer;
  private final ImmutableList<FaceLabel> labels;
  private final boolean years;
  private final Object[] cells;

  private PredictionWriter(CSVPrinter printer, PredictionOrigin origin) {
    this.printer = printer;
    this.labels = origin.labels();
    this.years = origin.years();
    this.cells = new Object[1 + labels.size() + (years ? 1 : 0)];
  }

  /** Produces the rows. */
  @FunctionalInterface
  public interface Rows {
    /**
     * Writes all rows.
     *
     * @param writer receives the rows
     * @throws IOException if one cannot be made or written; an existing file is then unchanged
     */
    void writeTo(PredictionWriter writer) throws IOException;
  }

  /**
   * Writes or replaces a file atomically.
   *
   * @param file the file
   * @param origin the origin of the predictions
   * @param rows produces the rows
   * @throws IOException if it cannot be written; an existing file is then unchanged
   */
  public static void write(Path file, PredictionOrigin origin, Rows rows) throws IOException {
    AtomicFile.write(
        file,
        out -> {
          BufferedWriter text =
              new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
          text.write(PredictionFile.firstLine(origin) + "\n");
          CSVPrinter printer =
              new CSVPrinter(
                  text,
                  CSVFormat.RFC4180
                      .builder()
                      .setHeader(PredictionFile.columns(origin))
                      .setRecordSeparator('\n')
                      .get());
          rows.writeTo(new PredictionWriter(printer, origin));
          printer.flush();
        });
  }

  /**
   * Writes a row.
   *
   * @param row the row
   * @throws IOException if it cannot be written
   */
  public void add(Row row) throws IOException {
    cells[0] = row.id();
    for (int i = 0; i < labels.size(); i++) {
      FaceLabel label = labels.get(i);
      float first = row.probabilities()[label.classes().get(0).id()];
      // A double holds the product exactly, so that reading gives the same value.
      cells[1 + i] =
          label.complete()
              ? Float.toString(first)
              : Double.toString((double) first * label.classes().size());
    }
    if (years) {
      cells[cells.length - 1] = Float.toString(row.years());
    }
    printer.printRecord(cells);
  }
}
