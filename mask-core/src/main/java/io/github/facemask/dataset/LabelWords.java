package io.github.facemask.dataset;

import static io.github.facemask.problem.InvalidArgumentException.check;

import com.google.common.collect.ImmutableMap;
import io.github.facemask.dataset.ReadReport.BrokenDataException;
import io.github.facemask.dataset.ReadReport.ReadProblem;
import io.github.facemask.label.AgeGroup;
import io.github.facemask.label.Attribute;
import io.github.facemask.label.FaceClass;
import io.github.facemask.label.FaceLabel;
import io.github.facemask.label.Gender;
import io.github.facemask.label.MaskState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The words for labels, in one table. In words, upper and lower case are the same, and blanks,
 * hyphens and underscores do not count. A user's own words come before those of the table.
 * Immutable.
 */
final class LabelWords {

  /** The words of the table alone. */
  static final LabelWords STANDARD = new LabelWords(ImmutableMap.of());

  /** What the cells of an attribute mean that say nothing. */
  private static final Set<String> UNKNOWN =
      Set.of(
          "",
          "?",
          "??",
          "unknown",
          "unk",
          "u",
          "n/a",
          "na",
          "#n/a",
          "nan",
          "null",
          "nil",
          "none",
          "missing",
          "undefined",
          "unspecified",
          "unlabeled",
          "unlabelled",
          "notavailable",
          "미상",
          "모름");

  /** Those that are not short names of people as well. */
  private static final Set<String> NAMED_UNKNOWN =
      Set.of("unknown", "unspecified", "unlabeled", "unlabelled", "undefined");

  private static final ImmutableMap<String, MaskState> MASK =
      ImmutableMap.<String, MaskState>builder()
          .putAll(
              table(
                  MaskState.WORN,
                  "worn",
                  "wear",
                  "wearing",
                  "wearing mask",
                  "mask",
                  "masked",
                  "with mask",
                  "mask on",
                  "mask worn",
                  "has mask",
                  "face mask",
                  "correct",
                  "correct mask",
                  "mask correct",
                  "correctly worn",
                  "worn correctly",
                  "mask worn correctly",
                  "mask weared correct",
                  "correctly masked",
                  "proper",
                  "cmfd",
                  "afdb masked face dataset",
                  "착용",
                  "마스크"))
          .putAll(
              table(
                  MaskState.WORN_WRONGLY,
                  "worn wrongly",
                  "wrongly worn",
                  "wrong",
                  "incorrect",
                  "incorrect mask",
                  "mask incorrect",
                  "mask weared incorrect",
                  "mask worn incorrect",
                  "mask worn incorrectly",
                  "incorrectly worn",
                  "incorrectly worn mask",
                  "worn incorrectly",
                  "worn incorrect",
                  "incorrectly masked",
                  "improper",
                  "improper mask",
                  "improperly worn",
                  "imfd",
                  "오착용"))
          .putAll(
              table(
                  MaskState.NOT_WORN,
                  "not worn",
                  "normal",
                  "none",
                  "no mask",
                  "without mask",
                  "without",
                  "mask off",
                  "not wear",
                  "not wearing",
                  "not masked",
                  "unmasked",
                  "non masked",
                  "non mask",
                  "maskless",
                  "afdb face dataset",
                  "미착용"))
          .buildOrThrow();

  /** Answers to the question whether a mask is worn; they mean something in a column only. */
  private static final ImmutableMap<String, MaskState> ANSWERS =
      ImmutableMap.of(
          "yes", MaskState.WORN,
          "true", MaskState.WORN,
          "no", MaskState.NOT_WORN,
          "false", MaskState.NOT_WORN);

  private static final ImmutableMap<String, Gender> GENDER =
      ImmutableMap.<String, Gender>builder()
          .putAll(
              table(
                  Gender.MALE,
                  "male",
                  "m",
                  "man",
                  "men",
                  "males",
                  "boy",
                  "boys",
                  "männlich",
                  "maennlich",
                  "mann",
                  "남",
                  "남자",
                  "남성"))
          .putAll(
              table(
                  Gender.FEMALE,
                  "female",
                  "f",
                  "w",
                  "woman",
                  "women",
                  "females",
                  "girl",
                  "girls",
                  "weiblich",
                  "frau",
                  "여",
                  "여자",
                  "여성"))
          .buildOrThrow();

  /** The label that both of two labels give, at {@code 48 a + b}; null if they disagree. */
  private static final FaceLabel[] BOTH = both();

  private final ImmutableMap<Word, Meaning> own;

  private LabelWords(ImmutableMap<Word, Meaning> own) {
    this.own = own;
  }

  /** A user's word, normalized. */
  private record Word(String attribute, String text) {}

  /** What a word says about its attribute. */
  enum Kind {
    /** The value. */
    KNOWN,
    /** That the value is unknown. */
    UNKNOWN,
    /** A range of years across age groups, so that the group is unknown. */
    ACROSS,
    /** A number whose meaning is not told. */
    CODE,
    /** Nothing that the table has. */
    NO_WORD
  }

