package io.github.facemask.dataset;

import static io.github.facemask.problem.InvalidArgumentException.check;

import com.google.common.collect.ImmutableMap;
import io.github.facemask.dataset.LabelWords.Meaning;
import io.github.facemask.dataset.TableHeader.Role;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Labels in the names of files, for instance {@code {age}_{gender}_*}. A field is mask, gender,
 * age, class or person, and may say what its numbers mean: {@code {gender(0=male)}}. A star is any
 * text. A pattern with a slash is about the path below the folder that is read. Immutable.
 */
final class FileNamePattern {

  /** The patterns of well-known sets, by name. */
  private static final ImmutableMap<String, String> PRESETS =
      ImmutableMap.of("utkface", "{age}_{gender(0=male,1=female)}_*");

  private static final Pattern PIECE =
      Pattern.compile("\\{(?<field>[a-z]+)(?:\\((?<codes>[^){}]*)\\))?\\}|(?<star>\\*)|[^{}*]");

  private final String text;
  private final Pattern regex;
  private final ImmutableMap<Role, ImmutableMap<String, Meaning>> fields;
  private final boolean ofPath;

  private FileNamePattern(
      String text, Pattern regex, ImmutableMap<Role, ImmutableMap<String, Meaning>> fields) {
    this.text = text;
    this.regex = regex;
    this.fields = fields;
    this.ofPath = text.indexOf('/') >= 0;
  }

  /**
   * Returns a pattern.
   *
   * @param name the pattern or the name of a well-known one
   * @param words the words of the labels
   * @throws IllegalArgumentException if it is none
   */
  static FileNamePattern of(String name, LabelWords words) {
    String text = PRESETS.getOrDefault(LabelWords.normal(name), name);
    Map<Role, ImmutableMap<String, Meaning>> fields = new LinkedHashMap<>();
    StringBuilder regex = new StringBuilder();
    Matcher piece = PIECE.matcher(text);
    int end = 0;
    while (piece.find()) {
      expect(piece.start() == end, name);
      end = piece.end();
      String field = piece.group("field");
      if (field != null) {
        Optional<Role> role = role(field);
        expect(role.isPresent() && !fields.containsKey(role.get()), name);
        String codes = piece.group("codes");
        fields.put(
            role.get(),
            codes == null ? ImmutableMap.of() : TableHeader.codes(role.get(), codes, words));
        // A field ends where the next character of the pattern begins, which must be told.
        String next = end < text.length() ? text.substring(end, end + 1) : "";
        expect(!next.equals("{") && !next.equals("*"), name);
        regex.append("(?<").append(field).append(">[^/").append(Pattern.quote(next)).append("]+)");
      } else {
        regex.append(piece.group("star") != null ? ".*" : Pattern.quote(piece.group()));
      }
    }
    expect(end == text.length() && !fields.isEmpty(), name);
    return new FileNamePattern(
        text, Pattern.compile(regex.toString()), ImmutableMap.copyOf(fields));
  }

  private static void expect(boolean holds, String name) {
    check(
        holds,
        "filePattern",
        name,
        "utkface, or a text with {age}, {gender}, {mask}, {class} or {person}, each at most once"
            + " and with a character after it, and * for any text");
  }

  private static Optional<Role> role(String field) {
    return switch (field) {
      case "person" -> Optional.of(Role.PERSON);
      case "mask" -> Optional.of(Role.MASK);
      case "gender" -> Optional.of(Role.GENDER);
      case "age" -> Optional.of(Role.AGE);
      case "class" -> Optional.of(Role.CLASS);
      default -> Optional.empty();
    };
  }

  /** Returns whether the pattern is about the path, so that it names the folders too. */
  boolean isOfPath() {
    return ofPath;
  }

  /**
   * Returns the fields of a name with their texts; empty if the name does not fit.
   *
   * @param path the path below the folder that is read, with slashes
   */
  Optional<Map<Role, String>> fields(String path) {
    String name = ofPath ? path : path.substring(path.lastIndexOf('/') + 1);
    int dot = name.lastIndexOf('.');
    Matcher matcher = regex.matcher(dot > 0 ? name.substring(0, dot) : name);
    if (!matcher.matches()) {
      matcher = regex.matcher(name);
      if (!matcher.matches()) {
        return Optional.empty();
      }
    }
    Map<Role, String> found = new LinkedHashMap<>();
    for (Role role : fields.keySet()) {
      found.put(role, matcher.group(role.name().toLowerCase(Locale.ROOT)));
    }
    return Optional.of(found);
  }

  /** Returns what a field's text means. */
  Meaning meaning(Role role, String field, LabelWords words) {
    Meaning code = fields.get(role).get(AgeText.code(field));
    if (code != null) {
      return code;
    }
    return role.attribute().isPresent()
        ? words.of(role.attribute().get(), field)
        : words.classNumber(field);
  }

  @Override
  public String toString() {
    return text;
  }
}
