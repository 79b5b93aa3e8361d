package io.github.facemask.dataset;

import io.github.facemask.dataset.LabelWords.Kind;
import io.github.facemask.dataset.LabelWords.Meaning;
import io.github.facemask.dataset.PhotoSet.Part;
import io.github.facemask.dataset.ReadReport.ReadProblem;
import io.github.facemask.dataset.TableHeader.Role;
import io.github.facemask.label.FaceClass;
import io.github.facemask.label.FaceLabel;
import io.github.facemask.problem.InvalidFileException;
import io.github.facemask.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Walks through folders that name labels and people. */
final class FolderWalk {

  /** Links may lead in circles. */
  private static final int DEEPEST = 16;

  private static final String EXPECTED =
      "folders 0 to 17 for the classes, folders named by words such as with_mask, female or 20-29,"
          + " or train/train.csv";

  private static final String NO_LABEL =
      "is no folder of a class, 0 to 17, and no word of a mask state, gender or age";

  private final Path root;
  private final LabelWords words;
  private final Optional<FileNamePattern> pattern;
  private final FaceLabel assumed;

  FolderWalk(Path root, LabelWords words, Optional<FileNamePattern> pattern, FaceLabel assumed) {
    this.root = root;
    this.words = words;
    this.pattern = pattern;
    this.assumed = assumed;
  }

  /** An entry of a folder, whose kind is looked up once. */
  private record Entry(Path path, boolean folder, boolean file, boolean link) {

    static Entry of(Path path) {
      try {
        BasicFileAttributes is =
            Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        return is.isSymbolicLink()
            ? new Entry(path, Files.isDirectory(path), Files.isRegularFile(path), true)
            : new Entry(path, is.isDirectory(), is.isRegularFile(), false);
      } catch (IOException e) {
        return new Entry(path, false, false, false);
      }
    }

    String name() {
      return path.getFileName().toString();
    }

    boolean isTable() {
      return file && List.of("csv", "tsv").contains(PhotoFileName.of(path).extension());
    }

    boolean isPhoto() {
      return file && PhotoFileName.of(path).isPhoto();
    }
  }

  /** What was found in a folder. */
  static final class Found {
    final List<FacePhoto> photos = new ArrayList<>();

    /** The part of each photo; null without one. */
    final List<Part> parts = new ArrayList<>();

    final List<ReadProblem> problems = new ArrayList<>();
    final List<ReadProblem> notes = new ArrayList<>();
    int junk;
    int across;
    boolean links;

    private void add(Found other) {
      photos.addAll(other.photos);
      parts.addAll(other.parts);
      problems.addAll(other.problems);
      notes.addAll(other.notes);
      junk += other.junk;
      across += other.across;
      links |= other.links;
    }

    private void problem(Path file, String what, String advice) {
      problems.add(new ReadProblem(file, 0, what, advice));
    }
  }

  /**
   * What the folders above say.
   *
   * @param label the label so far
   * @param labelled whether a folder named a label, be it unknown
   * @param across whether a folder named a range of years across age groups
   * @param part the part of the given split, or null
   * @param person the person, or null
   * @param depth the number of folders above
   */
  private record State(
      FaceLabel label, boolean labelled, boolean across, Part part, String person, int depth) {

    State inside() {
      return new State(label, labelled, across, part, person, depth + 1);
    }

    State withPart(Part given) {
      return new State(label, labelled, across, given, person, depth + 1);
    }

    State withPerson(String name) {
      return new State(label, labelled, across, part, name, depth + 1);
    }

    State with(Meaning meaning) {
      return new State(
          LabelWords.both(label, meaning.label()),
          true,
          across || meaning.kind() == Kind.ACROSS,
          part,
          person,
          depth + 1);
    }
  }

  /**
   * Walks through all folders.
   *
   * @throws IOException if the folder cannot be listed or no folder in it names a label
   */
  Found walk() throws IOException {
    State start = new State(FaceLabel.UNKNOWN, false, false, null, null, 0);
    Path top = root;
    List<Entry> entries = listed(top);
    List<Entry> folders = folders(entries);
    while (folders.size() == 1 && isWrapper(folders.get(0), entries, start)) {
      top = folders.get(0).path();
      entries = listed(top);
      folders = folders(entries);
    }
    List<Entry> last = folders;
    boolean named = last.stream().anyMatch(f -> names(f, start, last));
    if (!named && pattern.isEmpty() && assumed.known().isEmpty()) {
      throw notUnderstood(top, entries, folders);
    }
    return walk(entries, start);
  }

