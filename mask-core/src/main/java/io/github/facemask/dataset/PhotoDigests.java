package io.github.facemask.dataset;

import io.github.facemask.internal.files.AtomicFile;
import io.github.facemask.internal.files.WholeFile;
import io.github.facemask.problem.InvalidFileException;
import io.github.facemask.problem.Problem;
import io.github.facemask.provenance.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The SHA-256 of each photo's bytes, to detect photos that were changed or deleted. The file has
 * one line for each photo, {@code <digest> <id>}, sorted by id. Immutable.
 *
 * @param byId the digests by the photos' ids, sorted
 */
record PhotoDigests(Map<String, Digest> byId) {

  /** The file's name in the folder of a run. */
  public static final String FILE = "photos.sha256";

  /** Sorts by id. */
  public PhotoDigests {
    Map<String, Digest> sorted = new LinkedHashMap<>();
    byId.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(e -> sorted.put(e.getKey(), e.getValue()));
    byId = java.util.Collections.unmodifiableMap(sorted);
  }

  /**
   * Reads all photos' bytes, in parallel.
   *
   * @param photos the photos
   * @throws IOException if one cannot be read
   */
  public static PhotoDigests of(List<Photo> photos) throws IOException {
    try {
      return new PhotoDigests(
          photos.parallelStream().collect(Collectors.toMap(Photo::id, PhotoDigests::digest)));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /**
   * Reads a file that {@link #write} wrote.
   *
   * @param file the file
   * @throws IOException if it cannot be read or is malformed
   */
  public static PhotoDigests read(Path file) throws IOException {
    Map<String, Digest> digests = new LinkedHashMap<>();
    for (String line : WholeFile.readLines(file)) {
      int gap = line.indexOf("  ");
      try {
        digests.put(line.substring(gap + 2), new Digest(line.substring(0, Math.max(gap, 0))));
      } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
        throw new InvalidFileException(
            file, Problem.saying("expected lines of digest and photo, found: " + line), e);
      }
    }
    return new PhotoDigests(digests);
  }

  /**
   * Writes one line for each photo.
   *
   * @param file the file, replaced atomically
   * @throws IOException if it cannot be written
   */
  public void write(Path file) throws IOException {
    AtomicFile.writeText(file, text());
  }

  /** Returns the digest of all photos: the digest of the file that {@link #write} writes. */
  public Digest digest() {
    return Digest.ofText(text());
  }

  private String text() {
    StringBuilder text = new StringBuilder();
    byId.forEach((id, digest) -> text.append(digest.hex()).append("  ").append(id).append('\n'));
    return text.toString();
  }

  private static Digest digest(Photo photo) {
    try {
      return Digest.ofFile(photo.file());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
