package io.github.facemask.dataset;

import io.github.facemask.internal.files.AtomicFile;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/**
 * The problems and notes of a reader.
 *
 * @param problems what is wrong; a lenient reader skips at least one photo for each
 * @param notes what is unusual but was accepted
 * @param junk the number of skipped files and folders of other programs
 */
public record ReadReport(List<ReadProblem> problems, List<ReadProblem> notes, int junk) {

  private static final int SHOWN = 5;

  /** Copies the lists. */
  public ReadReport {
    problems = List.copyOf(problems);
    notes = List.copyOf(notes);
  }

  /** Returns whether nothing is wrong. */
  public boolean clean() {
    return problems.isEmpty();
  }

  /**
   * Returns this report and another.
   *
   * @param other the other report, whose problems and notes follow
   */
  public ReadReport plus(ReadReport other) {
    return new ReadReport(
        Stream.concat(problems.stream(), other.problems.stream()).toList(),
        Stream.concat(notes.stream(), other.notes.stream()).toList(),
        junk + other.junk);
  }

  /**
   * Writes all problems and notes as a table with the columns {@code kind,file,line,what,advice}.
   *
   * @param table the table, replaced atomically
   * @throws IOException if it cannot be written; an existing table is then unchanged
   */
  public void write(Path table) throws IOException {
    AtomicFile.write(
        table,
        out -> {
          CSVFormat format =
              CSVFormat.RFC4180
                  .builder()
                  .setHeader("kind", "file", "line", "what", "advice")
                  .setRecordSeparator('\n')
                  .get();
          CSVPrinter printer =
              new CSVPrinter(new OutputStreamWriter(out, StandardCharsets.UTF_8), format);
          for (ReadProblem problem : problems) {
            print(printer, "problem", problem);
          }
          for (ReadProblem note : notes) {
            print(printer, "note", note);
          }
          printer.flush();
        });
  }

  private static void print(CSVPrinter printer, String kind, ReadProblem problem)
      throws IOException {
    printer.printRecord(kind, problem.file(), problem.line(), problem.what(), problem.advice());
  }

  /**
   * Returns the number of problems and the first few kinds, one on a line. Equal problems are one
   * line with their number and the first place.
   */
  public String summary() {
    return problems.size()
        + (problems.size() == 1 ? " problem" : " problems")
        + kinds(problems, SHOWN).stream().map(line -> "\n  " + line).collect(Collectors.joining());
  }

  /** Returns the kinds of notes, one line each, with the number of equal notes. */
  public List<String> noteLines() {
    return kinds(notes, SHOWN);
  }

  private static List<String> kinds(List<ReadProblem> all, int most) {
    Map<List<String>, List<ReadProblem>> kinds = new LinkedHashMap<>();
    for (ReadProblem each : all) {
      kinds.computeIfAbsent(List.of(each.kind(), each.advice()), k -> new ArrayList<>()).add(each);
    }
    List<String> lines = new ArrayList<>();
    int told = 0;
    for (List<ReadProblem> kind : kinds.values()) {
      if (lines.size() == most) {
        lines.add("and " + (all.size() - told) + " more");
        break;
      }
      ReadProblem first = kind.get(0);
      lines.add(
          kind.size() == 1
              ? first.toString()
              : kind.size()
                  + " times: "
                  + first.what()
                  + "; "
                  + first.advice()
                  + "; first in "
                  + first.place());
      told += kind.size();
    }
    return lines;
  }

  /**
   * Something in a file that a reader did not expect.
   *
   * @param file the file or folder
   * @param line the line, from 1, or 0 if it is not about a line
   * @param what the found and the expected value
   * @param advice what to do about it
   * @param kind what is equal in all problems of this kind
   */
  public record ReadProblem(Path file, long line, String what, String advice, String kind) {

    /**
     * A problem that is equal to others with the same text.
     *
     * @param file the file or folder
     * @param line the line, from 1, or 0 if it is not about a line
     * @param what the found and the expected value
     * @param advice what to do about it
     */
    public ReadProblem(Path file, long line, String what, String advice) {
      this(file, line, what, advice, what);
    }

    private String place() {
      return file + (line > 0 ? ":" + line : "");
    }

    @Override
    public String toString() {
      return place() + ": " + what + "; " + advice;
    }
  }

  /**
   * Thrown when a strict reader finds problems. The message shows the first one, the report has
   * all.
   */
  public static final class BrokenDataException extends IOException {

    private static final long serialVersionUID = 1;

    private final transient ReadReport report;

    BrokenDataException(ReadReport report) {
      super(report.summary() + "\nFix them, or read leniently to skip these photos.");
      this.report = report;
    }

    /** Returns all problems. */
    public ReadReport report() {
      return report;
    }
  }
}
