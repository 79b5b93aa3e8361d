package io.github.facemask.cli.predict;

import static com.google.common.base.Preconditions.checkArgument;

import io.github.facemask.classify.FaceClassifier.PhotoSource;
import io.github.facemask.dataset.ClassFolders;
import io.github.facemask.dataset.Photo;
import io.github.facemask.image.PhotoDecoder;
import io.github.facemask.internal.files.FileNames;
import io.github.facemask.problem.InvalidFileException;
import io.github.facemask.problem.Problem;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;

/**
 * The photos that a user names: files, folders with all that is in them, patterns, and standard
 * input. What cannot be found is an input that cannot be read, so that it is told with the others.
 */
final class PhotoInputs {

  private static final String STANDARD_INPUT = "-";

  /**
   * One photo.
   *
   * @param source its bytes
   * @param file its file; empty for standard input and for what was not found
   */
  record Input(PhotoSource source, Optional<Path> file) {}

  private final PhotoDecoder decoder;
  private final Optional<Path> except;
  private final Map<String, Input> all = new LinkedHashMap<>();

  /**
   * Starts with none.
   *
   * @param decoder its limits decide which files are too long to be read
   * @param except a folder that is not searched, such as that of the drawn photos
   */
  PhotoInputs(PhotoDecoder decoder, Optional<Path> except) {
    this.decoder = decoder;
    this.except = except.map(PhotoInputs::real);
  }

  /** Returns the inputs by their names, each once, in order. */
  Map<String, Input> all() {
    return all;
  }

  void add(Photo photo) {
    addFile(photo.id(), photo.file());
  }

  /** Adds what a word of the command line or a line of a list names. */
  void add(String word) throws IOException {
    if (word.equals(STANDARD_INPUT)) {
      byte[] bytes = System.in.readAllBytes();
      all.put(word, new Input(() -> bytes, Optional.empty()));
      return;
    }
    Optional<Path> path = path(word).map(FileNames::onDisk);
    if (path.isPresent() && Files.isDirectory(path.get())) {
      addFolder(path.get());
    } else if (path.isPresent() && Files.exists(path.get())) {
      addFile(word, path.get());
    } else if (word.matches(".*[*?\\[{].*")) {
      addPattern(word);
    } else {
      fails(word, new NoSuchFileException(word));
    }
  }

