package io.github.facemask.hub;

import com.google.common.collect.ImmutableList;
import io.github.facemask.internal.files.AtomicFile;
import io.github.facemask.internal.files.WholeFile;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A model's folder in the cache of Hugging Face, in the layout that its page "Local cache"
 * describes: {@code blobs/} has the files by ETag, {@code snapshots/<commit>/} their names as
 * links, {@code refs/main} the newest commit.
 */
final class HubCache {

  private static final String MAIN = "main";
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  /** A name that cannot leave the folder. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

  private final Path cache;
  private final Path folder;

  HubCache(Path cache, String repository) {
    this.cache = cache;
    this.folder = cache.resolve("models--" + repository.replace("/", "--"));
  }

  /** Returns whether a server's ETag or commit may name a file. */
  static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  /** Returns the first of some files that the newest snapshot has, otherwise any snapshot. */
  Optional<Path> find(List<String> files) throws IOException {
    for (Path snapshot : snapshots()) {
      for (String file : files) {
        Path found = snapshot.resolve(file);
        if (Files.isRegularFile(found)) {
          return Optional.of(found);
        }
      }
    }
    return Optional.empty();
  }

  /** The snapshot of refs/main first, then the others, the last written first. */
  private List<Path> snapshots() throws IOException {
    Path all = folder.resolve("snapshots");
    if (!Files.isDirectory(all)) {
      return List.of();
    }
    ImmutableList.Builder<Path> snapshots = ImmutableList.builder();
    Path main = folder.resolve("refs").resolve(MAIN);
    if (Files.isRegularFile(main)) {
      String commit = WholeFile.readText(main).strip();
      if (isName(commit)) {
        snapshots.add(all.resolve(commit));
      }
    }
    try (Stream<Path> others = Files.list(all)) {
      snapshots.addAll(
          others
              .filter(Files::isDirectory)
              .sorted(Comparator.comparing(HubCache::written).reversed())
              .toList());
    }
    return snapshots.build();
  }

  private static FileTime written(Path folder) {
    try {
      return Files.getLastModifiedTime(folder);
    } catch (IOException e) {
      return FileTime.fromMillis(0);
    }
  }

  /** Returns the SHA-256 in the name of the blob that a file is, or nothing. */
  static String digestOf(Path file) throws IOException {
    String blob = file.toRealPath().getFileName().toString();
    return SHA256.matcher(blob).matches() ? blob : "";
  }

  Path blob(String etag) {
    return folder.resolve("blobs").resolve(etag);
  }

  /**
   * The file of an unfinished download. Python's library has other names for its own, as it cannot
   * see the locks of Java.
   */
  Path incomplete(String etag) {
    return folder.resolve("blobs").resolve(etag + ".facemask.incomplete");
  }

  Path lock(String etag) {
    return cache.resolve(".locks").resolve(folder.getFileName()).resolve(etag + ".lock");
  }

  /** Gives a blob its name in a snapshot, and makes that the newest one. */
  Path link(String etag, String commit, String file) throws IOException {
    Path snapshot = folder.resolve("snapshots").resolve(commit);
    Path name = snapshot.resolve(file);
    // The link comes last: a killed process without it starts again, and completes the cache.
    Path refs = Files.createDirectories(folder.resolve("refs"));
    AtomicFile.writeText(refs.resolve(MAIN), commit);
    Files.createDirectories(snapshot);
    if (!Files.exists(name)) {
      Files.deleteIfExists(name); // a link to a blob that was deleted
      try {
        Files.createSymbolicLink(name, snapshot.relativize(blob(etag)));
      } catch (FileAlreadyExistsException e) {
        // Another process was faster, with the same content.
      } catch (IOException | UnsupportedOperationException e) {
        // Windows without the right to make links: the cache then has the file itself.
        Files.move(blob(etag), name);
      }
    }
    return name;
  }
}
