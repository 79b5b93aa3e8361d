package io.github.facemask.provenance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.github.facemask.internal.files.AtomicFile;
import io.github.facemask.internal.files.AtomicFolder;
import io.github.facemask.internal.files.WholeFile;
import io.github.facemask.internal.files.WriteFailure;
import io.github.facemask.problem.InvalidFileException;
import io.github.facemask.problem.Problem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The folder of one run. {@code run.json} holds all parameters and is written once, before the
 * first step. {@code metrics.jsonl} gets one line for each epoch and is never rewritten. {@code
 * model/} holds the best weights, {@code state.safetensors} the training state to resume from,
 * {@code checkpoints/} the models of the best epochs if the run keeps several.
 */
public final class RunFolder {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

  private static final TypeReference<Map<String, Object>> VALUES = new TypeReference<>() {};

  private final Path folder;

  private RunFolder(Path folder) {
    this.folder = folder;
  }

  /** Writes the files of a run beside its record. */
  @FunctionalInterface
  public interface Companions {
    /**
     * Writes the files.
     *
     * @param folder the run's folder
     * @throws IOException if they cannot be written
     */
    void writeTo(Path folder) throws IOException;
  }

  /**
   * Makes the folder of a new run and writes its record.
   *
   * @param runs the folder of all runs; made if missing
   * @param id the run's name, not taken yet
   * @param record all parameters of the run; plain JSON values
   * @return the folder
   * @throws IOException if the name is taken or the record cannot be written
   */
  public static RunFolder create(Path runs, RunId id, Map<String, ?> record) throws IOException {
    return create(runs, id, record, folder -> {});
  }

  /**
   * Makes the folder of a new run with its files and its record. The folder is complete or absent,
   * also after a kill.
   *
   * @param runs the folder of all runs; made if missing
   * @param id the run's name, not taken yet
   * @param record all parameters of the run; plain JSON values
   * @param companions the files beside the record
   * @return the folder
   * @throws IOException if the name is taken or a file cannot be written; no folder is left
   */
  public static RunFolder create(Path runs, RunId id, Map<String, ?> record, Companions companions)
      throws IOException {
    Path folder = runs.resolve(id.value());
    if (Files.exists(folder)) {
      throw taken(folder, null);
    }
    try {
      // Without its record it is not a run, so it is written aside.
      AtomicFolder.write(
          folder,
          aside -> {
            companions.writeTo(aside);
            AtomicFile.writeText(
                aside.resolve("run.json"),
                JSON.writerWithDefaultPrettyPrinter().writeValueAsString(record) + "\n");
            return aside;
          });
    } catch (FileAlreadyExistsException e) {
      if (Files.isRegularFile(runs)) {
        throw InvalidFileException.of(runs, "is a file", "a folder for the runs");
      }
      throw taken(folder, e);
    }
    return new RunFolder(folder);
  }

  private static InvalidFileException taken(Path folder, Throwable cause) {
    return new InvalidFileException(
        folder, Problem.saying("exists already").withExpected("a new run's name"), cause);
  }

  /**
   * Opens the folder of a run.
   *
   * @param folder a folder that holds a run.json
   * @return the folder
   * @throws IOException if it holds none
   */
  public static RunFolder open(Path folder) throws IOException {
    if (!Files.isRegularFile(folder.resolve("run.json"))) {
      throw InvalidFileException.of(folder, "is not a run", "a folder with run.json");
    }
    return new RunFolder(folder);
  }

  /** Returns the path of the folder. */
  public Path path() {
    return folder;
  }

  /** Returns the run's name. */
  public RunId id() {
    return new RunId(folder.toAbsolutePath().getFileName().toString());
  }

  /**
   * Returns the file that a stopped run is resumed from; it does not exist before the first epoch
   * ends.
   */
  public Path state() {
    return folder.resolve("state.safetensors");
  }

  /** Returns the folder of the run's best model. */
  public Path model() {
    return folder.resolve("model");
  }

  /**
   * Returns the folder of the model after an epoch, which exists if the run keeps several.
   *
   * @param epoch the epoch, from 1
   * @return a folder that may not exist
   */
  public Path checkpoint(int epoch) {
    return folder.resolve("checkpoints").resolve(String.format(Locale.ROOT, "epoch-%04d", epoch));
  }