  /**
   * What a word means.
   *
   * @param kind what the word says
   * @param label the label, of one attribute unless the word is a class
   * @param years the age in years, if the word is one
   */
  record Meaning(Kind kind, FaceLabel label, OptionalInt years) {

    private static final Meaning NOTHING = none(Kind.UNKNOWN);
    private static final Meaning NO_WORD = none(Kind.NO_WORD);

    static Meaning of(FaceLabel label) {
      return new Meaning(Kind.KNOWN, label, OptionalInt.empty());
    }

    static Meaning none(Kind kind) {
      return new Meaning(kind, FaceLabel.UNKNOWN, OptionalInt.empty());
    }

    /** Returns whether the word is one of the table. */
    boolean isWord() {
      return kind == Kind.KNOWN || kind == Kind.UNKNOWN || kind == Kind.ACROSS;
    }

    /** Returns the meaning of a range instead of an age. */
    Meaning withoutYears() {
      return years.isEmpty() ? this : new Meaning(kind, label, OptionalInt.empty());
    }
  }

  /**
   * Reads a user's own words: a table with the columns {@code attribute,word,value}.
   *
   * @param file the table; an attribute is mask, gender, age or class, a value a word of this table
   *     or {@code unknown}
   * @return these words, then those of this table
   * @throws BrokenDataException if a row is malformed
   * @throws IOException if the table is missing or cannot be read
   */
  static LabelWords read(Path file) throws IOException {
    Map<Word, Meaning> own = new HashMap<>();
    List<ReadProblem> problems = new ArrayList<>();
    CsvTable.read(
        file,
        List.of("attribute", "word", "value"),
        problems,
        (line, cells) -> {
          String attribute = normal(cells.get("attribute"));
          String value = cells.get("value");
          Meaning meaning =
              switch (attribute) {
                case "mask" -> STANDARD.mask(value);
                case "gender", "sex" -> STANDARD.gender(value);
                case "age", "agegroup" -> STANDARD.age(value);
                case "class", "label" -> STANDARD.classNumber(value);
                default -> null;
              };
          if (meaning == null) {
            problems.add(
                new ReadProblem(
                    file,
                    line,
                    "attribute is '"
                        + cells.get("attribute")
                        + "', expected mask, gender, age or"
                        + " class",
                    "correct the row"));
          } else if (!meaning.isWord()) {
            problems.add(
                new ReadProblem(
                    file,
                    line,
                    "value is '" + value + "', expected " + expected(attribute) + " or unknown",
                    "correct the row"));
          } else {
            own.put(new Word(canonical(attribute), normal(cells.get("word"))), meaning);
          }
        });
    if (!problems.isEmpty()) {
      throw new BrokenDataException(new ReadReport(problems, List.of(), 0));
    }
    return new LabelWords(ImmutableMap.copyOf(own));
  }

  private static String canonical(String attribute) {
    return switch (attribute) {
      case "sex" -> "gender";
      case "agegroup" -> "age";
      case "label" -> "class";
      default -> attribute;
    };
  }

  private static String expected(String attribute) {
    return switch (canonical(attribute)) {
      case "mask" -> expected(Attribute.MASK);
      case "gender" -> expected(Attribute.GENDER);
      case "age" -> expected(Attribute.AGE);
      default -> "0 to " + (FaceClass.COUNT - 1);
    };
  }

  /** Returns the words to expect of an attribute, for messages. */
  static String expected(Attribute attribute) {
    return switch (attribute) {
      case MASK -> "worn, worn_wrongly or not_worn";
      case GENDER -> "male or female";
      case AGE -> "years from 0 to 150 or a range such as 30-39";
    };
  }

  /** Returns what a word means for an attribute. */
  Meaning of(Attribute attribute, String text) {
    return switch (attribute) {
      case MASK -> mask(text);
      case GENDER -> gender(text);
      case AGE -> age(text);
    };
  }

  private Meaning mask(String text) {
    String word = normal(text);
    Meaning mine = own.get(new Word("mask", word));
    if (mine != null) {
      return mine;
    }
    MaskState state = MASK.getOrDefault(word, ANSWERS.get(word));
    return state != null
        ? Meaning.of(FaceLabel.UNKNOWN.withMask(Optional.of(state)))
        : otherwise(word);
  }

  private Meaning gender(String text) {
    String word = normal(text);
    Meaning mine = own.get(new Word("gender", word));
    if (mine != null) {
      return mine;
    }
    Gender gender = GENDER.get(word);
    return gender != null
        ? Meaning.of(FaceLabel.UNKNOWN.withGender(Optional.of(gender)))
        : otherwise(word);
  }

  private static Meaning otherwise(String word) {
    if (UNKNOWN.contains(word)) {
      return Meaning.NOTHING;
    }
    return AgeText.number(AgeText.code(word), 999).isPresent()
        ? Meaning.none(Kind.CODE)
        : Meaning.NO_WORD;
  }

