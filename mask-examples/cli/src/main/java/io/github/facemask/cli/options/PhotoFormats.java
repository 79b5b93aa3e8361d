package io.github.facemask.cli.options;

import io.github.facemask.dataset.ClassFolders;
import io.github.facemask.dataset.ManifestFile;
import io.github.facemask.dataset.PhotoSet.Reading;
import io.github.facemask.dataset.PstageFolder;
import io.github.facemask.dataset.PstageFolder.PersonKey;
import io.github.facemask.label.FaceClass;
import io.github.facemask.problem.InvalidFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;

/** Reads labelled photos in any supported form. */
public final class PhotoFormats {

  private PhotoFormats() {}

  /** Reads a file as a table, and a folder as class folders or the competition's layout. */
  public static Reading of(Path data, boolean lenient, PersonKey peopleBy) throws IOException {
    if (!Files.exists(data)) {
      throw InvalidFileException.of(
          data, "there is no such file or folder", "a table or a folder of photos");
    }
    if (Files.isRegularFile(data)) {
      return ManifestFile.builder(data).optLenient(lenient).build().read();
    }
    boolean competition =
        Files.exists(data.resolve("train")) || Files.exists(data.resolve("train.csv"));
    boolean classes =
        IntStream.range(0, FaceClass.COUNT)
            .anyMatch(id -> Files.isDirectory(data.resolve(String.valueOf(id))));
    if (classes && !competition) {
      return ClassFolders.builder(data).optLenient(lenient).build().read();
    }
    if (!competition) {
      throw InvalidFileException.of(
          data,
          "the folder has none of the known layouts",
          "folders 0 to 17 for the classes, or train/train.csv; a table is named itself");
    }
    return PstageFolder.builder(data).optLenient(lenient).optPersonKey(peopleBy).build().read();
  }
}
