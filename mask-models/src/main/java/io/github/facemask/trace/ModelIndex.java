package io.github.facemask.trace;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ArrayListMultimap;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ListMultimap;
import io.github.facemask.ensemble.Ensemble;
import io.github.facemask.export.ExportedModel;
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
 * An index of models, exported programs and runs in some folders, by digest and name; built on
 * first use.
 */
final class ModelIndex {

  private static final int DEPTH = 8;
  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

  private final List<Path> folders;
  private final ListMultimap<String, Found> models = ArrayListMultimap.create();
  private final ListMultimap<String, Found> programs = ArrayListMultimap.create();
  private final Map<String, Path> ensembles = new HashMap<>();
  private final Map<String, Path> runs = new HashMap<>();
  private final Set<String> exported = new HashSet<>();
  private boolean looked;

  ModelIndex(ImmutableList<Path> folders) {
    this.folders = new ArrayList<>(folders);
  }

  /** Adds a folder to search. */
  void look(Path folder) {
    folders.add(folder);
    looked = false;
  }

  List<Path> folders() {
    return List.copyOf(folders);
  }

  /**
   * The model with some weights; if several runs have the same weights, the model of the given run.
   */
  Optional<Path> find(Digest weights, String run) throws IOException {
    search();
    return best(models.get(weights.hex()), run);
  }

  Optional<Path> program(Digest program, String run) throws IOException {
    search();
    return best(programs.get(program.hex()), run);
  }

  /** The ensemble with a manifest. */
  Optional<Path> ensemble(Digest manifest) throws IOException {
    search();
    return Optional.ofNullable(ensembles.get(manifest.hex()));
  }

  private static Optional<Path> best(List<Found> all, String run) {
    Optional<Found> named = all.stream().filter(f -> f.run().equals(run)).findFirst();
    return named.or(() -> all.stream().findFirst()).map(Found::folder);
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
      JsonNode card = Tracer.json(file);
      noteDigest(models, card.path("weightsSha256").asText(), card, file);
    }
    if (name.equals(ExportedModel.CARD) && Files.isRegularFile(file)) {
      JsonNode card = Tracer.json(file);
      noteDigest(programs, card.path("programSha256").asText(), card, file);
      if (DIGEST.matcher(card.path("weightsSha256").asText()).matches()) {
        exported.add(card.path("weightsSha256").asText());
      }
    }
    if (name.equals(Ensemble.MANIFEST) && Files.isRegularFile(file)) {
      ensembles.putIfAbsent(Digest.ofFile(file).hex(), file.toAbsolutePath().getParent());
    }
    if (name.equals("run.json") && Files.isRegularFile(file)) {
      runs.putIfAbsent(Tracer.json(file).path("runId").asText(), file.toAbsolutePath().getParent());
    }
  }

  private static void noteDigest(
      ListMultimap<String, Found> where, String digest, JsonNode card, Path file) {
    if (DIGEST.matcher(digest).matches()) {
      String run = card.path("origin").path("runId").asText();
      where.put(digest, new Found(run, file.toAbsolutePath().getParent()));
    }
  }

  /**
   * A card that was found.
   *
   * @param run the id of the run that trained the weights
   * @param folder the folder of the card
   */
  private record Found(String run, Path folder) {}
}
