package io.github.facemask.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.facemask.cli.options.AugmentOption;
import io.github.facemask.cli.options.YamlFile;
import io.github.facemask.cli.train.TrainCommand;
import io.github.facemask.internal.files.WholeFile;
import io.github.facemask.problem.InvalidFileException;
import io.github.facemask.problem.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * The plan of an ablation.
 *
 * @param text the plan as it was written
 * @param people the number of synthetic people if there are no photos
 * @param validShare the share of people for validation
 * @param splitSeed the seed of the split
 * @param seeds the seeds of each switch
 * @param base options of {@code mask train} for all
 * @param judge options of the photos that judge the runs, as {@code mask evaluate} has them; empty
 *     for the validation side of the split
 * @param switches the options that each switch adds, by name; the first switch is the baseline
 */
record AblationPlan(
    String text,
    int people,
    double validShare,
    long splitSeed,
    List<Long> seeds,
    Map<String, List<String>> base,
    Map<String, List<String>> judge,
    Map<String, Map<String, List<String>>> switches) {

  private static final List<String> KEYS =
      List.of("people", "validShare", "splitSeed", "seeds", "base", "judge", "switches");

  /** The smallest number of people. */
  private static final int LEAST_PEOPLE = 36;

  /** Reads a plan; without a file, the built-in small plan. */
  static AblationPlan read(Path file) throws IOException {
    String text;
    if (file == null) {
      try (InputStream in = AblationPlan.class.getResourceAsStream("ablation.yaml")) {
        text = new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
      }
    } else {
      text = WholeFile.readText(file);
    }
    JsonNode yaml = YamlFile.parse(file, text);
    for (Map.Entry<String, JsonNode> entry : yaml.properties()) {
      if (!KEYS.contains(entry.getKey())) {
        throw InvalidFileException.of(file, "has '" + entry.getKey() + "'", "one of " + KEYS);
      }
    }
    int people = yaml.path("people").asInt(120);
    if (people < LEAST_PEOPLE) {
      throw InvalidFileException.of(
          file,
          "people is " + yaml.path("people").asText(),
          LEAST_PEOPLE + " or more: six of each gender and age group");
    }
    List<Long> seeds = new ArrayList<>();
    for (JsonNode seed : yaml.path("seeds")) {
      if (!seed.isIntegralNumber()) {
        throw InvalidFileException.of(file, "a seed is '" + seed.asText() + "'", "whole numbers");
      }
      if (seeds.contains(seed.asLong())) {
        throw InvalidFileException.of(file, "has the seed " + seed + " twice", "each seed once");
      }
      seeds.add(seed.asLong());
    }
    Map<String, Map<String, List<String>>> switches = new LinkedHashMap<>();
    yaml.path("switches")
        .properties()
        .forEach(
            entry ->
                switches.put(
                    entry.getKey(),
                    options(file, "/switches/" + escaped(entry.getKey()), entry.getValue())));
    if (seeds.isEmpty() || switches.isEmpty()) {
      throw InvalidFileException.of(
          file, "has no seeds or no switches", "'seeds: [1, 2]' and 'switches:' by name");
    }
    Map<String, List<String>> base = options(file, "/base", yaml.path("base"));
    for (Map.Entry<String, Map<String, List<String>>> each : switches.entrySet()) {
      check(file, each.getKey(), base, each.getValue());
    }
    return new AblationPlan(
        text,
        people,
        yaml.path("validShare").asDouble(0.3),
        yaml.path("splitSeed").asLong(7),
        seeds,
        base,
        options(file, "/judge", yaml.path("judge")),
        switches);
  }

  /** Refuses unknown training options before any work starts. */
  private static void check(
      Path file, String name, Map<String, List<String>> base, Map<String, List<String>> own)
      throws IOException {
    List<String> words = new ArrayList<>(words(base, own));
    if (!base.containsKey("data")) {
      words.add("--data=photos");
    }
    TrainCommand train = new TrainCommand();
    try {
      new CommandLine(train)
          .setCaseInsensitiveEnumValuesAllowed(true)
          .parseArgs(words.toArray(String[]::new));
      train.checkAugmentation();
    } catch (ParameterException | IllegalArgumentException e) {
      throw new InvalidFileException(
          file, Problem.saying("the switch '" + name + "': " + e.getMessage()), e);
    }
  }

  /** Returns the common options with those of a switch on top, as words of a command line. */
  static List<String> words(Map<String, List<String>> base, Map<String, List<String>> own) {
    Map<String, List<String>> all = new LinkedHashMap<>(base);
    all.putAll(own);
    List<String> words = new ArrayList<>();
    all.forEach(
        (key, values) ->
            values.forEach(
                value -> words.add("--" + key + (value.equals("true") ? "" : "=" + value))));
    return words;
  }

  /** Returns options with their values; a list repeats an option, except the list of transforms. */
  private static Map<String, List<String>> options(Path file, String at, JsonNode json) {
    Map<String, List<String>> options = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : json.properties()) {
      JsonNode value = entry.getValue();
      if (entry.getKey().equals(AugmentOption.NAME) && value.isContainerNode()) {
        String place = AugmentOption.place(String.valueOf(file), at + "/" + AugmentOption.NAME);
        options.put(entry.getKey(), List.of(place));
      } else {
        List<String> values = new ArrayList<>();
        Iterable<JsonNode> each = value.isArray() ? value : List.of(value);
        each.forEach(node -> values.add(node.asText()));
        options.put(entry.getKey(), List.copyOf(values));
      }
    }
    return options;
  }

  /** A name as a part of a JSON pointer. */
  private static String escaped(String name) {
    return name.replace("~", "~0").replace("/", "~1");
  }
}