  /** Adds the photos of a list, one on a line; {@code -} is standard input. */
  void addList(String list) throws IOException {
    checkArgument(
        list.equals(STANDARD_INPUT) || Files.isRegularFile(Path.of(list)),
        "--files-from: %s: is not a file, expected a file with a name on each line",
        list);
    try (InputStream in =
            list.equals(STANDARD_INPUT) ? System.in : Files.newInputStream(Path.of(list));
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        checkArgument(
            line.indexOf('\0') < 0,
            "--files-from: %s: is no text, expected a file with a name on each line",
            list);
        if (!line.isBlank()) {
          add(line.replaceFirst("^\ufeff", ""));
        }
      }
    }
  }

  private static Optional<Path> path(String word) {
    try {
      return Optional.of(Path.of(word));
    } catch (InvalidPathException e) { // patterns have such characters on Windows
      return Optional.empty();
    }
  }

  private void addFile(String name, Path file) {
    all.put(name, new Input(() -> decoder.read(file), Optional.of(file)));
  }

  private void fails(String name, IOException why) {
    all.put(
        name,
        new Input(
            () -> {
              throw why;
            },
            Optional.empty()));
  }

  private void addFolder(Path folder) {
    int before = all.size();
    walk(folder, new HashSet<>());
    if (all.size() == before) {
      fails(
          folder.toString(),
          new InvalidFileException(folder, Problem.saying("there is no file in this folder")));
    }
  }

  /** Adds a folder's files in natural order, then its folders; each folder once. */
  private void walk(Path folder, Set<Path> seen) {
    Path real = real(folder);
    if (!seen.add(real) || except.filter(real::equals).isPresent()) {
      return;
    }
    List<Path> entries;
    try (Stream<Path> listed = Files.list(folder)) {
      entries = listed.filter(entry -> !ClassFolders.isJunk(entry)).sorted(byName()).toList();
    } catch (IOException e) {
      fails(folder.toString(), e);
      return;
    }
    for (Path entry : entries) {
      if (Files.exists(entry) && !Files.isRegularFile(entry) && !Files.isDirectory(entry)) {
        // Reading a pipe could wait forever.
        fails(
            entry.toString(),
            new InvalidFileException(entry, Problem.saying("is a device or a pipe, no file")));
      } else if (!Files.isDirectory(entry)) {
        addFile(entry.toString(), entry);
      }
    }
    for (Path entry : entries) {
      if (Files.isDirectory(entry)) {
        walk(entry, seen);
      }
    }
  }

  private static Comparator<Path> byName() {
    return Comparator.comparing(Path::toString, NaturalOrder.INSTANCE);
  }

  private static Path real(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException e) {
      return path.toAbsolutePath().normalize();
    }
  }

  /** Adds what fits a pattern: * and ? within a name, ** for any number of folders. */
  private void addPattern(String pattern) {
    String slashed = pattern.replace('\\', '/');
    int wild = slashed.replaceFirst("[*?\\[{].*", "").lastIndexOf('/') + 1;
    String base = slashed.substring(0, wild);
    String rest = slashed.substring(wild);
    List<PathMatcher> matchers = new ArrayList<>();
    try {
      for (String form : forms(rest)) {
        matchers.add(FileSystems.getDefault().getPathMatcher("glob:" + form));
      }
    } catch (PatternSyntaxException e) {
      fails(pattern, new IOException("is no pattern: " + e.getDescription()));
      return;
    }
    int deepest = rest.contains("**") ? Integer.MAX_VALUE : rest.split("/", -1).length;
    Path root = Path.of(base);
    List<Path> found = new ArrayList<>();
    find(root, root, deepest, matchers, found, new HashSet<>());
    if (found.isEmpty()) {
      fails(pattern, new IOException("no file fits this pattern"));
    }
    for (Path each : found) {
      if (Files.isDirectory(each)) {
        walk(each, new HashSet<>());
      } else {
        addFile(each.toString(), each);
      }
    }
  }

  /** "**" and a slash stand for no folder, too, as in shells. */
  private static List<String> forms(String pattern) {
    int at = pattern.indexOf("**/");
    if (at < 0) {
      return List.of(pattern);
    }
    List<String> forms = new ArrayList<>();
    for (String rest : forms(pattern.substring(at + 3))) {
      forms.add(pattern.substring(0, at + 3) + rest);
      forms.add(pattern.substring(0, at) + rest);
    }
    return forms;
  }

  private void find(
      Path root,
      Path folder,
      int depth,
      List<PathMatcher> matchers,
      List<Path> found,
      Set<Path> seen) {
    if (depth == 0 || !seen.add(real(folder)) || except.filter(real(folder)::equals).isPresent()) {
      return;
    }
    Path listedFolder = folder.toString().isEmpty() ? Path.of(".") : folder;
    List<Path> entries;
    try (Stream<Path> listed = Files.list(listedFolder)) {
      entries = listed.filter(entry -> !ClassFolders.isJunk(entry)).sorted(byName()).toList();
    } catch (IOException e) {
      return; // another part of the pattern may fit
    }
    List<Path> folders = new ArrayList<>();
    for (Path entry : entries) {
      Path named = folder.resolve(entry.getFileName());
      Path relative = root.toString().isEmpty() ? named : root.relativize(named);
      boolean fits = matchers.stream().anyMatch(matcher -> matcher.matches(relative));
      boolean isFolder = Files.isDirectory(entry);
      if (fits && !(isFolder && depth > 1)) {
        found.add(named);
      }
      if (isFolder) {
        folders.add(named);
      }
    }
    folders.forEach(each -> find(root, each, depth - 1, matchers, found, seen));
  }
}
