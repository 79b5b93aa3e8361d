package io.github.facemask.internal.records;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.facemask.internal.files.WholeFile;
import io.github.facemask.provenance.RunFolder;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** The record and the metrics of a run, as JSON trees. */
public final class RunJson {

  private static final ObjectMapper JSON = new ObjectMapper();

  private RunJson() {}

  /**
   * Reads a run's record.
   *
   * @param run the run
   * @return its run.json
   * @throws IOException if it cannot be read
   */
  public static JsonNode record(RunFolder run) throws IOException {
    return WholeFile.readJsonObject(run.path().resolve("run.json"));
  }

  /**
   * Returns a record as plain values.
   *
   * @param record a JSON object
   * @return its values by key
   */
  public static Map<String, Object> values(JsonNode record) {
    return JSON.convertValue(record, new TypeReference<>() {});
  }

  /**
   * Reads the metrics of all finished epochs.
   *
   * @param run the run
   * @return one mutable object for each epoch
   * @throws IOException if they cannot be read
   */
  public static List<JsonNode> metrics(RunFolder run) throws IOException {
    return run.metrics().stream().<JsonNode>map(JSON::valueToTree).toList();
  }
}
