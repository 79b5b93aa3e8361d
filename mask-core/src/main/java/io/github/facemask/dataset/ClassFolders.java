package io.github.facemask.dataset;

import io.github.facemask.label.FaceClass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * Reads photos sorted into folders by class: {@code <class>/<person>/<photo>} or {@code
 * <class>/<photo>}, the class a number from 0 to 17. A photo without a person's folder counts as a
 * person of its own, so a split cannot keep such people together. Names that begin with a dot are
 * passed over; ages are those of {@link ManifestFile} for classes.
 */
public final class ClassFolders {

  private ClassFolders() {}

  /**
   * Reads the folders strictly.
   *
   * @param root the folder that holds the classes' folders
   * @return the photos, by class and name
   * @throws BrokenDataException if there is anything but photos in classes' folders
   * @throws IOException if there is no such folder or it cannot be read
   */
  public static PhotoSet read(Path root) throws IOException {
    if (!Files.isDirectory(root)) {
      throw new NoSuchFileException(
          root.toString(), null, "expected a folder with a folder for each class, 0 to 17");
    }
    List<ReadProblem> problems = new ArrayList<>();
    List<FacePhoto> photos = new ArrayList<>();
    for (Path folder : visible(root)) {
      String name = folder.getFileName().toString();
      OptionalInt id = LabelText.number(name, FaceClass.COUNT - 1);
      if (id.isEmpty() || !Files.isDirectory(folder)) {
        problems.add(
            new ReadProblem(folder, 0, "is no folder of a class, 0 to 17", "rename or remove it"));
        continue;
      }
      for (Path entry : visible(folder)) {
        if (Files.isDirectory(entry)) {
          for (Path photo : visible(entry)) {
            take(root, photo, entry, FaceClass.ofId(id.getAsInt()), photos, problems);
          }
        } else {
          take(root, entry, entry, FaceClass.ofId(id.getAsInt()), photos, problems);
        }
      }
    }
    if (!problems.isEmpty()) {
      throw new BrokenDataException(new ReadReport(problems, List.of(), 0));
    }
    return PhotoSet.of(photos);
  }

  private static void take(
      Path root,
      Path file,
      Path person,
      FaceClass faceClass,
      List<FacePhoto> photos,
      List<ReadProblem> problems) {
    if (!Files.isRegularFile(file) || !PhotoFileName.of(file).isPhoto()) {
      problems.add(new ReadProblem(file, 0, "is no photo", "move it away"));
      return;
    }
    // A person's folder may be in several classes, so the class is no part of the person's name.
    String name = person.equals(file) ? id(root, file) : person.getFileName().toString();
    int years = faceClass.age().ordinal() * 30;
    photos.add(new FacePhoto(new Photo(id(root, file), file), name, years, faceClass));
  }

  private static String id(Path root, Path file) {
    return root.relativize(file).toString().replace('\\', '/');
  }

  private static List<Path> visible(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.filter(e -> !e.getFileName().toString().startsWith(".")).sorted().toList();
    }
  }
}
