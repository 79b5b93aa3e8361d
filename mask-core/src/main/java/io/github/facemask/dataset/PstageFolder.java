package io.github.facemask.dataset;

import io.github.facemask.dataset.PhotoSet.Reading;
import io.github.facemask.dataset.ReadReport.BrokenDataException;
import io.github.facemask.dataset.ReadReport.ReadProblem;
import io.github.facemask.internal.files.FileNames;
import io.github.facemask.label.AgeGroup;
import io.github.facemask.label.FaceClass;
import io.github.facemask.label.MaskState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Reads the competition's training folder: {@code train/train.csv} with the columns {@code
 * id,gender,race,age,path}, and seven photos in each {@code train/images/<path>}. Extensions are
 * jpg, jpeg, jpe, jfif, png, bmp or webp in any case, also mixed within a folder; names that begin
 * with a dot are skipped. Ids are text: a suffix or a second occurrence is reported as a note; the
 * {@code path} is the key.
 *
 * <p>A photo's id is {@code <path>/<name>}, for instance {@code 000001_female_Asian_45/mask1}.
 */
public final class PstageFolder {

  /** The photos of a folder, without extensions, and how the mask is worn on each. */
  private static final Map<String, MaskState> NAMES =
      Map.of(
          "mask1", MaskState.WORN,
          "mask2", MaskState.WORN,
          "mask3", MaskState.WORN,
          "mask4", MaskState.WORN,
          "mask5", MaskState.WORN,
          "incorrect_mask", MaskState.WORN_WRONGLY,
          "normal", MaskState.NOT_WORN);

  private static final List<String> ORDER =
      List.of("mask1", "mask2", "mask3", "mask4", "mask5", "incorrect_mask", "normal");

  private final Path train;
  private final boolean lenient;
  private final PersonKey personKey;
  private final Optional<Path> labelMap;

  private PstageFolder(Builder builder) {
    Path inside = builder.root.resolve("train");
    this.train = Files.isDirectory(inside) ? inside : builder.root;
    this.lenient = builder.lenient;
    this.personKey = builder.personKey;
    this.labelMap = builder.labelMap;
  }

  /**
   * Reads a folder strictly; each person's folder is one person.
   *
   * @param root the folder that holds {@code train}, or {@code train} itself
   * @return its photos, in the order of train.csv
   * @throws BrokenDataException if anything is wrong
   * @throws IOException if there is no such folder or it cannot be read
   */
  public static PhotoSet read(Path root) throws IOException {
    return builder(root).build().read().photos();
  }

  /**
   * Starts a reader.
   *
   * @param root the folder that holds {@code train}, or {@code train} itself
   * @return a builder
   */
  public static Builder builder(Path root) {
    return new Builder(Objects.requireNonNull(root, "root"));
  }

  /**
   * Reads the folder. Files are listed in parallel; the result does not depend on that.
   *
   * @return the photos and the report
   * @throws BrokenDataException if anything is wrong and the reader is strict
   * @throws IOException if there is no such folder or it cannot be read
   */
  public Reading read() throws IOException {
    Path images = train.resolve("images");
    if (!Files.isDirectory(images)) {
      throw new NoSuchFileException(
          images.toString(),
          null,
          "expected the folder of the training photos; name the folder that holds 'train'");
    }
    List<ReadProblem> problems = new ArrayList<>();
    List<ReadProblem> notes = new ArrayList<>();
    LabelWords words = labelMap.isPresent() ? LabelWords.read(labelMap.get()) : LabelWords.STANDARD;
    PstageTable table = PstageTable.read(train.resolve("train.csv"), words, problems, notes);
    List<PersonFolder> folders =
        table.rows().parallelStream()
            .map(row -> PersonFolder.list(images, row, table.file()))
            .toList();
    List<FacePhoto> photos = new ArrayList<>();
    int junk = strangers(images, table, problems);
    for (PersonFolder folder : folders) {
      problems.addAll(folder.problems());
      junk += folder.junk();
      folder.photos().forEach((name, file) -> photos.add(photo(folder.row(), name, file)));
    }
    ReadReport report = new ReadReport(problems, notes, junk);
    if (!lenient && !report.clean()) {
      throw new BrokenDataException(report);
    }
    return new Reading(PhotoSet.of(photos), report);
  }

  private FacePhoto photo(PstageTable.Row row, String name, Path file) {
    String person = personKey == PersonKey.PATH ? row.path() : row.baseId();
    FaceClass faceClass =
        new FaceClass(NAMES.get(name), row.gender(), AgeGroup.ofYears(row.ageYears()));
    return new FacePhoto(
        new Photo(row.path() + "/" + name, file), person, row.ageYears(), faceClass);
  }

