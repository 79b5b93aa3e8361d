package io.github.facemask.cli;

import java.util.Collection;

/** Numbers with their noun: "1 photo", "2 photos". */
final class Count {

  private Count() {}

  static String of(Collection<?> things, String noun) {
    return of(things.size(), noun);
  }

  static String of(int number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }
}
