package io.github.facemask.cli;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import io.github.facemask.problem.InvalidFileException;
import io.github.facemask.problem.Problem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The line of each key and item of a YAML text, for messages, and its values as written. */
final class YamlLines {

  private final Path file;
  private final Map<String, Integer> lines = new HashMap<>();
  private final Map<String, String> texts = new HashMap<>();

  private YamlLines(Path file) {
    this.file = file;
  }

  /**
   * Finds the lines.
   *
   * @throws IOException if a key occurs twice, or the text is not YAML; the message has the line
   */
  static YamlLines of(Path file, String text) throws IOException {
    YamlLines found = new YamlLines(file);
    try (YAMLParser parser = new YAMLFactory().createParser(text)) {
      JsonToken first = parser.nextToken();
      if (first != null) {
        found.read(parser, first, "");
      }
    } catch (JsonProcessingException e) {
      JsonLocation at = e.getLocation();
      throw new InvalidFileException(
          file,
          at == null ? 0 : at.getLineNr(),
          Problem.saying("is not YAML: " + e.getOriginalMessage()),
          e);
    }
    return found;
  }

  private void read(YAMLParser parser, JsonToken token, String path) throws IOException {
    lines.putIfAbsent(path, parser.currentTokenLocation().getLineNr());
    if (token.isScalarValue()) {
      texts.put(path, parser.getText());
    }
    if (token == JsonToken.START_OBJECT) {
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String own = path + "/" + parser.currentName();
        int line = parser.currentTokenLocation().getLineNr();
        if (lines.put(own, line) != null) {
          throw new InvalidFileException(
              file,
              line,
              Problem.saying("has '" + parser.currentName() + "' again").withExpected("it once"),
              null);
        }
        read(parser, parser.nextToken(), own);
      }
    } else if (token == JsonToken.START_ARRAY) {
      JsonToken item = parser.nextToken();
      for (int i = 0; item != null && item != JsonToken.END_ARRAY; i++) {
        read(parser, item, path + "/" + i);
        item = parser.nextToken();
      }
    }
  }

  /** Returns the line of a key, or of the nearest key around it. */
  int of(String path) {
    Integer line = lines.get(path);
    return line != null || path.isEmpty()
        ? line == null ? 1 : line
        : of(path.substring(0, path.lastIndexOf('/')));
  }

  /** Returns a value as it was written, for instance {@code 1e-4}. */
  String text(String path) {
    return texts.getOrDefault(path, "");
  }

  /** Returns the exception for a fault at a key. */
  InvalidFileException at(String path, Problem problem) {
    return new InvalidFileException(file, of(path), problem, null);
  }
}
