package io.github.facemask.prediction;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.facemask.internal.files.WholeFile;
import io.github.facemask.internal.records.OriginJson;
import io.github.facemask.label.Attribute;
import io.github.facemask.label.FaceClass;
import io.github.facemask.prediction.PredictionReader.Row;
import io.github.facemask.problem.InvalidArgumentException;
import io.github.facemask.problem.InvalidFileException;
import io.github.facemask.problem.Problem;
import io.github.facemask.provenance.Digest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The file form of a {@link PredictionTable}. */
final class PredictionFile {

  private static final String NAME = "facemask predictions";
  private static final int VERSION = 1;
  private static final ObjectMapper JSON = new ObjectMapper();

  private PredictionFile() {}

  static void write(PredictionTable table, Path file) throws IOException {
    PredictionWriter.write(
        file,
        table.origin(),
        writer -> {
          for (int row = 0; row < table.size(); row++) {
            writer.add(table.row(row));
          }
        });
  }

  static PredictionTable read(Path file) throws IOException {
    try (PredictionReader reader = PredictionReader.open(file)) {
      PredictionTable.Builder table = PredictionTable.builder(reader.origin());
      for (Optional<Row> row = reader.next(); row.isPresent(); row = reader.next()) {
        table.add(row.get());
      }
      return table.build();
    } catch (IllegalArgumentException e) {
      throw broken(file, 0, e);
    }
  }

  static String firstLine(PredictionOrigin origin) throws IOException {
    return "# " + JSON.writeValueAsString(head(origin));
  }

  private static Map<String, Object> head(PredictionOrigin origin) {
    Map<String, Object> head = new LinkedHashMap<>();
    head.put("format", NAME);
    head.put("version", VERSION);
    head.put("models", origin.models().stream().map(Digest::hex).toList());
    head.put("runs", origin.runs());
    origin.data().ifPresent(data -> head.put("data", data.hex()));
    if (origin.oneModelEach()) {
      head.put("oneModelEach", true);
    }
    if (!origin.programs().isEmpty()) {
      head.put("programs", origin.programsAsText());
    }
    origin.ensemble().ifPresent(manifest -> head.put("ensemble", manifest.hex()));
    if (origin.years()) {
      head.put("years", true);
    }
    if (origin.labels().size() < FaceClass.COUNT) {
      head.put("attributes", origin.attributes().stream().map(Attribute::word).toList());
    }
    origin
        .prior()
        .ifPresent(
            prior -> head.put("prior", OriginJson.shares(prior.attributes(), prior.shares())));
    return head;
  }

  static PredictionOrigin origin(Path file, String line) throws IOException {
    if (line == null || !line.startsWith("# {")) {
      throw broken(file, 1, "expected a comment with the origin of the predictions");
    }
    JsonNode head = WholeFile.parseJson(file, line.substring(2));
    if (!head.path("format").asText().equals(NAME) || head.path("version").asInt() != VERSION) {
      throw broken(
          file,
          1,
          "expected '" + NAME + "' of version " + VERSION + ", found " + head.path("version"));
    }
    List<Digest> models = new ArrayList<>();
    head.path("models").forEach(model -> models.add(new Digest(model.asText())));
    List<String> runs = new ArrayList<>();
    head.path("runs").forEach(run -> runs.add(run.asText()));
    Optional<Digest> data =
        head.has("data") ? Optional.of(new Digest(head.get("data").asText())) : Optional.empty();
    return new PredictionOrigin(
        models,
        runs,
        data,
        head.path("oneModelEach").asBoolean(),
        OriginJson.programs(head.path("programs")),
        OriginJson.digest(head.path("ensemble")),
        OriginJson.attributes(head.path("attributes")),
        head.path("years").asBoolean(),
        head.has("prior") ? Optional.of(prior(head.get("prior"))) : Optional.empty());
  }

  private static Prior prior(JsonNode json) {
    return new Prior(OriginJson.attributes(json.path("attributes")), OriginJson.shares(json));
  }

  /** The column of each answer: p and the class, or the words of the label. */
  static String[] columns(PredictionOrigin origin) {
    Stream<String> labels =
        origin.labels().stream()
            .map(l -> l.complete() ? "p" + l.id() : l.displayName().replace(' ', '_'));
    return Stream.of(
            Stream.of("photo"), labels, origin.years() ? Stream.of("years") : Stream.<String>of())
        .flatMap(all -> all)
        .toArray(String[]::new);
  }

  static IOException broken(Path file, long line, String what) {
    return new InvalidFileException(
        file, line, Problem.saying(what).withRemedy("predict again"), null);
  }

  static IOException broken(Path file, long line, Exception cause) {
    Problem problem =
        cause instanceof InvalidArgumentException invalid
            ? invalid.problem()
            : Problem.saying(String.valueOf(cause.getMessage()));
    return new InvalidFileException(file, line, problem.withRemedy("predict again"), cause);
  }
}
