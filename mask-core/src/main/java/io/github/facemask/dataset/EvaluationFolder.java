package io.github.facemask.dataset;

import io.github.facemask.dataset.ReadReport.BrokenDataException;
import io.github.facemask.dataset.ReadReport.ReadProblem;
import io.github.facemask.internal.files.FileNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads the competition's photos to evaluate: {@code eval/info.csv} with the columns {@code
 * ImageID,ans}, and {@code eval/images/<ImageID>}.
 */
public final class EvaluationFolder {

  private EvaluationFolder() {}

  /**
   * Reads the photos. There is no lenient mode: a submission needs every photo.
   *
   * @param root the folder that holds {@code eval}, or {@code eval} itself
   * @return the photos in the order of info.csv, each id an ImageID
   * @throws BrokenDataException if a row is broken, an id occurs twice or a photo is missing
   * @throws IOException if info.csv is missing or cannot be read
   */
  public static List<Photo> read(Path root) throws IOException {
    Path inside = root.resolve("eval");
    Path folder = Files.isDirectory(inside) ? inside : root;
    Path table = folder.resolve("info.csv");
    Path images = folder.resolve("images");
    List<Photo> photos = new ArrayList<>();
    List<ReadProblem> problems = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    CsvTable.read(
        table,
        List.of("ImageID", "ans"),
        problems,
        (line, cells) -> {
          String id = cells.get("ImageID");
          Path file = file(images, id);
          if (file == null) {
            problems.add(
                new ReadProblem(
                    table,
                    line,
                    "ImageID '" + id + "' cannot be spelt by this system's locale",
                    "set LC_ALL=C.UTF-8"));
          } else if (id.isBlank() || id.contains("/") || id.contains("\\") || id.startsWith(".")) {
            problems.add(
                new ReadProblem(
                    table,
                    line,
                    "ImageID is '" + id + "', expected a file name",
                    "correct the row"));
          } else if (!ids.add(id)) {
            problems.add(
                new ReadProblem(table, line, "ImageID '" + id + "' occurs twice", "drop the row"));
          } else if (!Files.isRegularFile(file)) {
            problems.add(
                new ReadProblem(table, line, "there is no photo " + file, "restore the photo"));
          } else {
            photos.add(new Photo(id, file));
          }
        });
    if (!problems.isEmpty()) {
      throw new BrokenDataException(new ReadReport(problems, List.of(), 0));
    }
    return List.copyOf(photos);
  }

  /** Returns a photo's file, or null if the name is not a valid file name on this system. */
  private static Path file(Path images, String id) {
    try {
      return FileNames.onDisk(images.resolve(id));
    } catch (InvalidPathException e) {
      return null;
    }
  }
}
