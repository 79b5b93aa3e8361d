package io.github.facemask.dataset;

import static io.github.facemask.problem.InvalidArgumentException.check;

import io.github.facemask.dataset.ReadReport.BrokenDataException;
import io.github.facemask.dataset.ReadReport.ReadProblem;
import io.github.facemask.internal.files.AtomicFile;
import io.github.facemask.label.AgeGroup;
import io.github.facemask.label.FaceLabel;
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
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/**
 * Corrections applied to the labels of a data set; its files are not changed. A file has the
 * columns {@code id,field,old,new,source}. A fix applies only where the data has its old label.
 */
public final class LabelFixes {

  private static final String TEAMS = "agreed by 6 to 8 teams of the competition";

  private final List<Fix> fixes;
  private final Map<String, List<Fix>> byId = new LinkedHashMap<>();

  private LabelFixes(List<Fix> fixes) {
    this.fixes = List.copyOf(fixes);
    for (Fix fix : fixes) {
      byId.computeIfAbsent(fix.id(), id -> new ArrayList<>()).add(fix);
    }
  }

  /**
   * Returns the overlay of some fixes.
   *
   * @param fixes the fixes
   * @return the overlay
   */
  public static LabelFixes of(List<Fix> fixes) {
    return new LabelFixes(fixes);
  }

  /**
   * Returns the corrections of the competition's training data that its teams agree on. They use
   * the ids of that data and do not apply to any other.
   */
  public static LabelFixes pstage() {
    List<Fix> fixes = new ArrayList<>();
    for (int id = 6359; id <= 6364; id++) {
      String text = String.format(Locale.ROOT, "%06d", id);
      fixes.add(new Fix(text, Fix.Field.GENDER, "female", "male", TEAMS));
    }
    for (String id : List.of("001498-1", "004432")) {
      fixes.add(new Fix(id, Fix.Field.GENDER, "male", "female", TEAMS));
    }
    for (String id : List.of("000020", "004418", "005227")) {
      Fix.Field mask = Fix.Field.MASK;
      fixes.add(new Fix(id + "/normal", mask, "not_worn", "worn_wrongly", TEAMS));
      fixes.add(new Fix(id + "/incorrect_mask", mask, "worn_wrongly", "not_worn", TEAMS));
    }
    return new LabelFixes(fixes);
  }

