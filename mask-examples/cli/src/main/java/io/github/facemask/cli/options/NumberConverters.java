package io.github.facemask.cli.options;

import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Parses the numbers of options. picocli's errors would name Java types. */
public final class NumberConverters {

  private NumberConverters() {}

  public static void register(CommandLine line) {
    line.registerConverter(int.class, whole(Integer::valueOf));
    line.registerConverter(Integer.class, whole(Integer::valueOf));
    line.registerConverter(long.class, whole(Long::valueOf));
    line.registerConverter(Long.class, whole(Long::valueOf));
    line.registerConverter(double.class, of(Double::valueOf, "is not a number"));
    line.registerConverter(Double.class, of(Double::valueOf, "is not a number"));
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
