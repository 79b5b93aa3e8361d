package io.github.facemask.dataset;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableMap;
import io.github.facemask.dataset.LabelWords.Meaning;
import io.github.facemask.label.Attribute;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The columns of a table of photos, by any of their common names. In names, upper and lower case
 * are the same, and blanks, hyphens and underscores do not count. A name may say what the numbers
 * in its column mean: {@code gender(0=male,1=female)}.
 */
final class TableHeader {

  /** What a column holds. */
  enum Role {
    PATH("path"),
    PERSON("person"),
    MASK("mask"),
    GENDER("gender"),
    AGE("age"),
    CLASS("class"),
    PART("split");

    private final String name;

    Role(String name) {
      this.name = name;
    }

    /** Returns the name that this role has in documents. */
    String word() {
      return name;
    }

    /** Returns the attribute whose words the column holds; empty for others. */
    Optional<Attribute> attribute() {
      return switch (this) {
        case MASK -> Optional.of(Attribute.MASK);
        case GENDER -> Optional.of(Attribute.GENDER);
        case AGE -> Optional.of(Attribute.AGE);
        default -> Optional.empty();
      };
    }
  }

  /**
   * A column.
   *
   * @param index its index, from 0
   * @param name its name in the table
   * @param role what it holds
   * @param groups whether it holds groups of ages, where a small number is no age
   * @param codes what its numbers mean, if the name says so
   */
  record Column(
      int index, String name, Role role, boolean groups, ImmutableMap<String, Meaning> codes) {}

  private static final ImmutableMap<String, Role> NAMES =
      ImmutableMap.<String, Role>builder()
          .putAll(
              names(
                  Role.PATH,
                  "path file filename filepath fullpath relativepath image imagefile imagefilename"
                      + " imagename imagepath imageid img imgfile imgname imgpath photo photofile"
                      + " photoname photopath picture"))
          .putAll(
              names(
                  Role.PERSON,
                  "person personid id identity identityid subject subjectid individual"
                      + " individualid"))
          .putAll(names(Role.MASK, "mask maskstate maskstatus masklabel maskclass facemask"))
          .putAll(names(Role.GENDER, "gender sex genderlabel sexlabel genderclass 성별"))
          .putAll(
              names(
                  Role.AGE,
                  "age ages years ageyears ageinyears agegroup agerange agebucket agebin agelabel"
                      + " ageclass 나이 연령 연령대"))
          .putAll(names(Role.CLASS, "class label classid classlabel classname labelid target"))
          .putAll(names(Role.PART, "split part partition subset"))
          .buildOrThrow();

  private static final ImmutableMap<String, Boolean> GROUPS =
      ImmutableMap.of(
          "agegroup",
          true,
          "agebucket",
          true,
          "agebin",
          true,
          "ageclass",
          true,
          "agelabel",
          true,
          "agerange",
          true,
          "연령대",
          true);

  /** Columns whose name is a value, and which say whether it holds: the value and the other one. */
  private static final ImmutableMap<String, List<String>> QUESTIONS =
      ImmutableMap.<String, List<String>>builder()
          .put("male", List.of("male", "female"))
          .put("ismale", List.of("male", "female"))
          .put("female", List.of("female", "male"))
          .put("isfemale", List.of("female", "male"))
          .put("withmask", List.of("worn", "not_worn"))
          .put("masked", List.of("worn", "not_worn"))
          .put("ismasked", List.of("worn", "not_worn"))
          .put("hasmask", List.of("worn", "not_worn"))
          .put("wearsmask", List.of("worn", "not_worn"))
          .put("wearingmask", List.of("worn", "not_worn"))
          .put("maskworn", List.of("worn", "not_worn"))
          .buildOrThrow();

  private static final Pattern WITH_CODES =
      Pattern.compile("(?<name>[^(\\[{:]*)[(\\[{:](?<codes>[^)\\]}]*)[)\\]}]?");

