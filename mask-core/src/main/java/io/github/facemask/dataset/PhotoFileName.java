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

  private static final Set<String> PHOTOS = Set.of("jpg", "jpeg", "png", "bmp");

  static PhotoFileName of(Path file) {
    String name = file.getFileName().toString();
    int dot = name.lastIndexOf('.');
    return dot <= 0
        ? new PhotoFileName(name, "")
        : new PhotoFileName(
            name.substring(0, dot), name.substring(dot + 1).toLowerCase(Locale.ROOT));
  }

  boolean isPhoto() {
    return PHOTOS.contains(extension);
  }
}
