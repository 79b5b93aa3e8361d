package io.github.facemask.trace;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableList;
import io.github.facemask.deploy.DeployFolder;
import io.github.facemask.provenance.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Models, exported programs and runs in some folders, by digest and name; looked for when first
 * asked.
 */
final class ModelIndex {

  private static final int DEPTH = 8;
  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

  private final List<Path> folders;
  private final Map<String, Path> models = new HashMap<>();
  private final Map<String, Path> programs = new HashMap<>();
  private final Map<String, Path> runs = new HashMap<>();
  private final Set<String> exported = new HashSet<>();
  private boolean looked;

  ModelIndex(ImmutableList<Path> folders) {
    this.folders = new ArrayList<>(folders);
  }

  /** Also looks into a folder. */
  void look(Path folder) {
    folders.add(folder);
    looked = false;
  }

  List<Path> folders() {
    return List.copyOf(folders);
  }

  Optional<Path> find(Digest weights) throws IOException {
    search();
    return Optional.ofNullable(models.get(weights.hex()));
  }

  Optional<Path> program(Digest program) throws IOException {
    search();
    return Optional.ofNullable(programs.get(program.hex()));
  }

  Optional<Path> run(String id) throws IOException {
    search();
    return Optional.ofNullable(runs.get(id));
  }

  /** The weights of all models, and those that programs were exported from. */
  Set<Digest> weights() throws IOException {
    search();
    return Stream.concat(models.keySet().stream(), exported.stream())
        .map(Digest::new)
        .collect(Collectors.toUnmodifiableSet());
  }

  Set<Digest> programs() throws IOException {
    search();
    return programs.keySet().stream().map(Digest::new).collect(Collectors.toUnmodifiableSet());
  }

  private void search() throws IOException {
    if (looked) {
      return;
    }
    looked = true;
    for (Path folder : folders) {
      if (Files.isDirectory(folder)) {
        try (Stream<Path> files = Files.walk(folder, DEPTH)) {
          for (Path file : files.sorted().toList()) {
            note(file);
          }
        }
      }
    }
  }

  private void note(Path file) throws IOException {
    String name = file.getFileName().toString();
    if (name.equals("model.json") && Files.isRegularFile(file)) {
      noteDigest(models, Tracer.json(file).path("weightsSha256").asText(), file);
    }
    if (name.equals(DeployFolder.CARD) && Files.isRegularFile(file)) {
      JsonNode card = Tracer.json(file);
      noteDigest(programs, card.path("programSha256").asText(), file);
      if (DIGEST.matcher(card.path("weightsSha256").asText()).matches()) {
        exported.add(card.path("weightsSha256").asText());
      }
    }
    if (name.equals("run.json") && Files.isRegularFile(file)) {
      runs.putIfAbsent(Tracer.json(file).path("runId").asText(), file.toAbsolutePath().getParent());
    }
  }

  private static void noteDigest(Map<String, Path> where, String digest, Path card) {
    if (DIGEST.matcher(digest).matches()) {
      where.putIfAbsent(digest, card.toAbsolutePath().getParent());
    }
  }
}
