package io.github.facemask.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * Finds the option that a message is about. Messages come from classes that know nothing of the
 * command line: they begin with a path or tell a value ("size is -3, expected ..."), and the option
 * that was given this path or value is the one to change.
 */
final class OptionAtFault {

  /** A value that is wrong: "size is -3,", "kept epochs are 0,", "device is 'tpu',". */
  private static final Pattern VALUE =
      Pattern.compile("^(?<what>[^:]{0,60}?) (?:is|are) '?(?<value>[^\\s',;]+)'?(?=[\\s,;]|$)");

  private static final Pattern QUOTED = Pattern.compile("'([^']+)'");
  private static final Pattern COMMAND = Pattern.compile("'mask [^']*'");
  private static final int SHORT = 3;

  private OptionAtFault() {}

  /** Returns the message with the option in front, unless none or many fit or it names one. */
  static String named(String message, CommandLine line) {
    ParseResult parsed = line.getParseResult();
    if (parsed == null || namesOne(message, line)) {
      return message;
    }
    List<OptionSpec> fitting = byPath(message, parsed);
    if (fitting.isEmpty()) {
      fitting = byValue(message, parsed);
    }
    if (fitting.isEmpty()) {
      fitting = byQuote(message, parsed);
    }
    return fitting.isEmpty()
        ? message
        : fitting.stream().map(OptionSpec::longestName).collect(Collectors.joining(" or "))
            + ": "
            + message;
  }

  /** Whether the message itself says which option; one of another command to run does not. */
  private static boolean namesOne(String whole, CommandLine line) {
    String message = COMMAND.matcher(whole).replaceAll("");
    return line.getCommandSpec().options().stream()
        .anyMatch(
            o ->
                Pattern.compile("(^|[\\s'(])" + Pattern.quote(o.longestName()) + "(?![\\w-])")
                    .matcher(message)
                    .find());
  }

  /** The options whose file or folder the message begins with; the longest of several. */
  private static List<OptionSpec> byPath(String message, ParseResult parsed) {
    Set<OptionSpec> best = new LinkedHashSet<>();
    int longest = 1;
    for (OptionSpec option : parsed.matchedOptions()) {
      for (String value : option.stringValues()) {
        int length = Math.max(startsWith(message, value), startsWith(message, absolute(value)));
        if (length > longest) {
          longest = length;
          best.clear();
        }
        if (length == longest) {
          best.add(option);
        }
      }
    }
    return List.copyOf(best);
  }

  /** How many letters of a message are a path, 0 if it does not begin with it. */
  private static int startsWith(String message, String path) {
    boolean there =
        !path.isEmpty()
            && message.startsWith(path)
            && message.length() > path.length()
            && ":/\\ ".indexOf(message.charAt(path.length())) >= 0;
    return there ? path.length() : 0;
  }

  private static String absolute(String path) {
    try {
      return Path.of(path).toAbsolutePath().normalize().toString();
    } catch (InvalidPathException e) {
      return "";
    }
  }

  /** The options with the value; of several, those whose names share a word with the message. */
  private static List<OptionSpec> byValue(String message, ParseResult parsed) {
    Matcher told = VALUE.matcher(message);
    if (!told.find()) {
      return List.of();
    }
    List<OptionSpec> all = new ArrayList<>();
    for (OptionSpec option : parsed.matchedOptions()) {
      if (option.stringValues().stream().anyMatch(v -> same(v, told.group("value")))) {
        all.add(option);
      }
    }
    List<OptionSpec> like = all.stream().filter(o -> alike(o, told.group("what"))).toList();
    return like.isEmpty() ? all : like;
  }

  /** The options with the word that the message puts into quotes: "no backbone 'resnet19'". */
  private static List<OptionSpec> byQuote(String message, ParseResult parsed) {
    Matcher quoted = QUOTED.matcher(message);
    if (!quoted.find()) {
      return List.of();
    }
    return parsed.matchedOptions().stream()
        .filter(o -> o.stringValues().contains(quoted.group(1)))
        .toList();
  }

  private static boolean same(String typed, String told) {
    if (typed.equals(told)) {
      return true;
    }
    try {
      return Double.parseDouble(typed) == Double.parseDouble(told);
    } catch (NumberFormatException e) {
      return false;
    }
  }

  /** Whether a word of the option's name begins as one of the message does. */
  private static boolean alike(OptionSpec option, String what) {
    String words = " " + what.toLowerCase(Locale.ROOT);
    for (String word : option.longestName().substring(2).split("-", -1)) {
      if (words.contains(" " + word.substring(0, Math.min(SHORT, word.length())))) {
        return true;
      }
    }
    return false;
  }
}
