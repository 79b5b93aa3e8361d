package io.github.facemask.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.facemask.provenance.WholeFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What an ablation trains.
 *
 * @param text the plan as it was written
 * @param people how many people to draw where there are no photos
 * @param validShare the share of people that judges
 * @param splitSeed names the split
 * @param seeds the seeds of each switch
 * @param base options of {@code mask train} for all
 * @param switches the options that each switch adds, by name; the first is what others are compared
 *     with
 */
record AblationPlan(
    String text,
    int people,
    double validShare,
    long splitSeed,
    List<Long> seeds,
    Map<String, String> base,
    Map<String, Map<String, String>> switches) {

  /** Reads a plan, or the small one where no file is named. */
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
    List<Long> seeds = new ArrayList<>();
    yaml.path("seeds").forEach(seed -> seeds.add(seed.asLong()));
    Map<String, Map<String, String>> switches = new LinkedHashMap<>();
    yaml.path("switches")
        .properties()
        .forEach(entry -> switches.put(entry.getKey(), options(entry.getValue())));
    if (seeds.isEmpty() || switches.isEmpty()) {
      throw new IOException(
          file + ": has no seeds or no switches, expected 'seeds: [1, 2]' and 'switches:' by name");
    }
    return new AblationPlan(
        text,
        yaml.path("people").asInt(120),
        yaml.path("validShare").asDouble(0.3),
        yaml.path("splitSeed").asLong(7),
        seeds,
        options(yaml.path("base")),
        switches);
  }

  private static Map<String, String> options(JsonNode json) {
    Map<String, String> options = new LinkedHashMap<>();
    json.properties().forEach(e -> options.put(e.getKey(), e.getValue().asText()));
    return options;
  }
}
