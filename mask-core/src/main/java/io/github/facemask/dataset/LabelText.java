package io.github.facemask.dataset;

import io.github.facemask.label.AgeGroup;
import io.github.facemask.label.Gender;
import io.github.facemask.label.MaskState;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/** Parses labels in the notations that people use in tables. */
final class LabelText {

  private LabelText() {}

  static Optional<Gender> gender(String text) {
    return switch (text.strip().toLowerCase(Locale.ROOT)) {
      case "male" -> Optional.of(Gender.MALE);
      case "female" -> Optional.of(Gender.FEMALE);
      default -> Optional.empty();
    };
  }

  static Optional<MaskState> mask(String text) {
    return switch (text.strip().toLowerCase(Locale.ROOT)) {
      case "worn", "wear", "mask" -> Optional.of(MaskState.WORN);
      case "worn_wrongly", "incorrect", "incorrect_mask" -> Optional.of(MaskState.WORN_WRONGLY);
      case "not_worn", "normal", "none" -> Optional.of(MaskState.NOT_WORN);
      default -> Optional.empty();
    };
  }

  static Optional<AgeGroup> ageGroup(String text) {
    String name = text.strip().toUpperCase(Locale.ROOT);
    return Arrays.stream(AgeGroup.values()).filter(g -> g.name().equals(name)).findFirst();
  }

  /** Returns an age from 0 to 150. */
  static OptionalInt years(String text) {
    return number(text, 150);
  }

  /** Returns a whole number from 0 to a greatest below 1000. */
  static OptionalInt number(String text, int greatest) {
    String digits = text.strip();
    if (digits.isEmpty() || digits.length() > 3) {
      return OptionalInt.empty();
    }
    int number = 0;
    for (int i = 0; i < digits.length(); i++) {
      char digit = digits.charAt(i);
      if (digit < '0' || digit > '9') {
        return OptionalInt.empty();
      }
      number = 10 * number + digit - '0';
    }
    return number <= greatest ? OptionalInt.of(number) : OptionalInt.empty();
  }
}
