package io.github.facemask.cli.options;

import static com.google.common.base.Preconditions.checkArgument;

import io.github.facemask.dataset.ClassFolders;
import io.github.facemask.dataset.ManifestFile;
import io.github.facemask.dataset.PhotoSet.Reading;
import io.github.facemask.dataset.PstageFolder;
import io.github.facemask.dataset.PstageFolder.PersonKey;
import io.github.facemask.label.Attribute;
import io.github.facemask.problem.InvalidFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Reads labelled photos in any supported form.
 *
 * @param lenient whether what does not fit is skipped and reported
 * @param peopleBy what identifies a person in the competition's folder
 * @param labelMap a table of own words for labels
 * @param filePattern the labels in the names of files
 * @param assumed words for what the data leaves unknown, by attribute
 */
public record PhotoFormats(
    boolean lenient,
    PersonKey peopleBy,
    Optional<Path> labelMap,
    Optional<String> filePattern,
    Map<Attribute, String> assumed) {

  /** Reads photos without options for words and names. */
  public static Reading of(Path data, boolean lenient, PersonKey peopleBy) throws IOException {
    return new PhotoFormats(lenient, peopleBy, Optional.empty(), Optional.empty(), Map.of())
        .read(data);
  }

  /** Reads a file as a table, and a folder as the competition's layout or folders of labels. */
  public Reading read(Path data) throws IOException {
    if (!Files.exists(data)) {
      throw InvalidFileException.of(
          data, "there is no such file or folder", "a table or a folder of photos");
    }
    if (Files.isRegularFile(data)) {
      checkNoPattern(data, "a table");
      ManifestFile.Builder table = ManifestFile.builder(data).optLenient(lenient);
      labelMap.ifPresent(table::optLabelMap);
      assumed.forEach(table::optAssumed);
      return table.build().read();
    }
    if (isCompetition(data)) {
      checkNoPattern(data, "the competition's folder");
      PstageFolder.Builder folder =
          PstageFolder.builder(data).optLenient(lenient).optPersonKey(peopleBy);
      labelMap.ifPresent(folder::optLabelMap);
      return folder.build().read();
    }
    ClassFolders.Builder folders = ClassFolders.builder(data).optLenient(lenient);
    labelMap.ifPresent(folders::optLabelMap);
    filePattern.ifPresent(folders::optFilePattern);
    assumed.forEach(folders::optAssumed);
    return folders.build().read();
  }

  private void checkNoPattern(Path data, String what) {
    checkArgument(
        filePattern.isEmpty(),
        "--file-pattern is %s, but %s is %s, expected a folder of photos with it",
        filePattern.orElse(""),
        data,
        what);
  }

  /** Returns whether a folder has the competition's layout. */
  static boolean isCompetition(Path data) {
    return Files.exists(data.resolve("train.csv"))
        || Files.exists(data.resolve("train/train.csv"))
        || (Files.isDirectory(data.resolve("train/images")) && !Files.exists(data.resolve("val")));
  }
}
