package io.github.facemask.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import io.github.facemask.model.ModelFolder;
import io.github.facemask.provenance.Digest;
import io.github.facemask.provenance.Environment;
import io.github.facemask.provenance.RecordDifference;
import io.github.facemask.provenance.RunFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs a run again and compares. */
@Command(
    name = "reproduce",
    description = {
      "Runs a run again with the options that its record holds, and compares choices, the metrics",
      "of each epoch and the digest of the weights. Says the first difference; exit code 2 if there",
      "is one. Start it in the folder in which the run was started, if its paths are relative."
    },
    footer = {"", "Example: mask reproduce runs/20260101-120000-resnet18"})
final class ReproduceCommand implements Callable<Integer> {

  @Spec CommandSpec spec;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Keep the new run in this folder (default: it is deleted).")
  Path out;

  @Parameters(paramLabel = "RUN", description = "The run's folder.")
  Path run;

  @Override
  public Integer call() throws IOException {
    RunFolder before = RunFolder.open(run);
    List<String> arguments = arguments(before.record());
    Path folder = out == null ? Files.createTempDirectory("facemask-reproduce") : out;
    try {
      return reproduce(before, arguments, folder);
    } finally {
      if (out == null) {
        MoreFiles.deleteRecursively(folder, RecursiveDeleteOption.ALLOW_INSECURE);
      }
    }
  }

  private int reproduce(RunFolder before, List<String> arguments, Path folder) throws IOException {
    PrintWriter to = spec.commandLine().getOut();
    String commit = before.record().at("/surroundings/commit").asText("unknown");
    if (!commit.equals(Environment.commit())) {
      to.printf(
          "the code was %s and is %s; 'git checkout' the former for the same code%n",
          commit, Environment.commit());
    }
    Set<Path> old = runs(folder);
    List<String> all = new ArrayList<>(arguments);
    all.add("--runs");
    all.add(folder.toString());
    to.println("$ mask " + String.join(" ", all));
    CommandLine line = MaskCommand.commandLine(to, spec.commandLine().getErr());
    int code = line.execute(all.toArray(String[]::new));
    if (code != 0) {
      return code;
    }
    Set<Path> now = runs(folder);
    now.removeAll(old);
    RunFolder again = RunFolder.open(now.iterator().next());
    Optional<String> difference = difference(before, again);
    if (difference.isPresent()) {
      spec.commandLine().getErr().println("mask: not the same: " + difference.get());
      return 2;
    }
    to.printf(
        "the same: %d epochs and the weights %s%n",
        before.metrics().size(), ModelFolder.open(before.model()).weightsDigest().shortHex());
    return 0;
  }

  private static Set<Path> runs(Path folder) throws IOException {
    Set<Path> runs = new TreeSet<>();
    if (Files.isDirectory(folder)) {
      try (Stream<Path> inside = Files.list(folder)) {
        inside.filter(r -> Files.isRegularFile(r.resolve("run.json"))).forEach(runs::add);
      }
    }
    return runs;
  }

  /** The training command without its folder of runs. */
  private List<String> arguments(JsonNode record) throws IOException {
    JsonNode recorded = record.has("asTrain") ? record.get("asTrain") : record.path("arguments");
    if (recorded.isEmpty()) {
      throw new IOException(
          run + ": holds no command line; a program started it, and can start it again");
    }
    List<String> arguments = new ArrayList<>();
    for (Iterator<JsonNode> words = recorded.iterator(); words.hasNext(); ) {
      String word = words.next().asText();
      if (word.equals("--runs")) {
        words.next();
      } else if (!word.startsWith("--runs=")) {
        arguments.add(word);
      }
    }
    return arguments;
  }

  static Optional<String> difference(RunFolder first, RunFolder second) throws IOException {
    List<RecordDifference> choices =
        RecordDifference.between(first.record(), second.record()).stream()
            .filter(d -> !Set.of("asTrain", "validatedFold", "source.fold").contains(d.key()))
            .toList();
    if (!choices.isEmpty()) {
      RecordDifference choice = choices.get(0);
      return Optional.of(choice.key() + " was " + choice.first() + ", is " + choice.second());
    }
    List<JsonNode> were = first.metrics();
    List<JsonNode> are = second.metrics();
    for (int i = 0; i < Math.min(were.size(), are.size()); i++) {
      ((ObjectNode) were.get(i)).remove("timing");
      ((ObjectNode) are.get(i)).remove("timing");
      for (Map.Entry<String, JsonNode> value : were.get(i).properties()) {
        JsonNode is = are.get(i).path(value.getKey());
        if (!value.getValue().equals(is)) {
          return Optional.of(
              value.getKey() + " of epoch " + (i + 1) + " was " + value.getValue() + ", is " + is);
        }
      }
    }
    if (were.size() != are.size()) {
      return Optional.of("there were " + were.size() + " epochs, are " + are.size());
    }
    Digest was = Digest.ofFile(ModelFolder.open(first.model()).weightsFile());
    Digest is = Digest.ofFile(ModelFolder.open(second.model()).weightsFile());
    return was.equals(is)
        ? Optional.empty()
        : Optional.of("the weights were " + was.shortHex() + ", are " + is.shortHex());
  }
}
