package io.github.facemask.dataset;

import io.github.facemask.dataset.FolderWalk.Found;
import io.github.facemask.dataset.PhotoSet.Part;
import io.github.facemask.dataset.PhotoSet.Reading;
import io.github.facemask.dataset.ReadReport.BrokenDataException;
import io.github.facemask.dataset.ReadReport.ReadProblem;
import io.github.facemask.label.Attribute;
import io.github.facemask.label.FaceLabel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Reads photos whose folders name their labels: the number of a class, 0 to 17, or words of
 * attributes at any depth, for instance {@code with_mask/female/20-29}. An attribute that no folder
 * names is unknown. A folder below these names a person. A photo without a person's folder counts
 * as its own person, so a split cannot keep such a person's photos together. Folders {@code train},
 * {@code val} and {@code test}, by any of their common names, are the parts of a given split; the
 * photos of all parts are read. Files that other programs leave and names that begin with a dot are
 * skipped.
 *
 * <p>Labels can also be in the names of files, see {@link Builder#optFilePattern}.
 */
public final class ClassFolders {

  private final Path root;
  private final boolean lenient;
  private final Optional<Path> labelMap;
  private final FaceLabel assumed;
  private final Optional<String> filePattern;

  private ClassFolders(Builder builder) {
    this.root = builder.root;
    this.lenient = builder.lenient;
    this.labelMap = builder.labelMap;
    this.assumed = builder.assumed;
    this.filePattern = builder.filePattern;
  }

  /**
   * Reads the folders strictly.
   *
   * @param root the folder that holds the labels' folders
   * @return the photos, by folder and name
   * @throws BrokenDataException if there is anything but photos in labels' folders
   * @throws IOException if there is no such folder or it cannot be read
   */
  public static PhotoSet read(Path root) throws IOException {
    return builder(root).build().read().photos();
  }

  /**
   * Starts a reader.
   *
   * @param root the folder that holds the labels' folders
   */
  public static Builder builder(Path root) {
    return new Builder(Objects.requireNonNull(root, "root"));
  }

  /**
   * Reads the folders. They are listed in parallel; the result does not depend on that.
   *
   * @return the photos, by folder and name, and the report
   * @throws BrokenDataException if there is anything but photos in labels' folders and the reader
   *     is strict
   * @throws IOException if there is no such folder, it cannot be read, or no folder in it names a
   *     label
   * @throws IllegalArgumentException if the pattern of file names is none
   */
  public Reading read() throws IOException {
    if (!Files.isDirectory(root)) {
      throw new NoSuchFileException(
          root.toString(), null, "expected a folder with a folder for each class, 0 to 17");
    }
    LabelWords words = labelMap.isPresent() ? LabelWords.read(labelMap.get()) : LabelWords.STANDARD;
    Optional<FileNamePattern> pattern = filePattern.map(p -> FileNamePattern.of(p, words));
    Found found = new FolderWalk(root, words, pattern, assumed).walk();
    List<ReadProblem> problems = new ArrayList<>(found.problems);
    List<ReadProblem> notes = new ArrayList<>(found.notes);
    Set<String> left = new HashSet<>();
    if (found.links) {
      sameFiles(found.photos, problems, notes, left);
    }
    List<FacePhoto> photos =
        found.photos.stream().filter(p -> !left.contains(p.photo().id())).toList();
    notes(found, notes);
    ReadReport report = new ReadReport(problems, notes, found.junk);
    if (!lenient && !report.clean()) {
      throw new BrokenDataException(report);
    }
    Map<String, Part> parts = new HashMap<>();
    for (int i = 0; i < found.photos.size(); i++) {
      String id = found.photos.get(i).photo().id();
      if (found.parts.get(i) != null && !left.contains(id)) {
        parts.put(id, found.parts.get(i));
      }
    }
    return new Reading(
        PhotoSet.of(photos), report, parts.size() == photos.size() ? parts : Map.of());
  }

  private void notes(Found found, List<ReadProblem> notes) {
    long alone = found.photos.stream().filter(p -> p.person().equals(p.photo().id())).count();
    if (alone > 0) {
      String what =
          alone == found.photos.size()
              ? "no folder names a person, so each photo counts as a person of its own"
              : alone + " photos are in no person's folder and count as people of their own";
      notes.add(
          new ReadProblem(root, 0, what, "the split cannot keep the photos of a person together"));
    }
    if (found.across > 0) {
      String what = found.across + " photos have a range of years across age groups";
      notes.add(new ReadProblem(root, 0, what, "their age is unknown"));
    }
  }

  /** Finds photos that links put into two folders; those of two labels are left out. */
  private void sameFiles(
      List<FacePhoto> photos, List<ReadProblem> problems, List<ReadProblem> notes, Set<String> left)
      throws IOException {
    Map<Path, FacePhoto> first = new HashMap<>();
    for (FacePhoto photo : photos) {
      FacePhoto known = first.putIfAbsent(photo.photo().file().toRealPath(), photo);
      if (known == null) {
        continue;
      }
      left.add(photo.photo().id());
      Path file = photo.photo().file();
      if (known.label().equals(photo.label())) {
        String what = "is the same file as " + known.photo().file();
        notes.add(new ReadProblem(file, 0, what, "taken once", "repeated photo"));
      } else {
        left.add(known.photo().id());
        String what =
            "is '"
                + photo.label().displayName()
                + "', but '"
                + known.label().displayName()
                + "' as "
                + known.photo().file();
        problems.add(
            new ReadProblem(file, 0, what, "remove the wrong one", "photo with two labels"));
      }
    }
  }

  /** Builder of {@link ClassFolders}. */
  public static final class Builder {

    private final Path root;
    private boolean lenient;
    private Optional<Path> labelMap = Optional.empty();
    private FaceLabel assumed = FaceLabel.UNKNOWN;
    private Optional<String> filePattern = Optional.empty();

    private Builder(Path root) {
      this.root = root;
    }

    /** Sets whether files that are not photos are skipped and reported instead of refused. */
    public Builder optLenient(boolean lenient) {
      this.lenient = lenient;
      return this;
    }

    /**
     * Sets a table of own words for labels, with the columns {@code attribute,word,value}: an
     * attribute is mask, gender, age or class, a value a known word of the attribute or unknown.
     *
     * @param table the table
     */
    public Builder optLabelMap(Path table) {
      this.labelMap = Optional.of(table);
      return this;
    }

    /**
     * Sets what is known of all photos. It counts where the folders and names leave an attribute
     * unknown.
     *
     * @param label the label
     */
    public Builder optAssumed(FaceLabel label) {
      this.assumed = Objects.requireNonNull(label, "label");
      return this;
    }

    /**
     * Sets that the names of files have labels, in addition to the folders.
     *
     * @param pattern {@code utkface}, or a text with some of {@code {mask}}, {@code {gender}},
     *     {@code {age}}, {@code {class}} and {@code {person}}, and {@code *} for any text, for
     *     instance {@code {age}_{gender(0=male,1=female)}_*}. With a slash it is about the path
     *     below the folder
     */
    public Builder optFilePattern(String pattern) {
      this.filePattern = Optional.of(pattern);
      return this;
    }

    /**
     * Adds what is known of all photos, as {@link #optAssumed(FaceLabel)}, by a word for it.
     *
     * @param attribute the attribute
     * @param word a word or range as in the data, for instance {@code not_worn}
     * @throws IllegalArgumentException if it is no word of the attribute
     */
    public Builder optAssumed(Attribute attribute, String word) {
      this.assumed = LabelWords.assumed(this.assumed, attribute, word);
      return this;
    }

    /** Returns the reader. */
    public ClassFolders build() {
      return new ClassFolders(this);
    }
  }

  /**
   * Returns whether a file or folder is hidden, or one that other programs leave in folders of
   * photos, such as Thumbs.db, desktop.ini and __MACOSX.
   *
   * @param entry the file or folder
   */
  public static boolean isJunk(Path entry) {
    return entry.getFileName() != null && PhotoFileName.isJunk(entry);
  }
}
