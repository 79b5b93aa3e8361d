package io.github.facemask.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.facemask.cli.options.AugmentOption;
import io.github.facemask.cli.options.ValueConverters;
import io.github.facemask.cli.options.YamlFile;
import io.github.facemask.cli.train.TrainCommand;
import io.github.facemask.internal.files.WholeFile;
import io.github.facemask.problem.InvalidArgumentException;
import io.github.facemask.problem.Problem;
import io.github.facemask.search.Search.Choice;
import io.github.facemask.search.Search.Halving;
import io.github.facemask.search.Search.Method;
import io.github.facemask.search.Search.Plan;
import io.github.facemask.search.Search.Range;
import io.github.facemask.search.Search.Values;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/** Reads the plan of a search, and turns its trials into options of {@code mask train}. */
final class SearchPlan {

  private static final ImmutableList<String> KEYS =
      ImmutableList.of("space", "method", "trials", "seed", "halving", "base");
  private static final ImmutableList<String> HALVING =
      ImmutableList.of("epochs", "keep", "eta", "min-epochs", "max-epochs");

  /** The search itself says where runs go. */
  private static final ImmutableList<String> RESERVED =
      ImmutableList.of("runs", "name", "config", "help", "version", "debug");

  private final JsonNode yaml;
  private final YamlLines lines;

  private SearchPlan(JsonNode yaml, YamlLines lines) {
    this.yaml = yaml;
    this.lines = lines;
  }

  /**
   * Reads a plan.
   *
   * @param file the file
   * @param data photos of the command line; empty for those of the plan
   * @throws IOException if it is malformed; the message has the line
   */
  static Plan read(Path file, List<String> data) throws IOException {
    String text = WholeFile.readText(file);
    YamlLines lines = YamlLines.of(file, text);
    return new SearchPlan(YamlFile.parse(file, text), lines).plan(data);
  }

  private Plan plan(List<String> data) throws IOException {
    if (!yaml.isObject()) {
      throw lines.at("", Problem.saying("is no plan").withExpected("'space:' with options"));
    }
    checkKeys("", KEYS);
    ImmutableMap<String, Choice> space = space();
    ImmutableMap<String, ImmutableList<String>> base = base(data);
    Optional<Halving> halving = halving();
    if (halving.isPresent()) {
      for (String from : new String[] {"/space/epochs", "/base/epochs"}) {
        if (!yaml.at(from).isMissingNode()) {
          throw lines.at(
              from, Problem.saying("has epochs").withExpected("the epochs of 'halving:' alone"));
        }
      }
    }
    if (!base.containsKey("data")) {
      throw lines.at(
          "", Problem.saying("names no photos").withRemedy("add 'base: {data: photos}' or --data"));
    }
    Method method = method();
    OptionalInt trials =
        yaml.has("trials") ? OptionalInt.of(whole("/trials", 1)) : OptionalInt.empty();
    if (method == Method.RANDOM && trials.isEmpty()) {
      throw lines.at("", Problem.saying("has no 'trials'").withExpected("their number"));
    }
    try {
      return new Plan(space, base, method, trials, seed(), halving);
    } catch (InvalidArgumentException e) {
      String what = e.problem().what();
      String path =
          space.containsKey(what)
              ? "/space/" + what
              : what.equals("option") ? "/space/" + e.problem().value() : "/" + what;
      throw lines.at(path, e.problem());
    }
  }

