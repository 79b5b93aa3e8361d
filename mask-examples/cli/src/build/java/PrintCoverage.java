import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Prints the line coverage of all modules and the ten packages with the lowest. The build runs this file as it is;
 * its argument is the CSV report of JaCoCo.
 */
final class PrintCoverage {

  private static final int LOWEST = 10;
  private static final String NOTHING = "Line coverage: not measured, because no tests ran";

  private PrintCoverage() {}

  /** The lines of a package that tests ran and did not run. */
  private record Lines(long missed, long covered) {

    Lines plus(Lines other) {
      return new Lines(missed + other.missed, covered + other.covered);
    }

    double percent() {
      return 100.0 * covered / Math.max(1, missed + covered);
    }
  }

  public static void main(String[] arguments) throws IOException {
    Path report = Path.of(arguments[0]);
    if (!Files.isRegularFile(report)) {
      System.out.println(NOTHING);
      return;
    }
    List<String> rows = Files.readAllLines(report);
    List<String> columns = List.of(rows.get(0).split(","));
    int name = columns.indexOf("PACKAGE");
    int missed = columns.indexOf("LINE_MISSED");
    int covered = columns.indexOf("LINE_COVERED");
    Map<String, Lines> packages = new TreeMap<>();
    Lines all = new Lines(0, 0);
    for (String row : rows.subList(1, rows.size())) {
      String[] cells = row.split(",");
      Lines lines = new Lines(Long.parseLong(cells[missed]), Long.parseLong(cells[covered]));
      packages.merge(cells[name], lines, Lines::plus);
      all = all.plus(lines);
    }
    if (all.covered() == 0) {
      System.out.println(NOTHING);
      return;
    }
    System.out.printf(
        Locale.ROOT, "Line coverage: %.1f %% of %d lines%n", all.percent(), all.missed() + all.covered());
    System.out.println("The ten packages with the lowest:");
    packages.entrySet().stream()
        .filter(each -> each.getValue().missed() + each.getValue().covered() > 0)
        .sorted(Comparator.comparingDouble(each -> each.getValue().percent()))
        .limit(LOWEST)
        .forEach(
            each ->
                System.out.printf(
                    Locale.ROOT, "  %5.1f %%  %s%n", each.getValue().percent(), each.getKey()));
  }
}
