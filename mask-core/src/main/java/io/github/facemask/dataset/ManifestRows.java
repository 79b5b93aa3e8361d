package io.github.facemask.dataset;

import com.google.common.primitives.ImmutableLongArray;
import io.github.facemask.dataset.CsvTable.Cells;
import io.github.facemask.dataset.LabelWords.Kind;
import io.github.facemask.dataset.LabelWords.Meaning;
import io.github.facemask.dataset.PhotoSet.Part;
import io.github.facemask.dataset.ReadReport.ReadProblem;
import io.github.facemask.dataset.TableHeader.Column;
import io.github.facemask.dataset.TableHeader.Role;
import io.github.facemask.internal.files.FileNames;
import io.github.facemask.label.Attribute;
import io.github.facemask.label.FaceClass;
import io.github.facemask.label.FaceLabel;
import io.github.facemask.problem.InvalidFileException;
import io.github.facemask.problem.Problem;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** The rows of a table of photos, one after another. */
final class ManifestRows {

  /** What a column's cells mean is kept up to this number of different cells. */
  private static final int MOST_KEPT = 10_000;

  private final Path file;
  private final Path folder;
  private final LabelWords words;
  private final FaceLabel assumed;
  private final List<ReadProblem> problems;
  private final List<ReadProblem> notes = new ArrayList<>();
  private final List<FacePhoto> photos = new ArrayList<>();
  private final ImmutableLongArray.Builder builder = ImmutableLongArray.builder();
  private final List<Part> parts = new ArrayList<>();
  private final Map<Path, Integer> places = new HashMap<>();
  private final Map<String, String> people = new HashMap<>();
  private final List<Labels> labels = new ArrayList<>();
  private ImmutableLongArray lines = ImmutableLongArray.of();
  private Column path;
  private Column person;
  private Column part;
  private boolean partsByFolder = true;
  private boolean partsByColumn = true;
  private ReadProblem firstUnnamed;
  private int unnamed;

  ManifestRows(Path file, LabelWords words, FaceLabel assumed, List<ReadProblem> problems) {
    this.file = file;
    this.folder = file.toAbsolutePath().getParent();
    this.words = words;
    this.assumed = assumed;
    this.problems = problems;
  }

  /** A column of labels and what its cells meant so far. */
  private final class Labels {
    final Column column;
    final Map<String, Meaning> kept = new HashMap<>();
    long firstAcross;
    String across = "";
    int acrossCount;

    /** The attribute that a column of classes names, or empty for numbers; null before any. */
    Optional<Attribute> about;

    long aboutLine;

    Labels(Column column) {
      this.column = column;
    }

    Meaning of(String cell) {
      Meaning known = kept.get(cell);
      if (known == null) {
        known = find(cell);
        if (kept.size() < MOST_KEPT) {
          kept.put(cell, known);
        }
      }
      return known;
    }

    private Meaning find(String cell) {
      Meaning code = column.codes().get(AgeText.code(cell).toLowerCase(Locale.ROOT));
      if (code != null) {
        return code;
      }
      if (column.role() == Role.CLASS) {
        Meaning number = words.classNumber(cell);
        Meaning word = number.kind() == Kind.KNOWN ? number : words.ofAny(cell);
        return word.isWord() ? word : number;
      }
      Meaning meaning = words.of(column.role().attribute().orElseThrow(), cell);
      // In a column of groups, 0 to 9 are numbers of groups and others no exact ages.
      if (column.groups() && meaning.years().isPresent()) {
        return AgeText.code(cell).length() == 1 ? Meaning.none(Kind.CODE) : meaning.withoutYears();
      }
      return meaning;
    }

    String expected() {
      return column.role() == Role.CLASS
          ? "0 to " + (FaceClass.COUNT - 1) + " or words of one attribute"
          : LabelWords.expected(column.role().attribute().orElseThrow());
    }
  }

  void columns(Map<Role, Column> columns) {
    path = columns.get(Role.PATH);
    person = columns.get(Role.PERSON);
    part = columns.get(Role.PART);
    partsByColumn = part != null;
    columns.values().stream()
        .filter(c -> c.role() == Role.CLASS || c.role().attribute().isPresent())
        .map(Labels::new)
        .forEach(labels::add);
  }

  /** Reads a row; one with a problem is left out. */
  void read(long line, Cells cells) throws InvalidFileException {
    int before = problems.size();
    String name = cells.get(path.index());
    Path place = place(name, line);
    FaceLabel label = FaceLabel.UNKNOWN;
    OptionalInt years = OptionalInt.empty();
    for (Labels each : labels) {
      Meaning meaning = meaning(each, cells.get(each.column.index()), line);
      FaceLabel both = LabelWords.both(label, meaning.label());
      if (both == null) {
        String what =
            each.column.name()
                + " is '"
                + cells.get(each.column.index())
                + "' ("
                + meaning.label().displayName()
                + "), but the other columns say "
                + label.displayName();
        problems.add(
            new ReadProblem(
                file, line, what, "correct the row", each.column.name() + " disagrees"));
      } else {
        label = both;
      }
      years = meaning.years().isPresent() ? meaning.years() : years;
    }
    if (problems.size() == before) {
      FaceLabel known = LabelWords.filled(label, assumed);
      String shown = person(cells, name, line);
      take(new FacePhoto(new Photo(name, place), shown, years, known), partOf(cells, name), line);
    }
  }