  /** Returns whether a folder is the only one and says nothing, as in many downloads. */
  private boolean isWrapper(Entry folder, List<Entry> entries, State start) {
    String name = folder.name();
    return !names(folder, start, List.of(folder))
        && AgeText.number(name, 999).isEmpty()
        && entries.stream().noneMatch(e -> e.isPhoto() || e.isTable());
  }

  private static InvalidFileException notUnderstood(
      Path top, List<Entry> entries, List<Entry> folders) {
    List<String> photos = entries.stream().filter(Entry::isPhoto).map(Entry::name).toList();
    List<String> tables = entries.stream().filter(Entry::isTable).map(Entry::name).toList();
    if (!tables.isEmpty()) {
      return new InvalidFileException(
          top,
          Problem.of("photoTables", first(tables), "the one with the labels by its name")
              .withRemedy("read the table instead of the folder"));
    }
    boolean sorted = !folders.isEmpty() || photos.isEmpty();
    return new InvalidFileException(
        top,
        sorted
            ? Problem.of(
                    "photoFolders", first(folders.stream().map(Entry::name).toList()), EXPECTED)
                .withRemedy("rename the folders, map their names, or list the photos in a table")
            : Problem.of("photoNames", first(photos), EXPECTED)
                .withRemedy("move the photos, name a pattern of their names, or list them"));
  }

  private static String first(List<String> names) {
    if (names.isEmpty()) {
      return "none";
    }
    return names.stream().limit(5).map(n -> "'" + n + "'").collect(Collectors.joining(", "))
        + (names.size() > 5 ? " and " + (names.size() - 5) + " more" : "");
  }

  private Found walk(List<Entry> entries, State state) {
    Found found = new Found();
    List<Entry> folders = folders(entries);
    boolean anyNamed =
        state.person() == null && folders.stream().anyMatch(f -> names(f, state, folders));
    List<Found> inside =
        entries.parallelStream()
            .map(
                entry -> {
                  Found here = new Found();
                  take(entry, state, folders, anyNamed, here);
                  return here;
                })
            .toList();
    inside.forEach(found::add);
    return found;
  }

  private boolean names(Entry folder, State state, List<Entry> siblings) {
    return part(folder, state, siblings) != null || meaning(folder, state, siblings).isWord();
  }

  /** Below a label, a folder is of a part only if all beside it are: it may be a person's name. */
  private static Part part(Entry folder, State state, List<Entry> siblings) {
    boolean may =
        state.part() == null
            && (!state.labelled() || siblings.stream().allMatch(s -> Part.named(s.name()) != null));
    return may ? Part.named(folder.name()) : null;
  }

  /**
   * Returns what a folder's name says in addition to the folders above. A letter is a word only if
   * all folders beside it have words: it may be a person's name.
   */
  private Meaning meaning(Entry folder, State state, List<Entry> siblings) {
    Meaning meaning = meaning(folder.name(), state);
    boolean letter = folder.name().length() == 1 && Character.isLetter(folder.name().charAt(0));
    return letter && !siblings.stream().allMatch(s -> meaning(s.name(), state).isWord())
        ? Meaning.none(Kind.NO_WORD)
        : meaning;
  }

  private Meaning meaning(String name, State state) {
    if (pattern.isPresent() && pattern.get().isOfPath()) {
      return Meaning.none(Kind.NO_WORD);
    }
    if (!state.labelled()) {
      Meaning number = words.classNumber(name);
      if (number.kind() == Kind.KNOWN && AgeText.number(name, 999).isPresent()) {
        return number;
      }
    }
    return state.label().complete() ? Meaning.none(Kind.NO_WORD) : words.ofAny(name);
  }

  private void take(Entry entry, State state, List<Entry> folders, boolean anyNamed, Found found) {
    if (PhotoFileName.isJunk(entry.path())) {
      found.junk++;
      return;
    }
    found.links |= entry.link();
    if (!entry.folder()) {
      photo(entry, state, found);
      return;
    }
    Optional<State> inside = inside(entry, state, folders, anyNamed, found);
    if (inside.isEmpty()) {
      return;
    }
    if (state.depth() >= DEEPEST) {
      found.problem(entry.path(), "lies too deep, or links lead in a circle", "move it away");
      return;
    }
    try {
      found.add(walk(listed(entry.path()), inside.get()));
    } catch (IOException e) {
      found.problem(entry.path(), "cannot be listed: " + e, "check its permissions");
    }
  }