  /** Reports folders without a row and returns the number of other files beside the folders. */
  private static int strangers(Path images, PstageTable table, List<ReadProblem> problems)
      throws IOException {
    Set<String> known = new HashSet<>();
    table.rows().forEach(row -> known.add(composed(row.path())));
    int junk = 0;
    try (Stream<Path> entries = Files.list(images)) {
      for (Path entry : entries.sorted().toList()) {
        String name = entry.getFileName().toString();
        if (PhotoFileName.isJunk(entry)) {
          junk++;
        } else if (!known.contains(composed(name)) && !table.rejected().contains(name)) {
          problems.add(
              new ReadProblem(
                  entry, 0, "no row of train.csv names it", "add a row or move it away"));
        }
      }
    }
    return junk;
  }

  private static String composed(String name) {
    return Normalizer.normalize(name, Normalizer.Form.NFC);
  }

  /** The photos found for a row of train.csv. */
  private record PersonFolder(
      PstageTable.Row row, Map<String, Path> photos, List<ReadProblem> problems, int junk) {

    static PersonFolder list(Path images, PstageTable.Row row, Path table) {
      Path folder = FileNames.onDisk(images.resolve(row.path()));
      List<ReadProblem> problems = new ArrayList<>();
      Map<String, Path> found = new HashMap<>();
      int junk = 0;
      if (!Files.isDirectory(folder)) {
        problems.add(
            new ReadProblem(
                table, row.line(), "there is no folder " + folder, "restore it or drop the row"));
        return new PersonFolder(row, Map.of(), problems, 0);
      }
      try (Stream<Path> entries = Files.list(folder)) {
        for (Path entry : entries.sorted().toList()) {
          if (PhotoFileName.isJunk(entry)) {
            junk++;
          } else {
            take(entry, found, problems);
          }
        }
      } catch (IOException e) {
        problems.add(new ReadProblem(folder, 0, "cannot be listed: " + e, "check its permissions"));
      }
      Map<String, Path> ordered = new LinkedHashMap<>();
      for (String name : ORDER) {
        if (found.containsKey(name)) {
          ordered.put(name, found.get(name));
        } else {
          problems.add(
              new ReadProblem(
                  folder, 0, "has no photo '" + name + "'", "restore it or read leniently"));
        }
      }
      return new PersonFolder(row, ordered, problems, junk);
    }

    private static void take(Path entry, Map<String, Path> found, List<ReadProblem> problems) {
      PhotoFileName name = PhotoFileName.of(entry);
      String stem = name.stem().toLowerCase(Locale.ROOT);
      if (!name.isPhoto() || !NAMES.containsKey(stem) || Files.isDirectory(entry)) {
        problems.add(
            new ReadProblem(
                entry,
                0,
                "is none of the seven photos " + String.join(", ", ORDER),
                "move it away"));
      } else if (found.putIfAbsent(stem, entry) != null) {
        problems.add(
            new ReadProblem(
                entry, 0, "the photo is there twice, also as " + found.get(stem), "keep one"));
      }
    }
  }

  /** Builder of {@link PstageFolder}. */
  public static final class Builder {

    private final Path root;
    private boolean lenient;
    private PersonKey personKey = PersonKey.PATH;
    private Optional<Path> labelMap = Optional.empty();

    private Builder(Path root) {
      this.root = root;
    }

    /** Sets whether photos with problems are skipped and reported instead of refused. */
    public Builder optLenient(boolean lenient) {
      this.lenient = lenient;
      return this;
    }

    /** Sets which photos show one person; those of one path by default. */
    public Builder optPersonKey(PersonKey personKey) {
      this.personKey = Objects.requireNonNull(personKey, "personKey");
      return this;
    }

    /**
     * Sets a table of own words for the genders, with the columns {@code attribute,word,value}.
     *
     * @param table the table
     */
    public Builder optLabelMap(Path table) {
      this.labelMap = Optional.of(table);
      return this;
    }

    /** Returns the reader. */
    public PstageFolder build() {
      return new PstageFolder(this);
    }
  }

  /** Which photos a reader takes to show one person. */
  public enum PersonKey {
    /**
     * The photos of one folder, the {@code path} column. Right for the competition's data: there,
     * suffixed ids and the duplicate id are usually different people.
     */
    PATH,
    /**
     * The photos whose ids are equal up to a suffix such as {@code -1}. Safer where suffixes may
     * mean the same person: it can only keep more photos together.
     */
    BASE_ID
  }
}
