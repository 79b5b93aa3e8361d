package io.github.facemask.provenance;

import static io.github.facemask.problem.InvalidArgumentException.check;

import com.google.common.hash.HashCode;
import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import io.github.facemask.problem.InvalidFileException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * The SHA-256 of some bytes, as 64 lower-case hexadecimal digits.
 *
 * @param hex the digits
 */
public record Digest(String hex) {

  private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");

  /** Checks the digits. */
  public Digest {
    check(HEX.matcher(hex).matches(), "digest", hex, "64 hexadecimal digits");
  }

  /**
   * Returns the digest of a file's bytes.
   *
   * @param file the file
   * @return its digest
   * @throws IOException if the file is no regular file, or cannot be read
   */
  public static Digest ofFile(Path file) throws IOException {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      // The bytes of a device or a pipe may never end.
      throw InvalidFileException.of(file, "is no file with bytes of its own", "a regular file");
    }
    return of(MoreFiles.asByteSource(file).hash(Hashing.sha256()));
  }

  /**
   * Returns the digest of a text in UTF-8.
   *
   * @param text the text
   * @return its digest
   */
  public static Digest ofText(String text) {
    return of(Hashing.sha256().hashString(text, StandardCharsets.UTF_8));
  }

  /**
   * Returns the digest of some bytes.
   *
   * @param bytes the bytes
   * @return their digest
   */
  public static Digest ofBytes(byte[] bytes) {
    return of(Hashing.sha256().hashBytes(bytes));
  }

  /** Returns the first 12 digits, enough to tell files apart in a table. */
  public String shortHex() {
    return hex.substring(0, 12);
  }

  @Override
  public String toString() {
    return hex;
  }

  private static Digest of(HashCode code) {
    return new Digest(code.toString());
  }
}