  /** Returns what a class's number means. */
  Meaning classNumber(String text) {
    String word = normal(text);
    Meaning mine = own.get(new Word("class", word));
    if (mine != null) {
      return mine;
    }
    OptionalInt id = AgeText.number(AgeText.code(text), FaceClass.COUNT - 1);
    if (id.isPresent()) {
      return Meaning.of(FaceLabel.ofId(id.getAsInt()));
    }
    return UNKNOWN.contains(word) ? Meaning.NOTHING : Meaning.NO_WORD;
  }

  /** Returns what an age, a range of years or the name of an age group means. */
  private Meaning age(String text) {
    if (!own.isEmpty()) {
      Meaning mine = own.get(new Word("age", normal(text)));
      if (mine != null) {
        return mine;
      }
    }
    OptionalInt years = AgeText.decimalYears(text);
    if (years.isPresent()) {
      AgeGroup group = AgeGroup.ofYears(years.getAsInt());
      return new Meaning(Kind.KNOWN, FaceLabel.UNKNOWN.withAge(Optional.of(group)), years);
    }
    if (UNKNOWN.contains(normal(text))) {
      return Meaning.NOTHING;
    }
    int[] range = AgeText.range(text);
    if (range == null || range[0] > range[1] || range[1] > 150) {
      return Meaning.NO_WORD;
    }
    AgeGroup group = AgeGroup.ofYears(range[0]);
    if (group != AgeGroup.ofYears(range[1])) {
      return Meaning.none(Kind.ACROSS);
    }
    return new Meaning(
        Kind.KNOWN,
        FaceLabel.UNKNOWN.withAge(Optional.of(group)),
        range[0] == range[1] ? OptionalInt.of(range[0]) : OptionalInt.empty());
  }

  /**
   * Returns what a word means that names its attribute itself, such as the name of a folder: a word
   * of a mask state, a gender or a range of years. A plain number is none.
   */
  Meaning ofAny(String text) {
    String word = normal(text);
    Meaning found = Meaning.NO_WORD;
    for (Attribute attribute : Attribute.values()) {
      Meaning mine = own.get(new Word(attribute.word(), word));
      if (mine != null) {
        return mine;
      }
    }
    Meaning ofClass = own.get(new Word("class", word));
    if (ofClass != null) {
      return ofClass;
    }
    if (MASK.containsKey(word)) {
      found = mask(text);
    } else if (GENDER.containsKey(word)) {
      found = gender(text);
    } else if (NAMED_UNKNOWN.contains(word)) {
      found = Meaning.NOTHING;
    } else if (AgeText.decimalYears(text).isEmpty()) {
      found = age(text).withoutYears();
    }
    return found;
  }

  static Optional<Gender> genderOf(String text) {
    return STANDARD.gender(text).label().gender();
  }

  static Optional<MaskState> maskOf(String text) {
    return STANDARD.mask(text).label().mask();
  }

  static Optional<AgeGroup> ageGroupOf(String text) {
    Meaning meaning = STANDARD.age(text);
    return meaning.years().isPresent() ? Optional.empty() : meaning.label().age();
  }

  /** Returns an age from 0 to 150; decimals are cut off. */
  static OptionalInt yearsOf(String text) {
    return AgeText.decimalYears(text);
  }

  /** Returns a word without what does not count: case, blanks, hyphens and underscores. */
  static String normal(String text) {
    StringBuilder word = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char character = text.charAt(i);
      if (character != '-'
          && character != '_'
          && character != '\u00A0'
          && character != '\uFEFF'
          && !Character.isWhitespace(character)) {
        word.append(Character.toLowerCase(character));
      }
    }
    return word.toString();
  }

  /** Returns what two labels say together, or null if they disagree on an attribute. */
  static FaceLabel both(FaceLabel one, FaceLabel other) {
    return BOTH[FaceLabel.COUNT * one.id() + other.id()];
  }

  /** Returns a label whose unknown attributes are taken from another. */
  static FaceLabel filled(FaceLabel label, FaceLabel assumed) {
    return FaceLabel.of(
        label.mask().or(assumed::mask),
        label.gender().or(assumed::gender),
        label.age().or(assumed::age));
  }

  /** Returns a label with another value of an attribute, told by a word. */
  static FaceLabel assumed(FaceLabel label, Attribute attribute, String word) {
    Meaning meaning = STANDARD.of(attribute, word);
    check(meaning.kind() == Kind.KNOWN, "assumed", word, expected(attribute));
    return filled(meaning.label(), label);
  }

  private static FaceLabel[] both() {
    FaceLabel[] all = new FaceLabel[FaceLabel.COUNT * FaceLabel.COUNT];
    for (FaceLabel one : FaceLabel.values()) {
      for (FaceLabel other : FaceLabel.values()) {
        boolean agree =
            Arrays.stream(Attribute.values())
                .allMatch(
                    a ->
                        one.value(a).isEmpty()
                            || other.value(a).isEmpty()
                            || one.value(a).equals(other.value(a)));
        if (agree) {
          all[FaceLabel.COUNT * one.id() + other.id()] = filled(one, other);
        }
      }
    }
    return all;
  }

  private static <T> Map<String, T> table(T value, String... words) {
    Map<String, T> table = new HashMap<>();
    for (String word : words) {
      table.put(normal(word), value);
    }
    return table;
  }
}
