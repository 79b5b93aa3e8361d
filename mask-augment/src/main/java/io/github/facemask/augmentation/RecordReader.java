package io.github.facemask.augmentation;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.facemask.augmentation.Part.Parameter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads parts from the {@code parameters()} in the record of a run. */
final class RecordReader {

  private RecordReader() {}

  /** Makes the transform or mixing of a record. */
  static Object part(Map<?, ?> record, String what) {
    Part part = described(record, what);
    ImmutableMap.Builder<String, Object> values = ImmutableMap.builder();
    for (Parameter parameter : part.parameters()) {
      values.put(
          parameter.name(),
          parameter.kind() == Kind.ENTRIES
              ? records(part, parameter, record).stream().map(each -> part(each, what)).toList()
              : value(part, parameter, record));
    }
    return part.maker().make(new Part.Values(values.buildOrThrow()));
  }

  /** Returns the entry of a list that gives the same; for an unknown part its record. */
  static Map<String, Object> entry(Map<String, ?> record) {
    Optional<Part> known = Parts.recorded(String.valueOf(record.get("name")));
    if (known.isEmpty()) {
      Map<String, Object> own = new LinkedHashMap<>(record);
      return ImmutableMap.of(String.valueOf(own.remove("name")), own);
    }
    Part part = known.get();
    ImmutableMap.Builder<String, Object> values = ImmutableMap.builder();
    for (Parameter parameter : part.parameters()) {
      if (parameter.kind() == Kind.ENTRIES) {
        ImmutableList.Builder<Object> entries = ImmutableList.builder();
        for (Map<?, ?> each : records(part, parameter, record)) {
          Map<String, Object> named = new LinkedHashMap<>();
          each.forEach((key, value) -> named.put(String.valueOf(key), value));
          entries.add(entry(named));
        }
        values.put(parameter.name(), entries.build());
      } else {
        Object value = value(part, parameter, record);
        if (!ImmutableList.of().equals(value)) {
          values.put(parameter.name(), parameter.kind().plain(value));
        }
      }
    }
    return ImmutableMap.of(part.name(), values.buildOrThrow());
  }

  private static Part described(Map<?, ?> record, String what) {
    String name = String.valueOf(record.get("name"));
    return Parts.recorded(name)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "the "
                        + what
                        + " '"
                        + name
                        + "' is not one of this library; run the program that defines it again"));
  }

  private static Object value(Part part, Parameter parameter, Map<?, ?> record) {
    List<Object> found = new ArrayList<>();
    for (String key : parameter.keys()) {
      if (record.containsKey(key)) {
        found.add(record.get(key));
      }
    }
    if (found.isEmpty() && record.containsKey("mixings")) {
      // One of several mixings has neither weights nor a probability.
      return parameter.usual().orElseThrow();
    }
    Object given = parameter.keys().size() == 1 && found.size() == 1 ? found.get(0) : found;
    return parameter
        .kind()
        .read(given)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "'"
                        + String.join("' and '", parameter.keys())
                        + "' of '"
                        + part.recorded()
                        + "' is "
                        + given
                        + ", expected "
                        + parameter.kind().expected()));
  }

  private static List<Map<?, ?>> records(Part part, Parameter parameter, Map<?, ?> record) {
    List<Map<?, ?>> records = new ArrayList<>();
    for (String key : parameter.keys()) {
      if (record.get(key) instanceof List<?> list) {
        for (Object each : list) {
          if (each instanceof Map<?, ?> map) {
            records.add(map);
          }
        }
      }
    }
    if (records.isEmpty()) {
      throw new IllegalArgumentException("'" + part.recorded() + "' has no parts");
    }
    return records;
  }
}
