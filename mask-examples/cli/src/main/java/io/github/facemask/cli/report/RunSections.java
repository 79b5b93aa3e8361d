package io.github.facemask.cli.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableDoubleArray;
import io.github.facemask.cli.train.StartLine;
import io.github.facemask.internal.records.RunJson;
import io.github.facemask.lab.report.DataSections;
import io.github.facemask.lab.report.Section;
import io.github.facemask.provenance.RunFolder;
import io.github.facemask.sampling.SamplingBalance;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The sections of a report that come from a run's folder. */
public final class RunSections {

  private RunSections() {}

  /** Returns the curves and options of a run. */
  public static List<Section> of(RunFolder run) throws IOException {
    List<Section> sections = new ArrayList<>();
    List<JsonNode> epochs = RunJson.metrics(run);
    if (!epochs.isEmpty()) {
      sections.add(curves(run, epochs));
    }
    JsonNode record = RunJson.record(run);
    JsonNode balance = record.path("batches").path("balance");
    if (balance.isObject()) {
      SamplingBalance shown = SamplingBalance.ofJson(RunJson.values(balance));
      sections.add(DataSections.balance(shown));
      sections.addAll(DataSections.balanceByPerson(shown));
    }
    JsonNode overlay = record.path("batches").path("overlay");
    if (overlay.isObject()) {
      sections.add(masks(overlay));
    }
    JsonNode start = record.path("startedFrom");
    if (start.has("file")) {
      sections.add(new Section.Facts("Starting weights of " + run.id(), StartLine.facts(start)));
      ((ObjectNode) record).remove("startedFrom");
    }
    sections.add(choices(run, record));
    return sections;
  }

  private static Section masks(JsonNode overlay) {
    JsonNode first = overlay.path("firstEpoch");
    return new Section.Facts(
        "Masks drawn on training photos",
        ImmutableMap.of(
            "share of the faces without a mask",
            String.format(
                Locale.ROOT,
                "%.0f %% worn, %.0f %% worn wrongly",
                100 * overlay.path("worn").asDouble(),
                100 * overlay.path("wornWrongly").asDouble()),
            "in the first epoch",
            String.format(
                Locale.ROOT,
                "%d worn, %d worn wrongly, of %d training photos without a mask",
                first.path("worn").asInt(),
                first.path("wornWrongly").asInt(),
                first.path("bareFaces").asInt()),
            "validation photos",
            "none"));
  }

  /** Returns all choices in the record of a run, without the counts of its sampler. */
  static Section choices(RunFolder run, JsonNode record) {
    if (record.path("batches") instanceof ObjectNode batches) {
      batches.remove("balance");
    }
    Map<String, String> facts = new LinkedHashMap<>();
    flatten("", record, facts);
    return new Section.Facts("Choices of " + run.id(), facts);
  }

  private static Section curves(RunFolder run, List<JsonNode> epochs) {
    return new Section.Charts(
        "Curves of " + run.id(),
        List.of(
            new Section.Chart(
                "Loss",
                "epoch",
                List.of(
                    line("training", epochs, "trainingLoss"),
                    line("validation", epochs, "validationLoss"))),
            new Section.Chart(
                "Validation",
                "epoch",
                List.of(line("macro F1", epochs, "macroF1"), line("accuracy", epochs, "accuracy"))),
            new Section.Chart(
                "Learning rate", "epoch", List.of(line("rate", epochs, "learningRate")))));
  }

  private static Section.Line line(String name, List<JsonNode> epochs, String key) {
    ImmutableDoubleArray.Builder x = ImmutableDoubleArray.builder();
    ImmutableDoubleArray.Builder y = ImmutableDoubleArray.builder();
    for (JsonNode epoch : epochs) {
      x.add(epoch.path("epoch").asDouble());
      y.add(epoch.path(key).asDouble());
    }
    return new Section.Line(name, x.build(), y.build());
  }

  /** Adds one line for each value, named by its path. Short lists stay on one line. */
  private static void flatten(String path, JsonNode json, Map<String, String> facts) {
    if (json.isObject()) {
      for (Map.Entry<String, JsonNode> e : json.properties()) {
        flatten(path.isEmpty() ? e.getKey() : path + "." + e.getKey(), e.getValue(), facts);
      }
    } else if (json.isValueNode()) {
      facts.put(path, json.isDouble() ? number(json.asDouble()) : json.asText());
    } else {
      facts.put(path, json.toString());
    }
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.6g", value);
  }
}
