package io.github.facemask.cli.options;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.github.facemask.problem.InvalidFileException;
import io.github.facemask.problem.Problem;
import java.io.IOException;
import java.nio.file.Path;

/** Reads YAML as plain values. Tags are not resolved to types. */
public final class YamlFile {

  private YamlFile() {}

  /**
   * Reads the text of a file.
   *
   * @throws IOException if it is not YAML; the message names file and line
   */
  public static JsonNode parse(Path file, String text) throws IOException {
    try {
      return new YAMLMapper().readTree(text);
    } catch (JsonProcessingException e) {
      // A tag in the wrong place has no location.
      JsonLocation at = e.getLocation();
      throw new InvalidFileException(
          file,
          at == null ? 0 : at.getLineNr(),
          Problem.saying("is not YAML: " + e.getOriginalMessage()),
          e);
    }
  }
}