  private Path place(String name, long line) {
    if (name.isBlank()) {
      problem(line, path.name() + " is empty, expected a photo's file");
      return folder;
    }
    try {
      Path place = folder.resolve(name).normalize();
      if (name.indexOf('\\') >= 0 && File.separatorChar == '/' && !Files.exists(place)) {
        place = folder.resolve(name.replace('\\', '/')).normalize();
      }
      return FileNames.onDisk(place);
    } catch (InvalidPathException e) {
      problem(line, path.name() + " is '" + name + "', expected a file");
      return folder;
    }
  }

  /** Returns the person, whose name is kept once for all photos. */
  private String person(Cells cells, String photo, long line) {
    String name = person == null ? "" : cells.get(person.index());
    if (name.isBlank()) {
      if (unnamed++ == 0) {
        firstUnnamed =
            new ReadProblem(
                file, line, "", "the split cannot keep the photos of a person together");
      }
      return photo;
    }
    return people.computeIfAbsent(name, n -> n);
  }

  private Meaning meaning(Labels each, String cell, long line) throws InvalidFileException {
    Meaning meaning = each.of(cell);
    switch (meaning.kind()) {
      case KNOWN -> oneKind(each, cell, meaning, line);
      case UNKNOWN -> {}
      case ACROSS -> {
        if (each.acrossCount++ == 0) {
          each.firstAcross = line;
          each.across = cell;
        }
      }
      case CODE -> throw untold(each, cell, line);
      case NO_WORD -> {
        String word = each.column.role().word();
        String spelt = each.column.name().equalsIgnoreCase(word) ? word : each.column.name();
        String what = spelt + " is '" + cell + "', expected " + each.expected();
        problems.add(new ReadProblem(file, line, what, "correct the row, or map the word"));
      }
    }
    return meaning;
  }

  /** Checks that a column of classes has only numbers, or only words of one attribute. */
  private void oneKind(Labels each, String cell, Meaning meaning, long line) {
    if (each.column.role() != Role.CLASS) {
      return;
    }
    Optional<Attribute> about =
        meaning.label().complete()
            ? Optional.empty()
            : meaning.label().known().stream().findFirst();
    if (each.about == null) {
      each.about = about;
      each.aboutLine = line;
    } else if (!each.about.equals(about)) {
      problem(
          line,
          each.column.name()
              + " is '"
              + cell
              + "' ("
              + about.map(Attribute::word).orElse("a class")
              + "), but line "
              + each.aboutLine
              + " has "
              + each.about.map(a -> "a word of " + a.word()).orElse("a class")
              + ", expected one kind");
    }
  }

  private InvalidFileException untold(Labels each, String cell, long line) {
    String name = each.column.name();
    Role role = each.column.role();
    String example =
        switch (role) {
          case MASK -> "(0=not_worn,1=worn)";
          case AGE -> "(0=under 30,1=30-59,2=60+)";
          default -> "(0=male,1=female)";
        };
    return new InvalidFileException(
        file,
        line,
        Problem.saying(name + " is '" + cell.strip() + "', a number that no one explains")
            .withExpected(LabelWords.expected(role.attribute().orElseThrow()))
            .withRemedy("name the column " + role.word() + example + " as it is meant"),
        null);
  }

  private void problem(long line, String what) {
    problems.add(new ReadProblem(file, line, what, "correct the row"));
  }

  private void take(FacePhoto photo, Part from, long line) {
    Integer first = places.putIfAbsent(photo.photo().file(), photos.size());
    if (first == null) {
      photos.add(photo);
      builder.add(line);
      parts.add(from);
      return;
    }
    FacePhoto known = photos.get(first);
    long firstLine = lineSoFar(first);
    if (known == null) {
      repeated(photo, line, "has other labels in an earlier line too");
      return;
    }
    FaceLabel both = LabelWords.both(known.label(), photo.label());
    boolean agedTwice =
        known.ageYears().isPresent()
            && photo.ageYears().isPresent()
            && !known.ageYears().equals(photo.ageYears());
    if (both == null || agedTwice) {
      repeated(
          photo, line, "is '" + told(photo) + "', but '" + told(known) + "' in line " + firstLine);
      photos.set(first, null);
    } else if (!samePerson(known, photo)) {
      repeated(
          photo,
          line,
          "shows '" + photo.person() + "', but '" + known.person() + "' in line " + firstLine);
      photos.set(first, null);
    } else {
      notes.add(
          new ReadProblem(
              file,
              line,
              "the photo '" + photo.photo().id() + "' is in line " + firstLine + " too",
              "taken once",
              "repeated photo"));
      photos.set(
          first,
          new FacePhoto(
              known.photo(),
              known.person(),
              known.ageYears().isPresent() ? known.ageYears() : photo.ageYears(),
              both));
    }
  }

