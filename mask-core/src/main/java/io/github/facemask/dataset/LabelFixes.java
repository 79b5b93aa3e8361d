package io.github.facemask.dataset;

import io.github.facemask.internal.files.AtomicFile;
import io.github.facemask.problem.InvalidArgumentException;
import io.github.facemask.problem.Problem;
import io.github.facemask.provenance.Digest;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/**
 * Corrections laid over the labels of a data set, whose files stay as they are. A file has the
 * columns {@code id,field,old,new,source}; a fix acts only where the data has its old label.
 */
public final class LabelFixes {

  private static final String TEAMS = "agreed by 6 to 8 teams of the competition";

  private final List<LabelFix> fixes;
  private final Map<String, List<LabelFix>> byId = new LinkedHashMap<>();

  private LabelFixes(List<LabelFix> fixes) {
    this.fixes = List.copyOf(fixes);
    for (LabelFix fix : fixes) {
      byId.computeIfAbsent(fix.id(), id -> new ArrayList<>()).add(fix);
    }
  }

  /**
   * Returns some fixes.
   *
   * @param fixes the fixes
   * @return them, as an overlay
   */
  public static LabelFixes of(List<LabelFix> fixes) {
    return new LabelFixes(fixes);
  }

  /**
   * Returns the errors of the competition's training data that its teams agree on. They go by the
   * ids of that data and mean nothing for any other.
   */
  public static LabelFixes pstage() {
    List<LabelFix> fixes = new ArrayList<>();
    for (int id = 6359; id <= 6364; id++) {
      String text = String.format(Locale.ROOT, "%06d", id);
      fixes.add(new LabelFix(text, LabelFix.Field.GENDER, "female", "male", TEAMS));
    }
    for (String id : List.of("001498-1", "004432")) {
      fixes.add(new LabelFix(id, LabelFix.Field.GENDER, "male", "female", TEAMS));
    }
    for (String id : List.of("000020", "004418", "005227")) {
      LabelFix.Field mask = LabelFix.Field.MASK;
      fixes.add(new LabelFix(id + "/normal", mask, "not_worn", "worn_wrongly", TEAMS));
      fixes.add(new LabelFix(id + "/incorrect_mask", mask, "worn_wrongly", "not_worn", TEAMS));
    }
    return new LabelFixes(fixes);
  }

  /**
   * Reads a file of fixes.
   *
   * @param file the file, with the columns {@code id,field,old,new,source}
   * @return the fixes
   * @throws BrokenDataException if a row is broken
   * @throws IOException if the file cannot be read
   */
  public static LabelFixes read(Path file) throws IOException {
    List<LabelFix> fixes = new ArrayList<>();
    List<ReadProblem> problems = new ArrayList<>();
    CsvTable.read(
        file,
        List.of("id", "field", "old", "new", "source"),
        problems,
        (line, cells) -> {
          try {
            fixes.add(
                new LabelFix(
                    cells.get("id"),
                    field(cells.get("field")),
                    cells.get("old"),
                    cells.get("new"),
                    cells.get("source")));
          } catch (IllegalArgumentException e) {
            problems.add(new ReadProblem(file, line, e.getMessage(), "correct the row"));
          }
        });
    if (!problems.isEmpty()) {
      throw new BrokenDataException(new ReadReport(problems, List.of(), 0));
    }
    return new LabelFixes(fixes);
  }

  /**
   * Writes the fixes as a file that {@link #read} reads.
   *
   * @param file the file, replaced whole
   * @throws IOException if it cannot be written; the file is then as it was
   */
  public void write(Path file) throws IOException {
    AtomicFile.write(
        file,
        out -> {
          CSVFormat format =
              CSVFormat.RFC4180
                  .builder()
                  .setHeader("id", "field", "old", "new", "source")
                  .setRecordSeparator('\n')
                  .get();
          CSVPrinter printer =
              new CSVPrinter(new OutputStreamWriter(out, StandardCharsets.UTF_8), format);
          for (LabelFix fix : fixes) {
            printer.printRecord(
                fix.id(),
                fix.field().name().toLowerCase(Locale.ROOT),
                fix.old(),
                fix.corrected(),
                fix.source());
          }
          printer.flush();
        });
  }

  /** Returns the fixes in order. */
  public List<LabelFix> fixes() {
    return fixes;
  }

  /**
   * Returns the fixes that change no photo of a set, because it lacks the photo or has another
   * label.
   *
   * @param photos the set, before any fix
   */
  public List<LabelFix> unusedIn(PhotoSet photos) {
    Set<LabelFix> unused = new LinkedHashSet<>(fixes);
    for (FacePhoto photo : photos) {
      for (LabelFix fix : about(photo)) {
        if (fix.fits(photo)) {
          unused.remove(fix);
        }
      }
    }
    return List.copyOf(unused);
  }

  /** Returns a digest of the fixes, independent of their order. */
  public Digest digest() {
    return Digest.ofText(
        String.join("\n", fixes.stream().map(LabelFix::line).sorted().distinct().toList()));
  }

  FacePhoto apply(FacePhoto photo) {
    FacePhoto fixed = photo;
    Set<LabelFix.Field> done = new HashSet<>();
    for (LabelFix fix : about(photo)) {
      // Judged by the label as it was, so that two fixes cannot undo each other.
      if (fix.fits(photo) && done.add(attribute(fix.field()))) {
        fixed = fix.apply(fixed);
      }
    }
    return fixed;
  }

  /** Years and groups correct the same label, so only one of them acts. */
  private static LabelFix.Field attribute(LabelFix.Field field) {
    return field == LabelFix.Field.AGE_GROUP ? LabelFix.Field.AGE : field;
  }

  private List<LabelFix> about(FacePhoto photo) {
    String id = photo.photo().id();
    int end = id.indexOf('_');
    int slash = id.lastIndexOf('/');
    Set<String> names = new LinkedHashSet<>(List.of(id, photo.person()));
    if (end > 0 && slash > end) {
      names.add(id.substring(0, end));
      names.add(id.substring(0, end) + id.substring(slash));
    }
    List<LabelFix> found = new ArrayList<>();
    for (String name : names) {
      found.addAll(byId.getOrDefault(name, List.of()));
    }
    return found;
  }

  private static LabelFix.Field field(String text) {
    return switch (text.strip().toLowerCase(Locale.ROOT)) {
      case "gender" -> LabelFix.Field.GENDER;
      case "mask" -> LabelFix.Field.MASK;
      case "age" -> LabelFix.Field.AGE;
      case "age_group" -> LabelFix.Field.AGE_GROUP;
      default ->
          throw new InvalidArgumentException(
              Problem.of("field", text, "gender, mask, age or age_group"));
    };
  }
}
