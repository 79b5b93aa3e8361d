package io.github.facemask.cli.options;

import java.util.Collection;

/** Formats a number with its noun: "1 photo", "2 photos". */
public final class Count {

  private Count() {}

  public static String of(Collection<?> things, String noun) {
    return of(things.size(), noun);
  }

  /** Formats the photos that were left out as the end of a sentence; empty for none. */
  public static String leftOut(Collection<?> photos) {
    return photos.isEmpty() ? "" : ", " + of(photos, "unreadable photo") + " left out";
  }

  public static String of(int number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }
}