  /** Photos without a person are named by their path, which may be spelt in two ways. */
  private static boolean samePerson(FacePhoto one, FacePhoto other) {
    return one.person().equals(other.person())
        || (one.person().equals(one.photo().id()) && other.person().equals(other.photo().id()));
  }

  private static String told(FacePhoto photo) {
    return photo.label().displayName()
        + (photo.ageYears().isPresent() ? ", " + photo.ageYears().getAsInt() + " years" : "");
  }

  private void repeated(FacePhoto photo, long line, String what) {
    problems.add(
        new ReadProblem(
            file,
            line,
            "the photo '" + photo.photo().id() + "' " + what,
            "drop the wrong row",
            "photo with two labels"));
  }

  /** Returns the line of a photo that was taken. */
  private long lineSoFar(int index) {
    if (lines.length() <= index) {
      lines = builder.build();
    }
    return lines.get(index);
  }

  private Part partOf(Cells cells, String name) {
    Part from = null;
    if (part != null && partsByColumn) {
      from = Part.named(cells.get(part.index()));
      partsByColumn = from != null;
    }
    if (part == null && partsByFolder) {
      int slash = name.indexOf('/', name.startsWith("./") ? 2 : 0);
      from = slash < 0 ? null : Part.named(name.substring(name.startsWith("./") ? 2 : 0, slash));
      partsByFolder = from != null;
    }
    return from;
  }

  /** Returns whether each photo is of a given part. */
  boolean areParted() {
    return !parts.isEmpty() && (part == null ? partsByFolder : partsByColumn);
  }

  /** Returns the photos without those whose rows contradict each other; call it once. */
  List<FacePhoto> photos() {
    ImmutableLongArray all = builder.build();
    ImmutableLongArray.Builder left = ImmutableLongArray.builder();
    List<FacePhoto> kept = new ArrayList<>(photos.size());
    List<Part> keptParts = new ArrayList<>(photos.size());
    for (int i = 0; i < photos.size(); i++) {
      if (photos.get(i) != null) {
        kept.add(photos.get(i));
        left.add(all.get(i));
        keptParts.add(parts.get(i));
      }
    }
    lines = left.build();
    parts.clear();
    parts.addAll(keptParts);
    return kept;
  }

  long line(int index) {
    return lines.get(index);
  }

  Part part(int index) {
    return parts.get(index);
  }

  /** Returns the notes; those about many rows are one note with a count. */
  List<ReadProblem> notes() {
    List<ReadProblem> all = new ArrayList<>(notes);
    if (unnamed > 0) {
      String what =
          person == null
              ? "no column names a person, so each photo counts as a person of its own"
              : unnamed + " rows name no person, and their photos count as people of their own";
      long line = person == null ? 0 : firstUnnamed.line();
      all.add(new ReadProblem(file, line, what, firstUnnamed.advice()));
    }
    for (Labels each : labels) {
      if (each.acrossCount > 0) {
        String what =
            each.column.name()
                + " is a range across age groups in "
                + each.acrossCount
                + (each.acrossCount == 1 ? " row" : " rows")
                + ", first '"
                + each.across.strip()
                + "'";
        all.add(new ReadProblem(file, each.firstAcross, what, "the age is unknown there"));
      }
      numbersOnly(each).ifPresent(all::add);
    }
    return all;
  }

  /** Returns a note if classes 0 and 1, or 0 to 2, look like the numbers of one attribute. */
  private Optional<ReadProblem> numbersOnly(Labels each) {
    boolean classes = each.column.role() == Role.CLASS && each.column.codes().isEmpty();
    if (!classes || each.about == null || each.about.isPresent() || photos.size() < 2) {
      return Optional.empty();
    }
    int highest =
        each.kept.values().stream()
            .filter(m -> m.kind() == Kind.KNOWN)
            .mapToInt(m -> m.label().id())
            .max()
            .orElse(0);
    return highest > 2 || labels.size() > 1
        ? Optional.empty()
        : Optional.of(
            new ReadProblem(
                file,
                each.aboutLine,
                each.column.name()
                    + " has no number above "
                    + highest
                    + "; 0 is read as the class '"
                    + FaceClass.ofId(0).displayName()
                    + "'",
                "if it is another label, say so in the name of the column: "
                    + each.column.name()
                    + "(0=worn,1=not_worn)"));
  }
}
