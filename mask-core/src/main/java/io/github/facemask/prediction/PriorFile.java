package io.github.facemask.prediction;

import com.google.common.base.Splitter;
import com.google.common.primitives.Doubles;
import com.google.common.primitives.Ints;
import io.github.facemask.internal.files.WholeFile;
import io.github.facemask.label.Attribute;
import io.github.facemask.label.FaceClass;
import io.github.facemask.label.FaceLabel;
import io.github.facemask.problem.InvalidFileException;
import io.github.facemask.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads the shares of labels from a CSV file. */
final class PriorFile {

  private static final String CLASS = "class";
  private static final String SHARE = "share";

  /** A larger difference of the sum from 1 is more than rounded shares make. */
  private static final double ROUNDING = 0.01 + 1e-9;

  private final Path file;
  private List<Attribute> columns = new ArrayList<>();
  private List<FaceLabel> labels = List.of();
  private double[] shares = new double[0];

  private PriorFile(Path file) {
    this.file = file;
  }

  static Prior read(Path file) throws IOException {
    return new PriorFile(file).read();
  }

  private Prior read() throws IOException {
    if (Files.isDirectory(file)) {
      throw InvalidFileException.of(file, "is a folder", "a CSV file of shares");
    }
    List<String> lines = WholeFile.readLines(file);
    boolean head = true;
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      List<String> cells = Splitter.on(',').trimResults().splitToList(line);
      if (head) {
        readHead(cells, i + 1);
        head = false;
      } else {
        readRow(cells, i + 1);
      }
    }
    if (head) {
      throw at(1, Problem.saying("holds no shares").withExpected("'class,share' and 18 lines"));
    }
    for (int i = 0; i < shares.length; i++) {
      if (Double.isNaN(shares[i])) {
        throw at(
            lines.size(),
            Problem.saying("lacks the share of " + name(i)).withExpected("a line for each label"));
      }
    }
    double sum = Arrays.stream(shares).sum();
    if (!(sum > 0)) {
      throw at(lines.size(), Problem.of("sum of the shares", 0, "a number above 0"));
    }
    if (Math.abs(sum - 1) > ROUNDING && !Arrays.stream(shares).allMatch(s -> s == Math.rint(s))) {
      throw at(
          lines.size(),
          Problem.of(
              "sum of the shares",
              String.format(Locale.ROOT, "%.4g", sum),
              "1 within 0.01, or whole numbers, which are counts"));
    }
    return Prior.of(
        columns.isEmpty() ? Set.of(Attribute.values()) : EnumSet.copyOf(columns), shares);
  }

  private void readHead(List<String> cells, int line) throws IOException {
    List<String> names = cells.subList(0, cells.size() - 1);
    List<String> words = Arrays.stream(Attribute.values()).map(Attribute::word).toList();
    boolean classes = names.equals(List.of(CLASS));
    if (!cells.get(cells.size() - 1).equals(SHARE)
        || names.isEmpty()
        || !(classes || (words.containsAll(names) && Set.copyOf(names).size() == names.size()))) {
      throw at(
          line,
          Problem.of(
              "header", String.join(",", cells), "'class,share', or attributes as 'mask,share'"));
    }
    if (!classes) {
      columns = names.stream().map(n -> Attribute.values()[words.indexOf(n)]).toList();
    }
    labels =
        FaceLabel.knowing(
            classes ? Set.of(Attribute.values()) : columns.stream().collect(Collectors.toSet()));
    shares = new double[labels.size()];
    Arrays.fill(shares, Double.NaN);
  }

  private void readRow(List<String> cells, int line) throws IOException {
    int width = Math.max(1, columns.size()) + 1;
    if (cells.size() != width) {
      throw at(line, Problem.of("number of cells", cells.size(), String.valueOf(width)));
    }
    int at = columns.isEmpty() ? classNumber(cells.get(0), line) : label(cells, line);
    Double share = Doubles.tryParse(cells.get(width - 1));
    if (share == null || !(share >= 0) || Double.isInfinite(share)) {
      throw at(line, Problem.of(SHARE, cells.get(width - 1), "a number of 0 or more"));
    }
    if (!Double.isNaN(shares[at])) {
      throw at(line, Problem.saying("has " + name(at) + " again").withExpected("each label once"));
    }
    shares[at] = share;
  }

  private int classNumber(String cell, int line) throws IOException {
    Integer number = Ints.tryParse(cell);
    if (number == null || number < 0 || number >= FaceClass.COUNT) {
      throw at(line, Problem.of(CLASS, cell, "0 to " + (FaceClass.COUNT - 1)));
    }
    return number;
  }

  private int label(List<String> cells, int line) throws IOException {
    List<FaceLabel> found = new ArrayList<>(labels);
    for (int i = 0; i < columns.size(); i++) {
      Attribute attribute = columns.get(i);
      String word = cells.get(i).toLowerCase(Locale.ROOT).replace('_', ' ');
      int value = attribute.valueNames().indexOf(word);
      if (value < 0) {
        throw at(
            line,
            Problem.of(
                attribute.word(),
                cells.get(i),
                "one of " + String.join(", ", attribute.valueNames())));
      }
      found.removeIf(l -> l.value(attribute).orElse(-1) != value);
    }
    return labels.indexOf(found.get(0));
  }

  private String name(int label) {
    return columns.isEmpty() ? "class " + label : "'" + labels.get(label).displayName() + "'";
  }

  private InvalidFileException at(int line, Problem problem) {
    return new InvalidFileException(file, line, problem, null);
  }
}
