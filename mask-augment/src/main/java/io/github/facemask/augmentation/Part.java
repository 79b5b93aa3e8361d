package io.github.facemask.augmentation;

import com.google.common.base.CaseFormat;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The description of one transform or mixing: its names, its parameters, and how it is made. The
 * list of a file and the record of a run are both read by it.
 *
 * @param name its name in a list
 * @param recorded its name in a record
 * @param otherNames further names in a list
 * @param parameters its parameters
 * @param maker makes it
 */
record Part(
    String name,
    String recorded,
    ImmutableList<String> otherNames,
    ImmutableList<Parameter> parameters,
    Maker maker) {

  /** Makes a transform or a mixing of checked types; its own checks are of the ranges. */
  interface Maker {

    /**
     * Makes it.
     *
     * @throws IllegalArgumentException if a value is out of range
     */
    Object make(Values values);
  }

  /**
   * A parameter.
   *
   * @param name its name in a list
   * @param kind its type
   * @param keys its keys in a record: one, two for a range, or several of which one is there
   * @param otherNames further names in a list, and the name in errors of the library
   * @param usual its value if it is not given; empty if it must be given
   */
  record Parameter(
      String name,
      Kind kind,
      ImmutableList<String> keys,
      ImmutableList<String> otherNames,
      Optional<Object> usual) {

    boolean isCalled(String given) {
      return Stream.concat(Stream.of(name), otherNames.stream())
          .anyMatch(each -> same(each, given));
    }
  }

  /** Values by the parameters' names. */
  record Values(ImmutableMap<String, Object> all) {

    double number(String name) {
      return (double) all.get(name);
    }

    int whole(String name) {
      return (int) all.get(name);
    }

    boolean flag(String name) {
      return (boolean) all.get(name);
    }

    Kind.Range range(String name) {
      return (Kind.Range) all.get(name);
    }

    @SuppressWarnings("unchecked") // The kind of the parameter has made the list.
    <T> List<T> list(String name) {
      return (List<T>) all.get(name);
    }
  }

  static Builder called(String name) {
    return new Builder(name);
  }

  boolean isCalled(String given) {
    return Stream.concat(Stream.of(name, recorded), otherNames.stream())
        .anyMatch(each -> same(each, given));
  }

  /** Returns the names of all parameters. */
  List<String> parameterNames() {
    return parameters.stream().map(Parameter::name).toList();
  }

  Optional<Parameter> parameter(String given) {
    return parameters.stream().filter(each -> each.isCalled(given)).findFirst();
  }

  /** Compares names without regard to case, hyphens and underscores. */
  private static boolean same(String a, String b) {
    return letters(a).equals(letters(b));
  }

  private static String letters(String name) {
    return name.replace("-", "").replace("_", "").toLowerCase(Locale.ROOT);
  }

  /** Collects the parts of a description. Not thread-safe. */
  static final class Builder {

    private final String name;
    private String recorded;
    private final ImmutableList.Builder<String> otherNames = ImmutableList.builder();
    private final ImmutableList.Builder<Parameter> parameters = ImmutableList.builder();

    private Builder(String name) {
      this.name = name;
      this.recorded = camel(name);
    }

    private static String camel(String words) {
      return CaseFormat.LOWER_HYPHEN.to(CaseFormat.LOWER_CAMEL, words);
    }

    Builder recordedAs(String value) {
      recorded = value;
      return this;
    }

    Builder or(String... others) {
      otherNames.add(others);
      return this;
    }

    /** Adds a parameter that is recorded under its own name. */
    Builder with(String parameter, Kind kind, Object usual, String... others) {
      return recorded(parameter, kind, usual, ImmutableList.of(camel(parameter)), others);
    }

    /** Adds a parameter that must be given. */
    Builder needs(String parameter, Kind kind) {
      return recorded(parameter, kind, null, ImmutableList.of(camel(parameter)));
    }

    /** Adds a range with its two keys of a record. */
    Builder range(
        String parameter, double min, double max, String minKey, String maxKey, String... others) {
      return recorded(
          parameter,
          Kind.RANGE,
          new Kind.Range(min, max),
          ImmutableList.of(minKey, maxKey),
          others);
    }

    Builder recorded(
        String parameter, Kind kind, Object usual, ImmutableList<String> keys, String... others) {
      parameters.add(
          new Parameter(
              parameter, kind, keys, ImmutableList.copyOf(others), Optional.ofNullable(usual)));
      return this;
    }

    Part madeBy(Maker maker) {
      return new Part(name, recorded, otherNames.build(), parameters.build(), maker);
    }
  }
}
