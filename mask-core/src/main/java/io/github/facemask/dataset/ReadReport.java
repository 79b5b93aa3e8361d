package io.github.facemask.dataset;

import io.github.facemask.internal.files.AtomicFile;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
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

  /** Returns the number of problems and the first few, one on a line. */
  public String summary() {
    StringBuilder text = new StringBuilder();
    text.append(problems.size()).append(problems.size() == 1 ? " problem" : " problems");
    problems.stream().limit(SHOWN).forEach(p -> text.append("\n  ").append(p));
    if (problems.size() > SHOWN) {
      text.append("\n  and ").append(problems.size() - SHOWN).append(" more");
    }
    return text.toString();
  }

  /**
   * Something in a file that a reader did not expect.
   *
   * @param file the file or folder
   * @param line the line, from 1, or 0 if it is not about a line
   * @param what the found and the expected value
   * @param advice what to do about it
   */
  public record ReadProblem(Path file, long line, String what, String advice) {

    @Override
    public String toString() {
      return file + (line > 0 ? ":" + line : "") + ": " + what + "; " + advice;
    }
  }
}
