package io.github.facemask.dataset;

import io.github.facemask.label.Gender;
import io.github.facemask.label.MaskState;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads labels as people write them in tables. */
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

  /** Returns an age from 0 to 150. */
  static OptionalInt years(String text) {
    String digits = text.strip();
    if (digits.isEmpty()
        || digits.length() > 3
        || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return OptionalInt.empty();
    }
    int years = Integer.parseInt(digits);
    return years <= 150 ? OptionalInt.of(years) : OptionalInt.empty();
  }
}
