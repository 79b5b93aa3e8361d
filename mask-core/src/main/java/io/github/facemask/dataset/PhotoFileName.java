package io.github.facemask.dataset;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;

/**
 * A file name in two parts.
 *
 * @param stem the name up to its last dot
 * @param extension the rest, in lower case; may be empty
 */
record PhotoFileName(String stem, String extension) {

  private static final Set<String> PHOTOS =
      Set.of("jpg", "jpeg", "jpe", "jfif", "png", "bmp", "webp");

  /** Names that programs leave in folders, in lower case. */
  private static final Set<String> JUNK =
      Set.of(
          "thumbs.db",
          "ehthumbs.db",
          "desktop.ini",
          "__macosx",
          "@eadir",
          "$recycle.bin",
          "icon\r");

  static PhotoFileName of(Path file) {
    String name = file.getFileName().toString();
    int dot = name.lastIndexOf('.');
    return dot <= 0
        ? new PhotoFileName(name, "")
        : new PhotoFileName(
            name.substring(0, dot), name.substring(dot + 1).toLowerCase(Locale.ROOT));
  }

  /** Returns whether a file or folder is of another program and no photo, or is hidden. */
  static boolean isJunk(Path entry) {
    String name = entry.getFileName().toString();
    return name.startsWith(".") || JUNK.contains(name.toLowerCase(Locale.ROOT));
  }

  boolean isPhoto() {
    return PHOTOS.contains(extension);
  }
}
