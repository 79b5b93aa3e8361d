package io.github.facemask.prediction;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.facemask.label.FaceClass;
import io.github.facemask.provenance.AtomicFile;
import io.github.facemask.provenance.Digest;
import io.github.facemask.provenance.WholeFile;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.csv.CSVException;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVPrinter;
import org.apache.commons.csv.CSVRecord;

/** The file form of a {@link PredictionTable}. */
final class PredictionFile {

  private static final String NAME = "facemask predictions";
  private static final int VERSION = 1;
  private static final ObjectMapper JSON = new ObjectMapper();

  private PredictionFile() {}

  static void write(PredictionTable table, Path file) throws IOException {
    AtomicFile.write(
        file,
        out -> {
          BufferedWriter writer =
              new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
          writer.write("# " + JSON.writeValueAsString(head(table.origin())) + "\n");
          CSVPrinter printer =
              new CSVPrinter(
                  writer,
                  CSVFormat.RFC4180.builder().setHeader(columns()).setRecordSeparator('\n').get());
          Object[] cells = new Object[1 + FaceClass.COUNT];
          for (int row = 0; row < table.size(); row++) {
            cells[0] = table.ids().get(row);
            for (int id = 0; id < FaceClass.COUNT; id++) {
              cells[1 + id] = Float.toString(table.probability(row, id));
            }
            printer.printRecord(cells);
          }
          printer.flush();
        });
  }

  static PredictionTable read(Path file) throws IOException {
    try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      PredictionTable.Builder table = PredictionTable.builder(origin(file, reader.readLine()));
      CSVFormat format = CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).get();
      try (CSVParser parser = format.parse(reader)) {
        if (!parser.getHeaderNames().equals(List.of(columns()))) {
          throw broken(file, 2, "the columns are not photo,p0,...,p17");
        }
        Iterator<CSVRecord> rows = parser.iterator();
        while (rows.hasNext()) {
          CSVRecord row = rows.next();
          long line = parser.getCurrentLineNumber() + 1;
          try {
            table.add(row.get(0), numbers(row));
          } catch (IllegalArgumentException e) {
            throw broken(file, line, e.getMessage());
          }
        }
      }
      return table.build();
    } catch (CharacterCodingException e) {
      throw WholeFile.notUtf8(file, e);
    } catch (CSVException
        | UncheckedIOException
        | IllegalArgumentException
        | IllegalStateException e) {
      throw new IOException(file + ": " + e.getMessage() + "; predict again", e);
    }
  }

  private static float[] numbers(CSVRecord row) {
    if (row.size() != 1 + FaceClass.COUNT) {
      throw new IllegalArgumentException(row.size() + " cells, expected " + (1 + FaceClass.COUNT));
    }
    float[] numbers = new float[FaceClass.COUNT];
    for (int id = 0; id < FaceClass.COUNT; id++) {
      numbers[id] = Float.parseFloat(row.get(1 + id));
    }
    return numbers;
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
    return head;
  }

  private static PredictionOrigin origin(Path file, String line) throws IOException {
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
        PredictionOrigin.programs(head.path("programs")));
  }

  private static String[] columns() {
    String[] columns = new String[1 + FaceClass.COUNT];
    columns[0] = "photo";
    for (int id = 0; id < FaceClass.COUNT; id++) {
      columns[1 + id] = "p" + id;
    }
    return columns;
  }

  private static IOException broken(Path file, long line, String what) {
    return new IOException(file + ":" + line + ": " + what + "; predict again");
  }
}