  /**
   * Reads a file of fixes.
   *
   * @param file the file, with the columns {@code id,field,old,new,source}
   * @return the fixes
   * @throws BrokenDataException if a row is malformed
   * @throws IOException if the file cannot be read
   */
  public static LabelFixes read(Path file) throws IOException {
    List<Fix> fixes = new ArrayList<>();
    List<ReadProblem> problems = new ArrayList<>();
    CsvTable.read(
        file,
        List.of("id", "field", "old", "new", "source"),
        problems,
        (line, cells) -> {
          try {
            fixes.add(
                new Fix(
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
   * @param file the file, replaced atomically
   * @throws IOException if it cannot be written; an existing file is then unchanged
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
          for (Fix fix : fixes) {
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
  public List<Fix> fixes() {
    return fixes;
  }

  /**
   * Returns the fixes that change no photo of a set, because it lacks the photo or has another
   * label.
   *
   * @param photos the set, before any fix
   */
  public List<Fix> unusedIn(PhotoSet photos) {
    Set<Fix> unused = new LinkedHashSet<>(fixes);
    for (FacePhoto photo : photos) {
      for (Fix fix : about(photo)) {
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
        String.join("\n", fixes.stream().map(Fix::line).sorted().distinct().toList()));
  }

  FacePhoto apply(FacePhoto photo) {
    FacePhoto fixed = photo;
    Set<Fix.Field> done = new HashSet<>();
    for (Fix fix : about(photo)) {
      // Compared with the original label, so that two fixes cannot undo each other.
      if (fix.fits(photo) && done.add(attribute(fix.field()))) {
        fixed = fix.apply(fixed);
      }
    }
    return fixed;
  }

  /** Years and groups correct the same label, so only one of them applies. */
  private static Fix.Field attribute(Fix.Field field) {
    return field == Fix.Field.AGE_GROUP ? Fix.Field.AGE : field;
  }

  private List<Fix> about(FacePhoto photo) {
    String id = photo.photo().id();
    int end = id.indexOf('_');
    int slash = id.lastIndexOf('/');
    Set<String> names = new LinkedHashSet<>(List.of(id, photo.person()));
    if (end > 0 && slash > end) {
      names.add(id.substring(0, end));
      names.add(id.substring(0, end) + id.substring(slash));
    }
    List<Fix> found = new ArrayList<>();
    for (String name : names) {
      found.addAll(byId.getOrDefault(name, List.of()));
    }
    return found;
  }

  private static Fix.Field field(String text) {
    return switch (text.strip().toLowerCase(Locale.ROOT)) {
      case "gender" -> Fix.Field.GENDER;
      case "mask" -> Fix.Field.MASK;
      case "age" -> Fix.Field.AGE;
      case "age_group" -> Fix.Field.AGE_GROUP;
      default ->
          throw new InvalidArgumentException(
              Problem.of("field", text, "gender, mask, age or age_group"));
    };
  }

  /**
   * One corrected label.
   *
   * @param id the photo or person to correct: a photo's id, a person, the {@code id} of a row of
   *     train.csv (all photos of the person), or that id and a photo's name, for instance {@code
   *     000020/normal}
   * @param field which label
   * @param old the label in the data; the fix does nothing where the data has another label @param
   *     corrected the correct label
   * @param source the source of the fix, for instance the reviewer
   */
  public record Fix(String id, Field field, String old, String corrected, String source) {

    /** The labels that can be corrected. */
    public enum Field {
      GENDER,
      MASK,
      /** Whole years. */
      AGE,
      /** For unknown ages: under_30, from_30_to_59 or from_60. */
      AGE_GROUP
    }

    /** Checks the labels. */
    public Fix {
      check(!id.isBlank(), "id", id, "a photo, a person or an id of train.csv");
      checkLabel(field, old);
      checkLabel(field, corrected);
    }

    private static void checkLabel(Field field, String label) {
      switch (field) {
        case GENDER ->
            check(LabelWords.genderOf(label).isPresent(), "gender", label, "male or female");
        case MASK ->
            check(
                LabelWords.maskOf(label).isPresent(),
                "mask",
                label,
                "worn, worn_wrongly or not_worn");
        case AGE ->
            check(LabelWords.yearsOf(label).isPresent(), "age", label, "whole years from 0 to 150");
        case AGE_GROUP ->
            check(
                LabelWords.ageGroupOf(label).isPresent(),
                "ageGroup",
                label,
                "under_30, from_30_to_59 or from_60");
      }
    }

    boolean fits(FacePhoto photo) {
      FaceLabel is = photo.label();
      return switch (field) {
        case GENDER -> LabelWords.genderOf(old).equals(is.gender());
        case MASK -> LabelWords.maskOf(old).equals(is.mask());
        case AGE -> LabelWords.yearsOf(old).equals(photo.ageYears());
        case AGE_GROUP -> LabelWords.ageGroupOf(old).equals(is.age());
      };
    }

    FacePhoto apply(FacePhoto photo) {
      FaceLabel is = photo.label();
      return switch (field) {
        case GENDER -> photo.withLabel(is.withGender(LabelWords.genderOf(corrected)));
        case MASK -> photo.withLabel(is.withMask(LabelWords.maskOf(corrected)));
        case AGE -> {
          int years = LabelWords.yearsOf(corrected).orElseThrow();
          yield new FacePhoto(
              photo.photo(),
              photo.person(),
              OptionalInt.of(years),
              is.withAge(Optional.of(AgeGroup.ofYears(years))),
              photo.set());
        }
        case AGE_GROUP -> {
          AgeGroup group = LabelWords.ageGroupOf(corrected).orElseThrow();
          yield new FacePhoto(
              photo.photo(),
              photo.person(),
              nearest(photo.ageYears(), group),
              is.withAge(Optional.of(group)),
              photo.set());
        }
      };
    }

    /** Returns the age of a group that is nearest to the labelled age, if that is known. */
    private static OptionalInt nearest(OptionalInt known, AgeGroup group) {
      if (known.isEmpty()) {
        return known;
      }
      int years = known.getAsInt();
      return OptionalInt.of(
          switch (group) {
            case UNDER_30 -> Math.min(years, 29);
            case FROM_30_TO_59 -> Math.min(Math.max(years, 30), 59);
            case FROM_60 -> Math.max(years, 60);
          });
    }

    String line() {
      return String.join("\t", id, field.name().toLowerCase(Locale.ROOT), old, corrected, source);
    }
  }
}