  /**
   * Returns the record that was written before the first step, as plain JSON values.
   *
   * @throws IOException if it cannot be read
   */
  public Map<String, Object> record() throws IOException {
    Path file = folder.resolve("run.json");
    try {
      return JSON.readValue(WholeFile.readText(file), VALUES);
    } catch (JsonProcessingException e) {
      throw new IOException(file + ": is not a JSON object: " + e.getOriginalMessage(), e);
    }
  }

  /**
   * Appends a line to the metrics and flushes it to the disk.
   *
   * @param metrics plain JSON values
   * @throws IOException if it cannot be written
   */
  public void appendMetrics(Map<String, ?> metrics) throws IOException {
    byte[] line = (JSON.writeValueAsString(metrics) + "\n").getBytes(StandardCharsets.UTF_8);
    try (FileChannel channel =
        FileChannel.open(
            folder.resolve("metrics.jsonl"),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.APPEND)) {
      ByteBuffer bytes = ByteBuffer.wrap(line);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(false);
    } catch (IOException e) {
      throw WriteFailure.of(folder.resolve("metrics.jsonl"), e);
    }
  }

  /**
   * Removes a truncated last line from the metrics, left by a killed process, so that complete
   * lines can follow.
   *
   * @throws IOException if the file cannot be changed
   */
  public void dropTornMetrics() throws IOException {
    Path file = folder.resolve("metrics.jsonl");
    if (!Files.exists(file)) {
      return;
    }
    byte[] bytes = Files.readAllBytes(file);
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] != '\n') {
      end--;
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(end);
    }
  }

  /**
   * Returns the metrics of each epoch so far, as plain JSON values. A truncated last line is left
   * out.
   *
   * @throws IOException if they cannot be read
   */
  public List<Map<String, Object>> metrics() throws IOException {
    List<Map<String, Object>> epochs = new ArrayList<>();
    Path file = folder.resolve("metrics.jsonl");
    if (!Files.exists(file)) {
      return epochs;
    }
    for (String line : WholeFile.readLines(file)) {
      try {
        epochs.add(JSON.readValue(line, VALUES));
      } catch (JsonProcessingException e) {
        break;
      }
    }
    return epochs;
  }

  /**
   * A parameter in which two runs differ.
   *
   * @param key its dotted path in the record, for instance {@code "optimizer.learningRate"}
   * @param first the first run's value, {@code "absent"} without one
   * @param second the second run's value, {@code "absent"} without one
   */
  public record Difference(String key, String first, String second) {

    /** Keys of a run's circumstances, which are not parameters. */
    private static final ImmutableSet<String> CIRCUMSTANCES =
        ImmutableSet.of("runId", "started", "startedFrom", "environment", "command");

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ABSENT = "absent";

    /**
     * Compares two records except their circumstances: names, times, machine and command line.
     *
     * @param first a run's record, plain JSON values
     * @param second another's
     * @return the differences, by key
     */
    public static ImmutableList<Difference> between(Map<String, ?> first, Map<String, ?> second) {
      Map<String, String> a = flatten(first);
      Map<String, String> b = flatten(second);
      TreeSet<String> keys = new TreeSet<>(a.keySet());
      keys.addAll(b.keySet());
      ImmutableList.Builder<Difference> differences = ImmutableList.builder();
      for (String key : keys) {
        String was = a.getOrDefault(key, ABSENT);
        String is = b.getOrDefault(key, ABSENT);
        if (!was.equals(is) && !CIRCUMSTANCES.contains(key.split("[.]", 2)[0])) {
          differences.add(new Difference(key, was, is));
        }
      }
      return differences.build();
    }

    /**
     * Returns every value of a record by its dotted path; lists count as one value.
     *
     * @param record a run's record
     * @return the values as text, by path
     */
    public static Map<String, String> flatten(Map<String, ?> record) {
      Map<String, String> values = new TreeMap<>();
      flatten("", JSON.valueToTree(record), values);
      return values;
    }

    private static void flatten(String path, JsonNode node, Map<String, String> values) {
      if (!node.isObject() || node.isEmpty()) {
        values.put(path, node.isTextual() ? node.asText() : node.toString());
        return;
      }
      node.properties()
          .forEach(
              e ->
                  flatten(
                      path.isEmpty() ? e.getKey() : path + "." + e.getKey(), e.getValue(), values));
    }
  }
}
