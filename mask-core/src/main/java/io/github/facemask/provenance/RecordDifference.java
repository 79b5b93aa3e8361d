package io.github.facemask.provenance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A choice in which two runs differ.
 *
 * @param key its dotted path in the record, for instance {@code "optimizer.learningRate"}
 * @param first the first run's value, {@code "absent"} without one
 * @param second the second run's value, {@code "absent"} without one
 */
public record RecordDifference(String key, String first, String second) {

  /** What tells of a run's circumstances, not of its choices. */
  private static final ImmutableSet<String> CIRCUMSTANCES =
      ImmutableSet.of("runId", "started", "environment", "command");

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ABSENT = "absent";

  /**
   * Compares two records but for their circumstances: names, times, machine and command line.
   *
   * @param first a run's record, plain JSON values
   * @param second another's
   * @return the differences, by key
   */
  public static ImmutableList<RecordDifference> between(
      Map<String, ?> first, Map<String, ?> second) {
    Map<String, String> a = flatten(first);
    Map<String, String> b = flatten(second);
    TreeSet<String> keys = new TreeSet<>(a.keySet());
    keys.addAll(b.keySet());
    ImmutableList.Builder<RecordDifference> differences = ImmutableList.builder();
    for (String key : keys) {
      String was = a.getOrDefault(key, ABSENT);
      String is = b.getOrDefault(key, ABSENT);
      if (!was.equals(is) && !CIRCUMSTANCES.contains(key.split("[.]", 2)[0])) {
        differences.add(new RecordDifference(key, was, is));
      }
    }
    return differences.build();
  }

  /**
   * Returns every value of a record by its dotted path; lists count as one value.
   *
   * @param record a run's record
   * @return the values as text, by path
   */
  public static Map<String, String> flatten(Map<String, ?> record) {
    Map<String, String> values = new TreeMap<>();
    flatten("", JSON.valueToTree(record), values);
    return values;
  }

  private static void flatten(String path, JsonNode node, Map<String, String> values) {
    if (!node.isObject() || node.isEmpty()) {
      values.put(path, node.isTextual() ? node.asText() : node.toString());
      return;
    }
    node.properties()
        .forEach(
            e ->
                flatten(
                    path.isEmpty() ? e.getKey() : path + "." + e.getKey(), e.getValue(), values));
  }
}
