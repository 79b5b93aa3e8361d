package io.github.facemask.dataset;

import io.github.facemask.dataset.PhotoSet.Reading;
import io.github.facemask.dataset.ReadReport.ReadProblem;
import io.github.facemask.label.FaceClass;
import io.github.facemask.label.FaceLabel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * Reads photos sorted into folders by class: {@code <class>/<person>/<photo>} or {@code
 * <class>/<photo>}, the class a number from 0 to 17. A photo without a person's folder counts as
 * its own person, so a split cannot keep such a person's photos together. Names that begin with a
 * dot are skipped. The age in years is unknown.
 */
public final class ClassFolders {

  private final Path root;
  private final boolean lenient;

  private ClassFolders(Builder builder) {
    this.root = builder.root;
    this.lenient = builder.lenient;
  }

  /**
   * Reads the folders strictly.
   *
   * @param root the folder that holds the classes' folders
   * @return the photos, by class and name
   * @throws BrokenDataException if there is anything but photos in classes' folders
   * @throws IOException if there is no such folder or it cannot be read
   */
  public static PhotoSet read(Path root) throws IOException {
    return builder(root).build().read().photos();
  }

  /**
   * Starts a reader.
   *
   * @param root the folder that holds the classes' folders
   */
  public static Builder builder(Path root) {
    return new Builder(Objects.requireNonNull(root, "root"));
  }

  /**
   * Reads the folders. They are listed in parallel; the result does not depend on that.
   *
   * @return the photos, by class and name, and the report
   * @throws BrokenDataException if there is anything but photos in classes' folders and the reader
   *     is strict
   * @throws IOException if there is no such folder or it cannot be read
   */
  public Reading read() throws IOException {
    if (!Files.isDirectory(root)) {
      throw new NoSuchFileException(
          root.toString(), null, "expected a folder with a folder for each class, 0 to 17");
    }
    List<ReadProblem> problems = new ArrayList<>();
    List<Entry> entries = new ArrayList<>();
    int junk = 0;
    for (Path folder : listed(root)) {
      String name = folder.getFileName().toString();
      OptionalInt id = LabelText.number(name, FaceClass.COUNT - 1);
      if (name.startsWith(".")) {
        junk++;
      } else if (id.isEmpty() || !Files.isDirectory(folder)) {
        problems.add(
            new ReadProblem(folder, 0, "is no folder of a class, 0 to 17", "rename or remove it"));
      } else {
        for (Path entry : listed(folder)) {
          entries.add(new Entry(entry, FaceClass.ofId(id.getAsInt())));
        }
      }
    }
    List<FacePhoto> photos = new ArrayList<>();
    for (Found found : entries.parallelStream().map(this::find).toList()) {
      photos.addAll(found.photos);
      problems.addAll(found.problems);
      junk += found.junk;
    }
    ReadReport report = new ReadReport(problems, List.of(), junk);
    if (!lenient && !report.clean()) {
      throw new BrokenDataException(report);
    }
    return new Reading(PhotoSet.of(photos), report);
  }

  /** A file or folder in a class's folder. */
  private record Entry(Path path, FaceClass faceClass) {}

  /** The content of an entry: a photo, or the photos of a person. */
  private static final class Found {
    final List<FacePhoto> photos = new ArrayList<>();
    final List<ReadProblem> problems = new ArrayList<>();
    int junk;
  }

  private Found find(Entry entry) {
    Found found = new Found();
    if (entry.path.getFileName().toString().startsWith(".")) {
      found.junk++;
    } else if (Files.isDirectory(entry.path)) {
      try {
        for (Path photo : listed(entry.path)) {
          if (photo.getFileName().toString().startsWith(".")) {
            found.junk++;
          } else {
            // A person may be in several classes, so the class is no part of the person's name.
            take(photo, entry.path.getFileName().toString(), entry.faceClass, found);
          }
        }
      } catch (IOException e) {
        found.problems.add(
            new ReadProblem(entry.path, 0, "cannot be listed: " + e, "check its permissions"));
      }
    } else {
      take(entry.path, id(entry.path), entry.faceClass, found);
    }
    return found;
  }

  private void take(Path file, String person, FaceClass faceClass, Found found) {
    if (!Files.isRegularFile(file) || !PhotoFileName.of(file).isPhoto()) {
      found.problems.add(new ReadProblem(file, 0, "is no photo", "move it away"));
      return;
    }
    found.photos.add(
        new FacePhoto(
            new Photo(id(file), file), person, OptionalInt.empty(), FaceLabel.of(faceClass)));
  }

  private String id(Path file) {
    return root.relativize(file).toString().replace('\\', '/');
  }

  private static List<Path> listed(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.sorted().toList();
    }
  }

  /** Builder of {@link ClassFolders}. */
  public static final class Builder {

    private final Path root;
    private boolean lenient;

    private Builder(Path root) {
      this.root = root;
    }

    /** Sets whether files that are not photos are skipped and reported instead of refused. */
    public Builder optLenient(boolean lenient) {
      this.lenient = lenient;
      return this;
    }

    /** Returns the reader. */
    public ClassFolders build() {
      return new ClassFolders(this);
    }
  }
}