  private void checkKeys(String path, List<String> known) throws IOException {
    JsonNode node = path.isEmpty() ? yaml : yaml.at(path);
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      if (!known.contains(entry.getKey())) {
        throw lines.at(
            path + "/" + entry.getKey(),
            Problem.saying("has '" + entry.getKey() + "'")
                .withExpected("one of " + String.join(", ", known)));
      }
    }
  }

  private Method method() throws IOException {
    String word = yaml.path("method").asText(yaml.has("trials") ? "random" : "grid");
    if (!Set.of("grid", "random").contains(word.toLowerCase(Locale.ROOT))) {
      throw lines.at("/method", Problem.of("method", word, "grid or random"));
    }
    return Method.valueOf(word.toUpperCase(Locale.ROOT));
  }

  private long seed() throws IOException {
    if (yaml.has("seed") && !yaml.get("seed").isIntegralNumber()) {
      throw lines.at("/seed", Problem.of("seed", yaml.get("seed").asText(), "a whole number"));
    }
    return yaml.path("seed").asLong(7);
  }

  private int whole(String path, int least) throws IOException {
    JsonNode node = yaml.at(path);
    if (!node.isInt() || node.asInt() < least) {
      throw lines.at(
          path,
          Problem.of(
              path.substring(path.lastIndexOf('/') + 1),
              node.isValueNode() ? node.asText() : node,
              "a whole number of " + least + " or more"));
    }
    return node.asInt();
  }

  private ImmutableMap<String, Choice> space() throws IOException {
    JsonNode node = yaml.path("space");
    if (!node.isObject() || node.isEmpty()) {
      throw lines.at(
          "/space",
          Problem.saying("has no 'space'").withExpected("options with lists or ranges of values"));
    }
    ImmutableMap.Builder<String, Choice> space = ImmutableMap.builder();
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      String path = "/space/" + entry.getKey();
      OptionSpec option = option(path, entry.getKey());
      if (entry.getKey().equals("best-by")) {
        throw lines.at(
            path,
            Problem.saying("varies 'best-by', so scores cannot be compared")
                .withExpected("it under 'base:'"));
      }
      space.put(entry.getKey(), choice(path, option, entry.getValue()));
    }
    return space.buildOrThrow();
  }

  private Choice choice(String path, OptionSpec option, JsonNode node) throws IOException {
    if (node.isArray() && !node.isEmpty()) {
      Set<String> values = new LinkedHashSet<>();
      for (int i = 0; i < node.size(); i++) {
        String at = path + "/" + i;
        String value = value(at, node.get(i));
        checkValue(at, option, value);
        if (!values.add(value)) {
          throw lines.at(
              at, Problem.saying("has " + value + " again").withExpected("each value once"));
        }
      }
      return new Values(ImmutableList.copyOf(values));
    }
    Optional<PlanText.Interval> range = PlanText.interval(lines.text(path));
    if (!node.isTextual() || range.isEmpty()) {
      throw lines.at(
          path,
          Problem.of(
              option.longestName().substring(2),
              node.isValueNode() ? lines.text(path) : node,
              "a list as [a, b], or a range as 1e-4..1e-2 log"));
    }
    checkValue(path, option, range.get().from());
    checkValue(path, option, range.get().to());
    try {
      return new Range(
          Double.parseDouble(range.get().from()),
          Double.parseDouble(range.get().to()),
          range.get().log(),
          range.get().whole() && !Set.of(double.class, Double.class).contains(option.type()));
    } catch (InvalidArgumentException e) {
      throw lines.at(path, e.problem());
    }
  }

  private String value(String path, JsonNode node) throws IOException {
    if (!node.isValueNode() || node.isNull()) {
      throw lines.at(
          path, Problem.saying("has the value " + node).withExpected("words or numbers"));
    }
    return lines.text(path);
  }

  private ImmutableMap<String, ImmutableList<String>> base(List<String> data) throws IOException {
    ImmutableMap.Builder<String, ImmutableList<String>> base = ImmutableMap.builder();
    JsonNode node = yaml.path("base");
    if (yaml.has("base") && !node.isObject()) {
      throw lines.at("/base", Problem.saying("has a 'base'").withExpected("options with values"));
    }
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      String path = "/base/" + entry.getKey();
      OptionSpec option = option(path, entry.getKey());
      if (entry.getKey().equals("data") && !data.isEmpty()) {
        continue;
      }
      ImmutableList.Builder<String> values = ImmutableList.builder();
      if (entry.getValue().isArray()) {
        for (int i = 0; i < entry.getValue().size(); i++) {
          values.add(value(path + "/" + i, entry.getValue().get(i)));
        }
      } else {
        values.add(value(path, entry.getValue()));
      }
      for (String value : values.build()) {
        checkValue(path, option, value);
      }
      base.put(entry.getKey(), values.build());
    }
    if (!data.isEmpty()) {
      base.put("data", ImmutableList.copyOf(data));
    }
    return base.buildOrThrow();
  }

  private Optional<Halving> halving() throws IOException {
    if (!yaml.has("halving")) {
      return Optional.empty();
    }
    checkKeys("/halving", HALVING);
    JsonNode node = yaml.get("halving");
    try {
      if (node.has("epochs")) {
        for (String other : HALVING.subList(2, HALVING.size())) {
          if (node.has(other)) {
            throw lines.at(
                "/halving/" + other,
                Problem.saying("has '" + other + "' and 'epochs'").withExpected("one of them"));
          }
        }
        ImmutableList.Builder<Integer> epochs = ImmutableList.builder();
        for (int i = 0; i < node.get("epochs").size(); i++) {
          epochs.add(whole("/halving/epochs/" + i, 1));
        }
        return Optional.of(new Halving(epochs.build(), keep(node.path("keep"))));
      }
      return Optional.of(
          Halving.of(
              whole("/halving/min-epochs", 1),
              whole("/halving/max-epochs", 1),
              node.has("eta") ? whole("/halving/eta", 2) : 2));
    } catch (InvalidArgumentException e) {
      String key =
          switch (e.problem().what()) {
            case "minEpochs" -> "min-epochs";
            case "maxEpochs" -> "max-epochs";
            default -> e.problem().what();
          };
      throw lines.at("/halving/" + key, e.problem());
    }
  }

  private double keep(JsonNode node) throws IOException {
    OptionalDouble share = PlanText.share(node.asText());
    if (node.isMissingNode()) {
      return 0.5;
    }
    if (!node.isNumber() && share.isEmpty()) {
      throw lines.at("/halving/keep", Problem.of("keep", node.asText(), "a share as 1/2 or 0.5"));
    }
    return share.orElse(node.asDouble());
  }

  /** Returns an option of {@code mask train}. */
  private OptionSpec option(String path, String name) throws IOException {
    OptionSpec option = train().getCommandSpec().findOption("--" + name);
    if (option == null || option.hidden() || RESERVED.contains(name)) {
      throw lines.at(
          path, Problem.saying("has '" + name + "'").withExpected("an option of 'mask train'"));
    }
    return option;
  }

  /** Refuses a value that the option does not take. */
  private void checkValue(String path, OptionSpec option, String value) throws IOException {
    if (option.typeInfo().isBoolean()) {
      if (!Set.of("true", "false").contains(value)) {
        throw lines.at(path, Problem.of(option.longestName().substring(2), value, "true or false"));
      }
      return;
    }
    List<String> words = new ArrayList<>(List.of(option.longestName() + "=" + value));
    if (!option.longestName().equals("--data")) {
      words.add("--data=photos");
    }
    try {
      train().parseArgs(words.toArray(String[]::new));
      if (option.longestName().equals("--" + AugmentOption.NAME)) {
        AugmentOption.read(value);
      }
    } catch (ParameterException | IllegalArgumentException | IOException e) {
      throw lines.at(path, Problem.saying("has a wrong value: " + e.getMessage()));
    }
  }

  private static CommandLine train() {
    CommandLine line = new CommandLine(new TrainCommand());
    ValueConverters.register(line);
    return line.setCaseInsensitiveEnumValuesAllowed(true);
  }

  /** Returns a trial as words of {@code mask train}, without the folder of its runs. */
  static List<String> words(Plan plan, Map<String, String> values, OptionalInt epochs) {
    List<String> words = new ArrayList<>(List.of("train"));
    plan.fixed().forEach((name, all) -> all.forEach(value -> add(words, name, value)));
    values.forEach((name, value) -> add(words, name, value));
    epochs.ifPresent(number -> add(words, "epochs", Integer.toString(number)));
    return words;
  }

  private static void add(List<String> words, String name, String value) {
    OptionSpec option = train().getCommandSpec().findOption("--" + name);
    if (option != null && option.typeInfo().isBoolean() && option.arity().max() == 0) {
      if (value.equals("true")) {
        words.add("--" + name);
      }
    } else {
      words.add("--" + name + "=" + value);
    }
  }
}
