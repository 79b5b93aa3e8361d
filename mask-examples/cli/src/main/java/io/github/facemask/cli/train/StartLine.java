package io.github.facemask.cli.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Streams;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What a run's weights started from, in words; from the run's record. */
public final class StartLine {

  private static final int NAMED = 3;

  private StartLine() {}

  /**
   * Returns one line.
   *
   * @param start the record's {@code startedFrom}
   */
  public static String of(JsonNode start) {
    if (start.path("source").asText("random").equals("random")) {
      return "starts from random weights";
    }
    return "starts from " + String.join("; ", facts(start).values());
  }

  /** Returns the facts by name, in their order. */
  public static Map<String, String> facts(JsonNode start) {
    ImmutableMap.Builder<String, String> facts = ImmutableMap.builder();
    String file = start.path("file").asText();
    if (start.has("name")) {
      facts.put(
          "Published weights",
          start.path("name").asText() + " (licence " + start.path("licence").asText() + ")");
    }
    facts.put("File", file + ", SHA-256 " + head(start.path("sha256").asText()));
    facts.put("Read as", reading(start));
    facts.put("Taken", taken(start));
    List<String> rest = new ArrayList<>();
    add(rest, start, "reshaped", "reshaped");
    add(rest, start, "dropped", "left out");
    add(rest, start, "filled", "new");
    start.path("notes").forEach(note -> rest.add(note.asText()));
    if (!rest.isEmpty()) {
      facts.put("Not as in the file", String.join(", ", rest));
    }
    return facts.buildOrThrow();
  }

  private static String head(String digest) {
    return digest.substring(0, Math.min(12, digest.length()));
  }

  private static String reading(JsonNode start) {
    StringBuilder text = new StringBuilder("layout of " + start.path("layout").asText());
    if (!start.path("dictionary").asText().isEmpty()) {
      text.append(" under ").append(start.path("dictionary").asText());
    }
    if (!start.path("prefix").asText().isEmpty()) {
      text.append(", prefix ").append(start.path("prefix").asText()).append(" taken off");
    }
    return text.toString();
  }

  private static String taken(JsonNode start) {
    return String.format(
        Locale.ROOT,
        "%d of %d tensors, %.2f of %.2f million numbers of the backbone",
        start.at("/tensors/matched").asInt(),
        start.at("/tensors/of").asInt(),
        start.at("/numbers/matched").asLong() / 1e6,
        start.at("/numbers/of").asLong() / 1e6);
  }

  private static void add(List<String> rest, JsonNode start, String what, String word) {
    JsonNode tensors = start.path(what);
    if (!tensors.isEmpty()) {
      rest.add(
          Streams.stream(tensors.fieldNames())
              .limit(NAMED)
              .collect(
                  Collectors.joining(
                      ", ",
                      tensors.size() + " " + word + ": ",
                      tensors.size() > NAMED ? ", ..." : "")));
    }
  }
}
