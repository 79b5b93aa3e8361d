package io.github.facemask.ensemble;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import io.github.facemask.combination.Combination;
import io.github.facemask.deploy.DeployFolder;
import io.github.facemask.model.ModelFolder;
import io.github.facemask.model.RunRecord;
import io.github.facemask.provenance.AtomicFile;
import io.github.facemask.provenance.Digest;
import io.github.facemask.provenance.Surroundings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** The form of an ensemble on disk: {@code ensemble.json} and a folder for each member. */
final class EnsembleFolder {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String MANIFEST = "ensemble.json";
  private static final String FORMAT = "facemask-ensemble-1";

  private EnsembleFolder() {}

  static Ensemble open(Path path) throws IOException {
    if (Files.isRegularFile(path.resolve(MANIFEST))) {
      return openEnsemble(path);
    }
    if (Files.isRegularFile(path.resolve("model.json"))) {
      return Ensemble.ofEqual(List.of(ModelFolder.open(path)));
    }
    if (Files.isRegularFile(path.resolve("run.json"))) {
      return Ensemble.ofEqual(List.of(ModelFolder.open(path.resolve("model"))));
    }
    if (DeployFolder.isOne(path)) {
      return Ensemble.of(List.of(new Member(MemberModel.of(DeployFolder.open(path)), 1)));
    }
    throw new IOException(
        path
            + ": is neither a model, a run, an exported program nor an ensemble; expected a folder"
            + " with model.json, run.json, deploy.json or ensemble.json");
  }

  static void write(Ensemble ensemble, Path folder) throws IOException {
    if (Files.exists(folder)) {
      throw new IOException(folder + ": exists already, expected the name of a new folder");
    }
    Path parent = folder.toAbsolutePath().getParent();
    Files.createDirectories(parent);
    // Not createTempDirectory, whose folders nobody else may read.
    Path aside = Files.createDirectory(parent.resolve(".ensemble-" + UUID.randomUUID()));
    try {
      ObjectNode manifest = JSON.createObjectNode().put("format", FORMAT);
      manifest.put("combination", ensemble.combination().displayName());
      ensemble.fitting().ifPresent(f -> manifest.set("fitted", ManifestJson.of(f)));
      manifest.put("commit", Surroundings.commit());
      ArrayNode members = manifest.putArray("members");
      for (Member member : ensemble.members()) {
        String name = "members/" + members.size();
        copy(member.model().path(), aside.resolve(name));
        RunRecord.copy(member.model().path(), aside.resolve(name));
        members.add(ManifestJson.of(member, name, aside.resolve(name)));
      }
      AtomicFile.writeText(
          aside.resolve(MANIFEST),
          JSON.writerWithDefaultPrettyPrinter().writeValueAsString(manifest) + "\n");
      Files.move(aside, folder);
    } finally {
      if (Files.exists(aside)) {
        MoreFiles.deleteRecursively(aside, RecursiveDeleteOption.ALLOW_INSECURE);
      }
    }
  }

  private static Ensemble openEnsemble(Path folder) throws IOException {
    Path file = folder.resolve(MANIFEST);
    byte[] bytes = Files.readAllBytes(file);
    JsonNode manifest;
    try {
      manifest = JSON.readTree(bytes);
    } catch (JsonProcessingException e) {
      throw new IOException(file + ": is not JSON: " + e.getOriginalMessage(), e);
    }
    if (!manifest.path("format").asText().equals(FORMAT)) {
      throw new IOException(
          file + ": format is " + manifest.path("format") + ", expected \"" + FORMAT + "\"");
    }
    List<Member> members = new ArrayList<>();
    for (JsonNode json : manifest.path("members")) {
      Path inside = folder.resolve(json.path("folder").asText()).normalize();
      if (!inside.startsWith(folder.normalize())) {
        throw new IOException(file + ": names a member outside its folder: " + json.path("folder"));
      }
      MemberModel model =
          json.has("programSha256")
              ? MemberModel.of(DeployFolder.open(inside))
              : MemberModel.of(ModelFolder.open(inside));
      if (!model.weightsDigest().hex().equals(json.path("weightsSha256").asText())) {
        throw new IOException(
            inside
                + ": has weights "
                + model.weightsDigest().shortHex()
                + ", the manifest names "
                + json.path("weightsSha256").asText()
                + "; the member was exchanged");
      }
      Path card = model.card();
      if (json.has("cardSha256")
          && !Digest.ofFile(card).hex().equals(json.get("cardSha256").asText())) {
        throw new IOException(card + ": is not the card that the manifest names; it was changed");
      }
      members.add(ManifestJson.member(model, json));
    }
    try {
      return Ensemble.of(
              Combination.named(manifest.path("combination").asText()),
              members,
              manifest.has("fitted")
                  ? Optional.of(ManifestJson.fitting(manifest.get("fitted")))
                  : Optional.empty())
          .ofManifest(Digest.ofBytes(bytes));
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, to.resolve(file.getFileName().toString()));
      }
    }
  }
}
