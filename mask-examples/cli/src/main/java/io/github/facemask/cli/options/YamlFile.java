package io.github.facemask.cli.options;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Path;

/** YAML as plain values; no types are built from tags. */
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
      String line = at == null ? "" : ":" + at.getLineNr();
      throw new IOException(file + line + ": is not YAML: " + e.getOriginalMessage(), e);
    }
  }
}
