package io.github.facemask.cli.options;

import static com.google.common.base.Preconditions.checkArgument;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One value of {@code --data}: a folder or a table, and its name among several.
 *
 * @param name the name, unlike that of any other
 * @param path the folder or table
 * @param isNamed whether the user gave the name
 * @param isJoined whether the ids of its photos get the name in front
 */
record DataSource(String name, Path path, boolean isNamed, boolean isJoined) {

  /** Returns the folders and tables of some values; a value may have a name and = in front. */
  static List<DataSource> of(List<String> values) {
    List<DataSource> sources = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (String value : values) {
      int sign = value.indexOf('=');
      boolean named = sign > 0 && !exists(value) && value.substring(0, sign).indexOf('/') < 0;
      checkArgument(!value.isEmpty(), "--data is empty, expected the name of a folder or a table");
      Path path = Path.of(named ? value.substring(sign + 1) : value);
      String wanted = named ? value.substring(0, sign) : nameOf(path);
      String name = wanted;
      for (int i = 2; !names.add(name); i++) {
        name = wanted + "-" + i;
      }
      sources.add(new DataSource(name, path, named, named || values.size() > 1));
    }
    return sources;
  }

  private static boolean exists(String text) {
    try {
      return Files.exists(Path.of(text));
    } catch (InvalidPathException e) {
      return false;
    }
  }

  /** Returns the name of a folder, or of a table without its extension. */
  private static String nameOf(Path path) {
    Path last = path.toAbsolutePath().normalize().getFileName();
    String name = last == null ? "data" : last.toString();
    int dot = name.lastIndexOf('.');
    return dot > 0 && !Files.isDirectory(path) ? name.substring(0, dot) : name;
  }

  /** Returns whether an option's value begins with this name and a colon. */
  boolean isNamedBy(String value) {
    return value.startsWith(name + ":");
  }

  /** Refuses a value that names a set which is not there. */
  static void checkNames(String option, List<String> values, List<DataSource> all) {
    for (String value : values) {
      int colon = value.indexOf(':');
      boolean name = colon > 0 && value.substring(0, colon).matches("[\\w.-]+");
      checkArgument(
          !name || all.stream().anyMatch(source -> source.isNamedBy(value)),
          "%s is for the set '%s', expected one of %s",
          option,
          name ? value.substring(0, colon) : "",
          all.stream().map(DataSource::name).toList());
    }
  }

  /** Returns an option's value for this source; empty if it is for another. */
  Optional<String> own(String value, List<DataSource> all) {
    if (isNamedBy(value)) {
      return Optional.of(value.substring(name.length() + 1));
    }
    return all.stream().anyMatch(s -> s.isNamedBy(value)) ? Optional.empty() : Optional.of(value);
  }

  /** Returns the value for a run's record. */
  String recorded() {
    String full = path.toAbsolutePath().normalize().toString();
    return isJoined ? name + "=" + full : full;
  }
}
