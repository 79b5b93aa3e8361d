package io.github.facemask.trace;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableList;
import io.github.facemask.provenance.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Models and runs in some folders, by digest and name; looked for when first asked. */
final class ModelIndex {

  private static final int DEPTH = 8;

  private final List<Path> folders;
  private final Map<String, Path> models = new HashMap<>();
  private final Map<String, Path> runs = new HashMap<>();
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

  Optional<Path> run(String id) throws IOException {
    search();
    return Optional.ofNullable(runs.get(id));
  }

  Set<Digest> digests() throws IOException {
    search();
    return models.keySet().stream()
        .map(Digest::new)
        .collect(java.util.stream.Collectors.toUnmodifiableSet());
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
      JsonNode card = Tracer.json(file);
      String digest = card.path("weightsSha256").asText();
      if (digest.matches("[0-9a-f]{64}")) {
        models.putIfAbsent(digest, file.toAbsolutePath().getParent());
      }
    }
    if (name.equals("run.json") && Files.isRegularFile(file)) {
      runs.putIfAbsent(Tracer.json(file).path("runId").asText(), file.toAbsolutePath().getParent());
    }
  }
}
