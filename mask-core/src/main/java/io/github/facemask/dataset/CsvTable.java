package io.github.facemask.dataset;

import com.google.common.base.Splitter;
import io.github.facemask.dataset.ReadReport.ReadProblem;
import io.github.facemask.internal.files.WholeFile;
import io.github.facemask.problem.InvalidFileException;
import io.github.facemask.problem.Problem;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.commons.csv.CSVException;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * Streams the rows of a table whose first line names its columns. The separator is a comma, a
 * semicolon, a tab or a bar: the one that splits the first line into the most known columns, or the
 * one of a line such as {@code sep=;} in front. The text is UTF-8, or UTF-16 with or without a byte
 * order mark; lines end with LF, CR LF or CR.
 */
final class CsvTable {

  private static final String SEPARATORS = ",;\t|";

  /** The longest line with the names of the columns, in characters. */
  private static final int LONGEST_HEADER = 1 << 16;

  private CsvTable() {}

  /** Receives a row. */
  @FunctionalInterface
  interface RowReader {
    void accept(long line, Cells cells) throws IOException;
  }

  /** Receives the names of the columns and returns what receives the rows. */
  @FunctionalInterface
  interface HeaderReader {
    RowReader accept(Header header) throws IOException;
  }

  /**
   * The names of the columns.
   *
   * @param line the line of the names, from 1
   * @param separator the separator
   * @param names the names without blanks around them
   */
  record Header(long line, char separator, List<String> names) {

    /** Returns what was seen, for messages: the first five names and the separator. */
    String told() {
      int shown = Math.min(names.size(), 5);
      String more = names.size() > shown ? " and " + (names.size() - shown) + " more" : "";
      return (names.isEmpty() ? "none" : "'" + String.join("', '", names.subList(0, shown)) + "'")
          + more
          + " with the separator "
          + (separator == '\t' ? "tab" : "'" + separator + "'");
    }
  }

  /** The cells of one row; valid until the next row is read. */
  static final class Cells {

    private final Map<String, Integer> index;
    private CSVRecord row;

    private Cells(List<String> names) {
      this.index = new HashMap<>();
      for (int i = 0; i < names.size(); i++) {
        index.putIfAbsent(names.get(i), i);
      }
    }

    String get(int column) {
      return row.get(column);
    }

    String get(String column) {
      return row.get(index.get(column));
    }

    boolean isMapped(String column) {
      return index.containsKey(column);
    }
  }

  /**
   * Reads a table with given columns; rows with too few or too many cells become problems.
   *
   * @throws IOException if the file is missing, is not CSV or lacks a column
   */
  static void read(Path file, List<String> columns, List<ReadProblem> problems, RowReader rows)
      throws IOException {
    Map<String, String> spelt = new HashMap<>();
    columns.forEach(column -> spelt.put(column.toLowerCase(Locale.ROOT), column));
    String expected = String.join(",", columns);
    stream(
        file,
        expected,
        name -> spelt.containsKey(name.toLowerCase(Locale.ROOT)),
        false,
        problems,
        header -> {
          if (!header.names().containsAll(columns)) {
            throw new InvalidFileException(
                file,
                header.line(),
                Problem.of("columns", String.join(",", header.names()), expected)
                    .withRemedy("correct the first line"),
                null);
          }
          return rows;
        },
        spelt);
  }

  /**
   * Reads a table whose columns may have several names.
   *
   * @param expected the columns, for the message about a missing file
   * @param known whether a name of a column means something, to find the separator
   * @throws IOException if the file is missing or is not CSV
   */
  static void read(
      Path file,
      String expected,
      Predicate<String> known,
      List<ReadProblem> problems,
      HeaderReader header)
      throws IOException {
    stream(file, expected, known, true, problems, header, Map.of());
  }