  /** Returns what is known inside a folder, or nothing if the folder is a problem. */
  private Optional<State> inside(
      Entry folder, State state, List<Entry> folders, boolean anyNamed, Found found) {
    String name = folder.name();
    if (state.person() != null) {
      return Optional.of(state.inside());
    }
    Part part = part(folder, state, folders);
    if (part != null) {
      return Optional.of(state.withPart(part));
    }
    Meaning meaning = meaning(folder, state, folders);
    if (meaning.isWord()) {
      if (LabelWords.both(state.label(), meaning.label()) == null) {
        found.problem(
            folder.path(),
            "says '"
                + meaning.label().displayName()
                + "', but the folders above say '"
                + state.label().displayName()
                + "'",
            "rename or remove it");
        return Optional.empty();
      }
      return Optional.of(state.with(meaning));
    }
    if (state.labelled() && !anyNamed) {
      return Optional.of(state.withPerson(name));
    }
    if (!anyNamed && pattern.isEmpty() && !assumed.known().isEmpty()) {
      return Optional.of(state.withPerson(name));
    }
    if (!anyNamed && (pattern.isPresent() || folders.size() == 1)) {
      return Optional.of(state.inside());
    }
    found.problem(folder.path(), NO_LABEL, "rename or remove it");
    return Optional.empty();
  }

  private void photo(Entry entry, State state, Found found) {
    Path file = entry.path();
    if (!entry.isPhoto()) {
      found.problem(file, "is no photo", "move it away");
      return;
    }
    String id = root.relativize(file).toString().replace('\\', '/');
    FaceLabel label = state.label();
    OptionalInt years = OptionalInt.empty();
    String person = state.person() == null ? id : state.person();
    boolean across = state.across();
    if (pattern.isPresent()) {
      Optional<Map<Role, String>> fields = pattern.get().fields(id);
      if (fields.isEmpty()) {
        found.problem(
            file, "does not fit the pattern " + pattern.get(), "rename it or move it away");
        return;
      }
      for (Map.Entry<Role, String> field : fields.get().entrySet()) {
        if (field.getKey() == Role.PERSON) {
          person = field.getValue();
          continue;
        }
        Meaning meaning = pattern.get().meaning(field.getKey(), field.getValue(), words);
        FaceLabel both = LabelWords.both(label, meaning.label());
        if (!meaning.isWord() || both == null) {
          String what = wrong(field.getKey(), field.getValue(), meaning, label);
          String kind = field.getKey() + " in the name " + meaning.kind();
          found.problems.add(new ReadProblem(file, 0, what, "rename the photo", kind));
          return;
        }
        label = both;
        years = meaning.years().isPresent() ? meaning.years() : years;
        across |= meaning.kind() == Kind.ACROSS;
      }
    } else if (!state.labelled() && assumed.known().isEmpty()) {
      found.problem(file, "is in no folder that names a label", "move it to one");
      return;
    }
    found.across += across ? 1 : 0;
    found.photos.add(
        new FacePhoto(new Photo(id, file), person, years, LabelWords.filled(label, assumed)));
    found.parts.add(state.part());
  }

  private static String wrong(Role role, String text, Meaning meaning, FaceLabel label) {
    String is = role.word() + " in the name is '" + text + "'";
    if (meaning.isWord()) {
      return is + ", but the folders say '" + label.displayName() + "'";
    }
    if (meaning.kind() == Kind.CODE) {
      return is
          + ", a number that no one explains, expected a pattern such as {"
          + role.word()
          + (role == Role.MASK ? "(0=not_worn,1=worn)}" : "(0=male,1=female)}");
    }
    return is
        + ", expected "
        + role.attribute().map(LabelWords::expected).orElse("0 to " + (FaceClass.COUNT - 1));
  }

  private static List<Entry> folders(List<Entry> entries) {
    return entries.stream().filter(e -> e.folder() && !PhotoFileName.isJunk(e.path())).toList();
  }

  private static List<Entry> listed(Path folder) throws IOException {
    List<Path> paths;
    try (Stream<Path> entries = Files.list(folder)) {
      paths = entries.sorted().toList();
    }
    return paths.parallelStream().map(Entry::of).toList();
  }
}