  private TableHeader() {}

  /** Returns whether a name is one of a column that means something. */
  static boolean knows(String name) {
    return column(0, name, LabelWords.STANDARD).isPresent();
  }

  /**
   * Returns the columns that mean something.
   *
   * @throws IllegalArgumentException if two columns mean the same
   */
  static Map<Role, Column> columns(List<String> names, LabelWords words) {
    Map<Role, Column> columns = new EnumMap<>(Role.class);
    for (int i = 0; i < names.size(); i++) {
      Optional<Column> column = column(i, names.get(i), words);
      if (column.isPresent()) {
        Column first = columns.putIfAbsent(column.get().role(), column.get());
        if (first != null) {
          throw new IllegalArgumentException(
              "the columns '"
                  + first.name()
                  + "' and '"
                  + column.get().name()
                  + "' mean the same, expected one of them; rename or remove the other");
        }
      }
    }
    return columns;
  }

  private static Optional<Column> column(int index, String name, LabelWords words) {
    Matcher parts = WITH_CODES.matcher(name);
    boolean coded = parts.matches();
    String word = LabelWords.normal(coded ? parts.group("name") : name);
    if (QUESTIONS.containsKey(word)) {
      Role role = word.endsWith("male") ? Role.GENDER : Role.MASK;
      return Optional.of(new Column(index, name, role, false, answers(QUESTIONS.get(word))));
    }
    Role role = NAMES.get(word);
    if (role == null) {
      return Optional.empty();
    }
    ImmutableMap<String, Meaning> codes =
        coded ? codes(role, parts.group("codes"), words) : ImmutableMap.of();
    return Optional.of(new Column(index, name, role, GROUPS.containsKey(word), codes));
  }

  private static ImmutableMap<String, Meaning> answers(List<String> values) {
    Meaning yes = LabelWords.STANDARD.ofAny(values.get(0));
    Meaning no = LabelWords.STANDARD.ofAny(values.get(1));
    return ImmutableMap.<String, Meaning>builder()
        .put("1", yes)
        .put("0", no)
        .put("-1", no)
        .put("true", yes)
        .put("false", no)
        .put("yes", yes)
        .put("no", no)
        .put("y", yes)
        .put("n", no)
        .buildOrThrow();
  }

  /**
   * Returns what numbers mean.
   *
   * @param text pairs of a number and a word in any order, for instance {@code 0=male, 1=female}
   */
  static ImmutableMap<String, Meaning> codes(Role role, String text, LabelWords words) {
    Map<String, Meaning> codes = new HashMap<>();
    for (String pair : Splitter.onPattern("[,;/|]").split(text)) {
      List<String> sides = Splitter.onPattern("[=:]").splitToList(pair);
      if (sides.size() == 2) {
        boolean numberFirst = AgeText.number(sides.get(0), 999).isPresent();
        String number = sides.get(numberFirst ? 0 : 1).strip();
        String word = sides.get(numberFirst ? 1 : 0);
        Meaning meaning =
            role.attribute().map(a -> words.of(a, word)).orElseGet(() -> words.ofAny(word));
        if (AgeText.number(number, 999).isPresent() && meaning.isWord()) {
          codes.put(number, meaning.withoutYears());
        }
      }
    }
    if (role == Role.GENDER && codes.size() == 1) {
      String number = codes.keySet().iterator().next();
      boolean male = codes.get(number).equals(words.of(Attribute.GENDER, "male"));
      if (number.equals("0") || number.equals("1")) {
        codes.put(
            number.equals("0") ? "1" : "0", words.of(Attribute.GENDER, male ? "female" : "male"));
      }
    }
    return ImmutableMap.copyOf(codes);
  }

  private static Map<String, Role> names(Role role, String names) {
    Map<String, Role> all = new HashMap<>();
    Splitter.on(' ').split(names).forEach(name -> all.put(name, role));
    return all;
  }
}