  private static void stream(
      Path file,
      String expected,
      Predicate<String> known,
      boolean trimmed,
      List<ReadProblem> problems,
      HeaderReader headers,
      Map<String, String> spelt)
      throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new NoSuchFileException(
          file.toString(), null, "expected a table with the columns " + expected);
    }
    try (BufferedReader reader = open(file)) {
      int before = 0;
      Character separator = stated(reader);
      if (separator == null) {
        separator = separator(firstLine(reader), known);
      } else {
        before = 1;
      }
      CSVFormat format =
          CSVFormat.RFC4180
              .builder()
              .setDelimiter(separator)
              .setIgnoreEmptyLines(true)
              .setIgnoreSurroundingSpaces(trimmed && separator != '\t')
              .get();
      try (CSVParser parser = format.parse(reader)) {
        Iterator<CSVRecord> records = parser.iterator();
        List<String> names = names(records, separator, spelt);
        Header header = new Header(before + parser.getCurrentLineNumber(), separator, names);
        RowReader rows = headers.accept(header);
        Cells cells = new Cells(names);
        while (records.hasNext()) {
          CSVRecord row = records.next();
          long line = before + parser.getCurrentLineNumber();
          if (hasCells(row, names.size())) {
            cells.row = row;
            rows.accept(line, cells);
          } else {
            String what = row.size() + " cells, expected " + names.size();
            problems.add(new ReadProblem(file, line, what, "correct the row", "number of cells"));
          }
        }
      }
    } catch (CharacterCodingException e) {
      throw WholeFile.notUtf8(file, e);
    } catch (UncheckedIOException e) {
      if (e.getCause() instanceof CharacterCodingException coding) {
        throw WholeFile.notUtf8(file, coding);
      }
      throw notCsv(file, e);
    } catch (CSVException | IllegalArgumentException | IllegalStateException e) {
      throw notCsv(file, e);
    }
  }

  private static InvalidFileException notCsv(Path file, Exception e) {
    return new InvalidFileException(
        file, Problem.saying("is not a readable CSV table: " + reason(e)), e);
  }

  /** Spreadsheets add empty cells at the end of a row. */
  private static boolean hasCells(CSVRecord row, int count) {
    for (int i = count; i < row.size(); i++) {
      if (!row.get(i).isBlank()) {
        return false;
      }
    }
    return row.size() >= count;
  }

  private static List<String> names(
      Iterator<CSVRecord> records, char separator, Map<String, String> spelt) {
    List<String> names = new ArrayList<>();
    String open = "";
    for (String cell : records.hasNext() ? records.next() : List.<String>of()) {
      String name = open + cell.strip();
      if (name.indexOf('(') >= 0 && name.indexOf(')') < 0) {
        // A list in parentheses, for instance "gender(0=male,1=female)", is part of one name.
        open = name + separator;
      } else {
        names.add(spelt.getOrDefault(name.toLowerCase(Locale.ROOT), name));
        open = "";
      }
    }
    if (!open.isEmpty()) {
      names.add(open);
    }
    while (!names.isEmpty() && names.get(names.size() - 1).isEmpty()) {
      names.remove(names.size() - 1);
    }
    return names;
  }

  /** Opens a text whose encoding is told by its first bytes. */
  private static BufferedReader open(Path file) throws IOException {
    InputStream bytes = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
    bytes.mark(4);
    byte[] head = bytes.readNBytes(3);
    bytes.reset();
    int first = head.length > 0 ? head[0] & 255 : -1;
    int second = head.length > 1 ? head[1] & 255 : -1;
    if (first == 'P' && second == 'K') {
      bytes.close();
      throw new InvalidFileException(
          file,
          Problem.saying("is a spreadsheet or a ZIP archive, not a text")
              .withExpected("a CSV table")
              .withRemedy("save it as CSV in UTF-8"));
    }
    Charset charset = StandardCharsets.UTF_8;
    int mark = 0;
    if (first == 0xFF && second == 0xFE) {
      charset = StandardCharsets.UTF_16LE;
      mark = 2;
    } else if (first == 0xFE && second == 0xFF) {
      charset = StandardCharsets.UTF_16BE;
      mark = 2;
    } else if (first == 0xEF && second == 0xBB && head.length > 2 && (head[2] & 255) == 0xBF) {
      mark = 3;
    } else if (first > 0 && second == 0) {
      charset = StandardCharsets.UTF_16LE;
    } else if (first == 0 && second > 0) {
      charset = StandardCharsets.UTF_16BE;
    }
    bytes.skipNBytes(mark);
    return new BufferedReader(new InputStreamReader(bytes, charset.newDecoder()), 1 << 16);
  }

  /** Returns the separator of a line such as {@code sep=;} and reads that line, or null. */
  private static Character stated(BufferedReader reader) throws IOException {
    reader.mark(16);
    char[] head = new char[8];
    int length = Math.max(0, reader.read(head, 0, head.length));
    String text = new String(head, 0, length);
    boolean quoted = text.startsWith("\"");
    String line = quoted ? text.substring(1) : text;
    if (!line.regionMatches(true, 0, "sep=", 0, 4) || line.length() < 5) {
      reader.reset();
      return null;
    }
    char separator = line.charAt(4);
    reader.reset();
    reader.readLine();
    return separator == '\\' && line.startsWith("t", 5) ? '\t' : separator;
  }

  /** Returns the first line that is not blank, without reading on. */
  private static String firstLine(BufferedReader reader) throws IOException {
    reader.mark(LONGEST_HEADER + 1);
    StringBuilder line = new StringBuilder();
    boolean quoted = false;
    for (int read = 0; read < LONGEST_HEADER; read++) {
      int next = reader.read();
      if (next < 0) {
        break;
      }
      quoted ^= next == '"';
      if ((next == '\n' || next == '\r') && !quoted) {
        if (!line.toString().isBlank()) {
          break;
        }
        line.setLength(0);
      } else {
        line.append((char) next);
      }
    }
    reader.reset();
    return line.toString();
  }

  private static char separator(String line, Predicate<String> known) {
    char best = ',';
    long most = -1;
    for (int i = 0; i < SEPARATORS.length(); i++) {
      char separator = SEPARATORS.charAt(i);
      List<String> names = Splitter.on(separator).splitToList(line.replace("\"", ""));
      long meant = names.stream().map(String::strip).filter(known).count();
      long score = 1000 * meant + names.size();
      if (score > most) {
        most = score;
        best = separator;
      }
    }
    return best;
  }

  /** Returns what is wrong, without the name of the exception that some messages begin with. */
  private static String reason(Exception e) {
    String text = String.valueOf(e.getMessage());
    int end = text.indexOf("Exception: ");
    return end < 0 ? text : text.substring(end + "Exception: ".length());
  }
}
