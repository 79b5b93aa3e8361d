package io.github.facemask.dataset;

import io.github.facemask.dataset.ReadReport.ReadProblem;
import io.github.facemask.label.Attribute;
import io.github.facemask.label.Gender;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The rows of train.csv that can be used.
 *
 * @param file the file
 * @param rows the good rows, in order
 * @param rejected the paths of rows with problems
 */
record PstageTable(Path file, List<Row> rows, Set<String> rejected) {

  private static final List<String> HEADER = List.of("id", "gender", "race", "age", "path");

  /** One row. */
  record Row(long line, String id, Gender gender, int ageYears, String path) {

    String baseId() {
      int dash = id.indexOf('-');
      return dash < 0 ? id : id.substring(0, dash);
    }
  }

  static PstageTable read(
      Path file, LabelWords words, List<ReadProblem> problems, List<ReadProblem> notes)
      throws IOException {
    List<Row> rows = new ArrayList<>();
    Set<String> rejected = new HashSet<>();
    Set<String> paths = new HashSet<>();
    Map<String, Long> ids = new HashMap<>();
    CsvTable.read(
        file,
        HEADER,
        problems,
        (line, cells) -> {
          int before = problems.size();
          Row row = row(file, line, cells, words, problems);
          String path = cells.get("path");
          if (!paths.add(path)) {
            problems.add(
                new ReadProblem(
                    file, line, "path '" + path + "' occurs twice", "drop one of the rows"));
          }
          if (problems.size() > before) {
            rejected.add(path);
            return;
          }
          Long first = ids.putIfAbsent(row.id, line);
          if (first != null) {
            String what = "id '" + row.id + "' occurs in line " + first + " too";
            notes.add(new ReadProblem(file, line, what, "taken as another person by its path"));
          }
          rows.add(row);
        });
    return new PstageTable(file, List.copyOf(rows), Set.copyOf(rejected));
  }

  /** Also rejects names that are not valid on this system, for instance with a NUL. */
  private static boolean isFolderName(String path) {
    if (path.isBlank() || path.contains("/") || path.contains("\\") || path.startsWith(".")) {
      return false;
    }
    try {
      return Path.of(path).getNameCount() == 1;
    } catch (InvalidPathException e) {
      return false;
    }
  }

  private static Row row(
      Path file, long line, CsvTable.Cells cells, LabelWords words, List<ReadProblem> problems) {
    Gender gender = words.of(Attribute.GENDER, cells.get("gender")).label().gender().orElse(null);
    if (gender == null) {
      problems.add(
          new ReadProblem(
              file,
              line,
              "gender is '" + cells.get("gender") + "', expected female or male",
              "correct the row"));
    }
    int years = words.of(Attribute.AGE, cells.get("age")).years().orElse(-1);
    if (years < 0) {
      problems.add(
          new ReadProblem(
              file,
              line,
              "age is '" + cells.get("age") + "', expected whole years from 0 to 150",
              "correct the row"));
    }
    String path = cells.get("path");
    if (!isFolderName(path)) {
      problems.add(
          new ReadProblem(
              file, line, "path is '" + path + "', expected a folder's name", "correct the row"));
    }
    return new Row(line, cells.get("id"), gender, years, path);
  }
}
