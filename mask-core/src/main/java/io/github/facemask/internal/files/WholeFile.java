package io.github.facemask.internal.files;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.facemask.problem.InvalidFileException;
import io.github.facemask.problem.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Reads the text or JSON of an untrusted file. Every problem becomes an IOException that names the
 * file.
 */
public final class WholeFile {

  /** A memory limit, larger than any card, record or evaluation. */
  private static final long MOST_BYTES = 1L << 28;

  private static final ObjectMapper JSON = new ObjectMapper();

  private WholeFile() {}

  /**
   * Reads a text in UTF-8, without a byte order mark.
   *
   * @param file the file, of at most 256 MiB
   * @return its text
   * @throws IOException if it is missing, cannot be read, is longer or is not UTF-8
   */
  public static String readText(Path file) throws IOException {
    long size = Files.size(file);
    if (size > MOST_BYTES) {
      throw tooLong(file, size + "");
    }
    try {
      String text = Files.isRegularFile(file) ? Files.readString(file) : readPipe(file);
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw notUtf8(file, e);
    }
  }

  /** Reads what has no size; it may have no end. */
  private static String readPipe(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes((int) MOST_BYTES + 1);
      if (bytes.length > MOST_BYTES) {
        throw tooLong(file, "more than " + MOST_BYTES);
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    }
  }

  private static InvalidFileException tooLong(Path file, String bytes) {
    return InvalidFileException.of(
        file, "has " + bytes + " bytes", "a text of at most " + MOST_BYTES);
  }

  /**
   * Returns the exception for a file that is not UTF-8. The JDK's exception does not name the file.
   *
   * @param file the file
   * @param cause the JDK's exception
   */
  public static IOException notUtf8(Path file, CharacterCodingException cause) {
    return new InvalidFileException(
        file, Problem.saying("is not UTF-8 text").withRemedy("save it as UTF-8"), cause);
  }

  /**
   * Reads the lines of a text like {@link #readText}.
   *
   * @param file the file
   * @return its lines
   * @throws IOException as {@link #readText}
   */
  public static List<String> readLines(Path file) throws IOException {
    return readText(file).lines().toList();
  }

  /**
   * Reads a JSON value.
   *
   * @param file the file
   * @return the value; missing for an empty file
   * @throws IOException as {@link #readText}, or if it is not JSON
   */
  public static JsonNode readJson(Path file) throws IOException {
    return parseJson(file, readText(file));
  }

  /**
   * Reads a JSON object.
   *
   * @param file the file
   * @return the object
   * @throws IOException as {@link #readJson}, or if it is another value
   */
  public static JsonNode readJsonObject(Path file) throws IOException {
    JsonNode json = readJson(file);
    if (!json.isObject()) {
      throw InvalidFileException.of(
          file, "holds a JSON " + json.getNodeType().name().toLowerCase(Locale.ROOT), "an object");
    }
    return json;
  }

  private static String reason(JsonProcessingException e) {
    String reason = e instanceof JsonEOFException ? "it ends too early" : e.getOriginalMessage();
    return e.getLocation() == null ? reason : reason + ", in line " + e.getLocation().getLineNr();
  }

  /**
   * Parses a JSON value that is part of a file.
   *
   * @param file the file, named in the exception
   * @param text the part
   * @return the value; missing for an empty text
   * @throws IOException if it is not JSON
   */
  public static JsonNode parseJson(Path file, String text) throws IOException {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new InvalidFileException(file, Problem.saying("is not JSON: " + reason(e)), e);
    }
  }
}
