package io.github.facemask.dataset;

import io.github.facemask.dataset.ReadReport.ReadProblem;
import io.github.facemask.internal.files.WholeFile;
import io.github.facemask.problem.InvalidFileException;
import io.github.facemask.problem.Problem;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import org.apache.commons.csv.CSVException;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** Streams the rows of a table whose first line names its columns. */
final class CsvTable {

  private CsvTable() {}

  /** Receives a row. */
  @FunctionalInterface
  interface RowReader {
    void accept(long line, CSVRecord cells);
  }

  /**
   * Reads a table; rows with too few or too many cells become problems.
   *
   * @throws IOException if the file is missing, is not CSV or lacks a column
   */
  static void read(Path file, List<String> columns, List<ReadProblem> problems, RowReader rows)
      throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new NoSuchFileException(
          file.toString(), null, "expected a table with the columns " + String.join(",", columns));
    }
    CSVFormat format =
        CSVFormat.RFC4180
            .builder()
            .setHeader()
            .setSkipHeaderRecord(true)
            .setIgnoreEmptyLines(true)
            .get();
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8);
        CSVParser parser = format.parse(withoutMark(reader))) {
      List<String> header = parser.getHeaderNames();
      if (!header.containsAll(columns)) {
        throw new InvalidFileException(
            file,
            1,
            Problem.of("columns", String.join(",", header), String.join(",", columns))
                .withRemedy("correct the first line"),
            null);
      }
      Iterator<CSVRecord> records = parser.iterator();
      while (records.hasNext()) {
        CSVRecord cells = records.next();
        long line = parser.getCurrentLineNumber();
        if (cells.isConsistent()) {
          rows.accept(line, cells);
        } else {
          String what = cells.size() + " cells, expected " + header.size();
          problems.add(new ReadProblem(file, line, what, "correct the row"));
        }
      }
    } catch (UncheckedIOException | IllegalArgumentException | IllegalStateException e) {
      throw new InvalidFileException(
          file, Problem.saying("is not a readable CSV table: " + e.getMessage()), e);
    } catch (CharacterCodingException e) {
      throw WholeFile.notUtf8(file, e);
    } catch (CSVException e) {
      throw new InvalidFileException(
          file, Problem.saying("is not a readable CSV table: " + e.getMessage()), e);
    }
  }

  /** Skips the byte order mark that spreadsheet programs put in front. */
  private static Reader withoutMark(Reader reader) throws IOException {
    reader.mark(1);
    if (reader.read() != '\uFEFF') {
      reader.reset();
    }
    return reader;
  }
}
