package io.github.facemask.cli.options;

import com.google.common.primitives.Ints;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Parses the number of threads of an option. */
public final class Threads implements ITypeConverter<Integer> {

  /** The value for as many as fit. */
  public static final String AUTO = "auto";

  @Override
  public Integer convert(String text) {
    Integer count = text.equals(AUTO) ? Integer.valueOf(0) : Ints.tryParse(text);
    if (count == null || (count < 1 && !text.equals(AUTO)) || count > most()) {
      throw new TypeConversionException(
          "threads is " + text + ", expected 1 to " + most() + ", or auto");
    }
    return count;
  }

  /** So many threads are slower than few on any machine; thousands would not end. */
  private static int most() {
    return Math.max(64, 4 * Runtime.getRuntime().availableProcessors());
  }

  /**
   * Returns the number of threads that read photos.
   *
   * @param asked the number; 0 for auto
   */
  public static int orProcessors(int asked) {
    return asked == 0 ? Runtime.getRuntime().availableProcessors() : asked;
  }
}
