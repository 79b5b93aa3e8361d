package io.github.facemask.cli.options;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Parses the values of options. picocli's errors would name Java types. */
public final class ValueConverters {

  private ValueConverters() {}

  /** Sets how a command line reads numbers and paths. */
  public static void register(CommandLine line) {
    line.registerConverter(int.class, whole(Integer::valueOf));
    line.registerConverter(Integer.class, whole(Integer::valueOf));
    line.registerConverter(long.class, whole(Long::valueOf));
    line.registerConverter(Long.class, whole(Long::valueOf));
    line.registerConverter(double.class, of(Double::valueOf, "is not a number"));
    line.registerConverter(Double.class, of(Double::valueOf, "is not a number"));
    line.registerConverter(Path.class, ValueConverters::path);
  }

  /** An unset variable of a script would mean the current folder. */
  private static Path path(String text) {
    if (text.isEmpty()) {
      throw new TypeConversionException("is empty, expected the name of a file or a folder");
    }
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new TypeConversionException("'" + text + "' is no file name here: " + e.getReason());
    }
  }

  private static <T> ITypeConverter<T> whole(Function<String, T> parse) {
    return of(parse, "is not a whole number");
  }

  private static <T> ITypeConverter<T> of(Function<String, T> parse, String otherwise) {
    return text -> {
      try {
        return parse.apply(text);
      } catch (NumberFormatException e) {
        throw new TypeConversionException("'" + text + "' " + otherwise);
      }
    };
  }
}
