package io.github.facemask.prediction;

import io.github.facemask.internal.files.AtomicFile;
import io.github.facemask.label.FaceClass;
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
  private final Object[] cells = new Object[1 + FaceClass.COUNT];

  private PredictionWriter(CSVPrinter printer) {
    this.printer = printer;
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
                      .setHeader(PredictionFile.columns())
                      .setRecordSeparator('\n')
                      .get());
          rows.writeTo(new PredictionWriter(printer));
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
    for (int id = 0; id < FaceClass.COUNT; id++) {
      cells[1 + id] = Float.toString(row.probabilities()[id]);
    }
    printer.printRecord(cells);
  }
}
