package io.github.facemask.augmentation;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import io.github.facemask.label.AgeGroup;
import io.github.facemask.label.FaceClass;
import io.github.facemask.mixing.HalfFace;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The type of a parameter: how it is written in a list and in a record. */
enum Kind {
  NUMBER("a number") {
    @Override
    Optional<Object> read(Object given) {
      return number(given).map(value -> value);
    }

    @Override
    Object plain(Object value) {
      return value;
    }
  },

  WHOLE("a whole number") {
    @Override
    Optional<Object> read(Object given) {
      return number(given)
          .filter(value -> value == Math.rint(value) && Math.abs(value) <= Integer.MAX_VALUE)
          .map(value -> (int) (double) value);
    }

    @Override
    Object plain(Object value) {
      return value;
    }
  },

  FLAG("true or false") {
    @Override
    Optional<Object> read(Object given) {
      return given instanceof Boolean ? Optional.of(given) : Optional.empty();
    }

    @Override
    Object plain(Object value) {
      return value;
    }
  },

  /** Two keys of the record. */
  RANGE("a range such as 0.5..1 or [0.5, 1]") {
    @Override
    Optional<Object> read(Object given) {
      List<?> ends =
          given instanceof String text && text.contains("..")
              ? Splitter.on("..").trimResults().splitToList(text)
              : given instanceof List<?> list ? list : List.of(given, given);
      List<Double> numbers = ends.stream().flatMap(end -> number(end).stream()).toList();
      return ends.size() == 2 && numbers.size() == 2
          ? Optional.of(new Range(numbers.get(0), numbers.get(1)))
          : Optional.empty();
    }

    @Override
    Object plain(Object value) {
      Range range = (Range) value;
      return text(range.min()) + ".." + text(range.max());
    }
  },

  NUMBERS("a list of numbers") {
    @Override
    Optional<Object> read(Object given) {
      if (!(given instanceof List<?> list)) {
        return Optional.empty();
      }
      List<Double> numbers = list.stream().flatMap(each -> number(each).stream()).toList();
      return numbers.size() == list.size()
          ? Optional.of(ImmutableList.copyOf(numbers))
          : Optional.empty();
    }

    @Override
    Object plain(Object value) {
      return value;
    }
  },

  /** Ids of classes; none for all. */
  CLASSES("all, old for people from 60, or a list of classes from 0 to 17") {
    @Override
    Optional<Object> read(Object given) {
      if (given instanceof String word) {
        return switch (word.toLowerCase(Locale.ROOT)) {
          case "all" -> Optional.of(ImmutableList.of());
          case "old" -> Optional.of(OLD);
          default -> Optional.empty();
        };
      }
      if (!(given instanceof List<?> list)) {
        return Optional.empty();
      }
      List<Integer> ids =
          list.stream()
              .flatMap(each -> WHOLE.read(each).stream())
              .map(Integer.class::cast)
              .filter(id -> id >= 0 && id < FaceClass.COUNT)
              .toList();
      return ids.size() == list.size() ? Optional.of(ImmutableList.copyOf(ids)) : Optional.empty();
    }

    @Override
    Object plain(Object value) {
      return ImmutableList.of().equals(value) ? "all" : OLD.equals(value) ? "old" : value;
    }
  },

  SIDES("some of left, right, upper and lower") {
    @Override
    Optional<Object> read(Object given) {
      List<?> words = given instanceof List<?> list ? list : List.of(given);
      List<HalfFace.Side> sides =
          words.stream()
              .flatMap(
                  word ->
                      Stream.of(HalfFace.Side.values())
                          .filter(side -> side.name().equalsIgnoreCase(String.valueOf(word))))
              .toList();
      return !sides.isEmpty() && sides.size() == words.size()
          ? Optional.of(ImmutableList.copyOf(sides))
          : Optional.empty();
    }

    @Override
    Object plain(Object value) {
      return ((List<?>) value)
          .stream().map(side -> String.valueOf(side).toLowerCase(Locale.ROOT)).toList();
    }
  },

  /** Other entries of the list; {@link ListReader} reads them. */
  ENTRIES("a list of transforms or of mixings") {
    @Override
    Optional<Object> read(Object given) {
      return Optional.empty();
    }

    @Override
    Object plain(Object value) {
      return value;
    }
  };

  private static final ImmutableList<Integer> OLD =
      FaceClass.values().stream()
          .filter(each -> each.age() == AgeGroup.FROM_60)
          .map(FaceClass::id)
          .collect(ImmutableList.toImmutableList());

  /**
   * Two ends.
   *
   * @param min the lower end
   * @param max the upper end
   */
  record Range(double min, double max) {}

  private final String expected;

  Kind(String expected) {
    this.expected = expected;
  }

  /** Returns what a value of this type is, in words. */
  String expected() {
    return expected;
  }

  /** Reads a plain value; empty if it has another type. */
  abstract Optional<Object> read(Object given);

  /** Returns the plain value that is read as this one. */
  abstract Object plain(Object value);

  /** A number, also one that YAML reads as text, such as 1e-3. */
  private static Optional<Double> number(Object given) {
    try {
      double value =
          given instanceof Number number
              ? number.doubleValue()
              : Double.parseDouble(given instanceof String text ? text : "none");
      return Double.isFinite(value) ? Optional.of(value) : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static String text(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e9
        ? String.valueOf((long) value)
        : String.valueOf(value);
  }
}
