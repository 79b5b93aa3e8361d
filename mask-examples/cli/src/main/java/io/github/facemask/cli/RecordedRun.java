package io.github.facemask.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.facemask.internal.files.WholeFile;
import io.github.facemask.model.ModelFolder;
import io.github.facemask.model.RunRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * The options of the run behind a model, parsed again.
 *
 * @param id the run's id
 * @param options its options
 */
record RecordedRun(String id, RunOptions options) {

  /** Returns the run of a model, if a command trained it and its record is there. */
  static Optional<RecordedRun> of(ModelFolder model) throws IOException {
    Optional<Path> file = RunRecord.find(model.path());
    if (file.isEmpty()) {
      return Optional.empty();
    }
    JsonNode record = WholeFile.readJson(file.get());
    JsonNode recorded = record.has("asTrain") ? record.get("asTrain") : record.path("arguments");
    List<String> words = new ArrayList<>();
    recorded.forEach(word -> words.add(word.asText()));
    if (words.isEmpty() || !words.remove(0).equals("train")) {
      return Optional.empty();
    }
    TrainCommand command = new TrainCommand();
    CommandLine line = new CommandLine(command).setCaseInsensitiveEnumValuesAllowed(true);
    try {
      line.parseArgs(words.toArray(String[]::new));
    } catch (ParameterException e) {
      throw new IOException(file.get() + ": its arguments cannot be read: " + e.getMessage(), e);
    }
    return Optional.of(new RecordedRun(record.path("runId").asText(), command.options));
  }
}
