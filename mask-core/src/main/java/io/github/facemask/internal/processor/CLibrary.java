package io.github.facemask.internal.processor;

import com.google.common.base.Splitter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The C library of this process, which PyTorch's native library needs to be glibc.
 *
 * @param name glibc or musl
 * @param version for instance 2.36; empty if unknown
 */
public record CLibrary(String name, String version) {

  /** The least glibc of libtorch 2.7.1, as its symbols name it. */
  public static final String LEAST_GLIBC = "2.29";

  private static final String GLIBC = "glibc";
  private static final String MUSL = "musl";
  private static final Pattern MAPPED =
      Pattern.compile("\\S*/(?:libc[.]so[.]6|libc-[0-9.]+[.]so)$");
  private static final Pattern RELEASE = Pattern.compile("release version ([0-9]+[.][0-9]+)");

  /** Returns the library of this process; empty where it is unknown, as on other systems. */
  public static Optional<CLibrary> here() {
    return of(ControlGroups.text(Path.of("/proc/self/maps")).orElse(""));
  }

  /**
   * Finds the library among the files that a process has mapped.
   *
   * @param maps the text of {@code /proc/self/maps}
   */
  static Optional<CLibrary> of(String maps) {
    for (String line : Splitter.on('\n').split(maps)) {
      if (line.contains("/ld-musl-") || line.contains("/libc.musl-")) {
        return Optional.of(new CLibrary(MUSL, ""));
      }
      Matcher glibc = MAPPED.matcher(line);
      if (glibc.find()) {
        return Optional.of(new CLibrary(GLIBC, versionOf(Path.of(glibc.group()))));
      }
    }
    return Optional.empty();
  }

  private static String versionOf(Path file) {
    try {
      return version(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      return "";
    }
  }

  /**
   * Finds the version in glibc's own words.
   *
   * @param contents the bytes of the library, one a character
   * @return for instance 2.36; empty if it is not named
   */
  static String version(String contents) {
    Matcher release = RELEASE.matcher(contents);
    return release.find() ? release.group(1) : "";
  }

  /** Returns whether it is glibc. */
  public boolean isGlibc() {
    return name.equals(GLIBC);
  }

  /** Returns whether PyTorch runs with it; true if its version is unknown. */
  public boolean suffices() {
    return isGlibc() && (version.isEmpty() || compare(version, LEAST_GLIBC) >= 0);
  }

  private static int compare(String a, String b) {
    int[] left = numbers(a);
    int[] right = numbers(b);
    return left[0] != right[0]
        ? Integer.compare(left[0], right[0])
        : Integer.compare(left[1], right[1]);
  }

  private static int[] numbers(String version) {
    return Splitter.on('.').splitToStream(version).mapToInt(Integer::parseInt).toArray();
  }
}
