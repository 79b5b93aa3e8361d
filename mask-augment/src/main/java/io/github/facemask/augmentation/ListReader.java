package io.github.facemask.augmentation;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.facemask.augmentation.Augmentation.InvalidEntryException;
import io.github.facemask.augmentation.Part.Parameter;
import io.github.facemask.problem.InvalidArgumentException;
import io.github.facemask.problem.Problem;
import io.github.facemask.transform.CropTransform;
import io.github.facemask.transform.PhotoTransform;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads parts from a list of names and parameters, and says where an entry is wrong. */
final class ListReader {

  private static final int DEEPEST = 8;

  private ListReader() {}

  /** Reads all entries. */
  static List<Object> read(List<?> entries) {
    List<Object> parts = entries(entries, "", 0);
    boolean first = true;
    for (int i = 0; i < parts.size(); i++) {
      if (parts.get(i) instanceof CropTransform && !first) {
        throw wrong(
            "/" + i,
            nameOf(entries.get(i)),
            "",
            Problem.saying("is not the first transform")
                .withExpected("at most one crop, before all other transforms"));
      }
      first &= !(parts.get(i) instanceof PhotoTransform);
    }
    return parts;
  }

  private static List<Object> entries(List<?> entries, String at, int depth) {
    ImmutableList.Builder<Object> parts = ImmutableList.builder();
    for (int i = 0; i < entries.size(); i++) {
      parts.add(entry(entries.get(i), at + "/" + i, depth));
    }
    return parts.build();
  }

  private static Object entry(Object entry, String at, int depth) {
    if (depth > DEEPEST) {
      throw wrong(at, "", "", Problem.saying("is nested more than " + DEEPEST + " times"));
    }
    if (entry instanceof String name) {
      return part(name, null, at, depth);
    }
    if (entry instanceof Map<?, ?> map && map.size() == 1) {
      Map.Entry<?, ?> only = map.entrySet().iterator().next();
      String name = String.valueOf(only.getKey());
      return part(name, only.getValue(), at + "/" + escaped(name), depth);
    }
    throw wrong(
        at,
        "",
        "",
        entry instanceof Map<?, ?> map
            ? Problem.saying("an entry has the names " + names(map))
                .withExpected("one name, with its parameters indented below it")
            : Problem.saying("an entry is " + shown(entry))
                .withExpected("a name, or a name with parameters"));
  }

  private static Object part(String name, Object given, String at, int depth) {
    Optional<Part> found = Parts.called(name);
    if (found.isEmpty()) {
      throw wrong(at, "", "", unknown(name));
    }
    Part part = found.get();
    Map<?, ?> parameters = parameters(part, given, at);
    Map<String, String> written = new HashMap<>();
    ImmutableMap.Builder<String, Object> values = ImmutableMap.builder();
    for (Map.Entry<?, ?> each : parameters.entrySet()) {
      String key = String.valueOf(each.getKey());
      String place = given instanceof List<?> ? at : at + "/" + escaped(key);
      Parameter parameter = parameter(part, key, place);
      if (written.put(parameter.name(), key) != null) {
        throw wrong(
            place,
            part.name(),
            parameter.name(),
            Problem.saying(parameter.name() + " is given twice"));
      }
      values.put(parameter.name(), value(part, parameter, each.getValue(), place, depth));
    }
    for (Parameter parameter : part.parameters()) {
      if (!written.containsKey(parameter.name())) {
        values.put(parameter.name(), usual(part, parameter, at));
      }
    }
    return made(part, new Part.Values(values.buildOrThrow()), written, at, given);
  }

  private static Problem unknown(String name) {
    return Problem.saying("there is no transform and no mixing '" + name + "'")
        .withExpected("one of " + String.join(", ", Parts.names()))
        .withRemedy("the nearest is " + Problem.nearest(name, Parts.names(), 1).get(0));
  }

  /** A list in the place of parameters is the list that the part has. */
  private static Map<?, ?> parameters(Part part, Object given, String at) {
    if (given == null) {
      return Map.of();
    }
    if (given instanceof Map<?, ?> map) {
      return map;
    }
    Optional<Parameter> list =
        part.parameters().stream().filter(each -> each.kind() == Kind.ENTRIES).findFirst();
    if (given instanceof List<?> && list.isPresent()) {
      return Map.of(list.get().name(), given);
    }
    throw wrong(
        at,
        part.name(),
        "",
        Problem.saying("is " + shown(given))
            .withExpected(
                part.parameters().isEmpty()
                    ? "no parameters"
                    : "parameters by name: " + String.join(", ", part.parameterNames())));
  }

  private static Parameter parameter(Part part, String key, String at) {
    return part.parameter(key)
        .orElseThrow(
            () ->
                wrong(
                    at,
                    part.name(),
                    key,
                    Problem.saying("there is no parameter '" + key + "'")
                        .withExpected(
                            part.parameters().isEmpty()
                                ? "none, it has no parameters"
                                : "one of " + String.join(", ", part.parameterNames()))));
  }

  private static Object value(Part part, Parameter parameter, Object given, String at, int depth) {
    if (parameter.kind() == Kind.ENTRIES && given instanceof List<?> list) {
      return entries(list, at, depth + 1);
    }
    return Optional.ofNullable(given)
        .flatMap(parameter.kind()::read)
        .orElseThrow(
            () ->
                wrong(
                    at,
                    part.name(),
                    parameter.name(),
                    Problem.saying(parameter.name() + " is " + shown(given))
                        .withExpected(parameter.kind().expected())));
  }

  private static Object usual(Part part, Parameter parameter, String at) {
    return parameter
        .usual()
        .orElseThrow(
            () ->
                wrong(
                    at,
                    part.name(),
                    parameter.name(),
                    Problem.saying(parameter.name() + " is missing")
                        .withExpected(parameter.kind().expected())));
  }

  /** Makes the part. Its own check names the parameter that is out of range. */
  private static Object made(
      Part part, Part.Values values, Map<String, String> written, String at, Object given) {
    try {
      return part.maker().make(values);
    } catch (InvalidArgumentException e) {
      Optional<Parameter> parameter = part.parameter(e.problem().what());
      String name = parameter.map(Parameter::name).orElse(e.problem().words());
      String key = written.get(name);
      throw wrong(
          key == null || given instanceof List<?> ? at : at + "/" + escaped(key),
          part.name(),
          name,
          Problem.saying(name + " is " + e.problem().value()).withExpected(e.problem().expected()));
    } catch (IllegalArgumentException e) {
      throw wrong(at, part.name(), "", Problem.saying(e.getMessage()));
    }
  }

  private static InvalidEntryException wrong(
      String at, String part, String parameter, Problem problem) {
    return new InvalidEntryException(at, part, parameter, problem);
  }

  private static String nameOf(Object entry) {
    Object name = entry instanceof Map<?, ?> map ? map.keySet().iterator().next() : entry;
    return Parts.called(String.valueOf(name)).map(Part::name).orElse(String.valueOf(name));
  }

  private static String names(Map<?, ?> map) {
    List<String> names = new ArrayList<>();
    map.keySet().forEach(key -> names.add("'" + key + "'"));
    return names.isEmpty() ? "of nothing" : String.join(", ", names);
  }

  private static String shown(Object value) {
    String text = String.valueOf(value);
    return value == null ? "empty" : "'" + text.substring(0, Math.min(60, text.length())) + "'";
  }

  /** As RFC 6901 says. */
  private static String escaped(String key) {
    return key.replace("~", "~0").replace("/", "~1");
  }
}
