package io.github.facemask.internal.files;

import com.google.common.base.CharMatcher;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.text.Normalizer;

/**
 * Finds files by names that are spelt in another normal form of Unicode: macOS writes an accent or
 * a Korean syllable as several characters (NFD), other systems as one (NFC).
 */
public final class FileNames {

  private FileNames() {}

  /**
   * Finds a file.
   *
   * @param file its name as it was written elsewhere
   * @return the file with the spelling that it has on the disk; as given if there is none
   */
  public static Path onDisk(Path file) {
    String text = file.toString();
    if (CharMatcher.ascii().matchesAllOf(text) || Files.exists(file)) {
      return file;
    }
    Path found = file.isAbsolute() ? file.getRoot() : Path.of("");
    for (Path name : file) {
      Path next = found.resolve(name);
      if (!Files.exists(next)) {
        next = inOtherForm(found, name.toString());
        if (next == null) {
          return file;
        }
      }
      found = next;
    }
    return found;
  }

  private static Path inOtherForm(Path folder, String name) {
    for (Normalizer.Form form : new Normalizer.Form[] {Normalizer.Form.NFC, Normalizer.Form.NFD}) {
      try {
        Path other = folder.resolve(Normalizer.normalize(name, form));
        if (Files.exists(other)) {
          return other;
        }
      } catch (InvalidPathException e) {
        return null; // this system's locale cannot spell it
      }
    }
    return null;
  }
}
