package io.github.facemask.ensemble;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.facemask.combination.Combination;
import io.github.facemask.export.ExportedModel;
import io.github.facemask.internal.cards.RunRecord;
import io.github.facemask.internal.files.AtomicFile;
import io.github.facemask.internal.files.AtomicFolder;
import io.github.facemask.internal.files.WholeFile;
import io.github.facemask.model.ModelCard;
import io.github.facemask.model.ModelFolder;
import io.github.facemask.problem.InvalidFileException;
import io.github.facemask.problem.Problem;
import io.github.facemask.provenance.Digest;
import io.github.facemask.provenance.Environment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The folder of an ensemble: {@code ensemble.json} and a folder for each member. */
final class EnsembleFolder {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FORMAT = "facemask-ensemble-1";

  private EnsembleFolder() {}

  static Ensemble open(Path path) throws IOException {
    if (Files.isRegularFile(path.resolve(Ensemble.MANIFEST))) {
      try {
        return openEnsemble(path);
      } catch (IllegalArgumentException e) {
        throw InvalidFileException.of(path.resolve(Ensemble.MANIFEST), 0, e);
      }
    }
    if (Files.isRegularFile(path.resolve("model.json"))) {
      return Ensemble.ofEqual(List.of(ModelFolder.open(path)));
    }
    if (Files.isRegularFile(path.resolve("run.json"))) {
      return Ensemble.ofEqual(List.of(ModelFolder.open(path.resolve("model"))));
    }
    if (ExportedModel.isOne(path)) {
      return Ensemble.of(List.of(new Member(ExportedModel.open(path), 1)));
    }
    throw InvalidFileException.of(
        path,
        "is neither a model, a run, an exported program nor an ensemble",
        "a folder with model.json, run.json, deploy.json or ensemble.json");
  }

  static void write(Ensemble ensemble, Path folder) throws IOException {
    if (Files.exists(folder)) {
      throw InvalidFileException.of(folder, "exists already", "the name of a new folder");
    }
    AtomicFolder.write(
        folder,
        aside -> {
          fill(ensemble, aside);
          return aside;
        });
  }

  private static void fill(Ensemble ensemble, Path aside) throws IOException {
    ObjectNode manifest = JSON.createObjectNode().put("format", FORMAT);
    manifest.put("combination", ensemble.combination().displayName());
    ensemble.fitting().ifPresent(f -> manifest.set("fitted", ManifestJson.of(f)));
    manifest.put("commit", Environment.commit());
    ArrayNode members = manifest.putArray("members");
    for (Member member : ensemble.members()) {
      String name = "members/" + members.size();
      // A changed file, or one with NaN, is refused here and not when it votes.
      if (member.model() instanceof ModelFolder model) {
        model.weights();
      }
      copy(member.model().path(), aside.resolve(name));
      RunRecord.copy(member.model().path(), aside.resolve(name));
      members.add(ManifestJson.of(member, name, aside.resolve(name)));
    }
    AtomicFile.writeText(
        aside.resolve(Ensemble.MANIFEST),
        JSON.writerWithDefaultPrettyPrinter().writeValueAsString(manifest) + "\n");
  }

  private static Ensemble openEnsemble(Path folder) throws IOException {
    Path file = folder.resolve(Ensemble.MANIFEST);
    JsonNode manifest = WholeFile.readJson(file);
    if (!manifest.path("format").asText().equals(FORMAT)) {
      throw InvalidFileException.of(
          file, "format is " + manifest.path("format"), "\"" + FORMAT + "\"");
    }
    List<Member> members = new ArrayList<>();
    for (JsonNode json : manifest.path("members")) {
      Path inside = member(file, folder, json.path("folder").asText());
      if (!isInside(folder, inside)) {
        throw new InvalidFileException(
            file, Problem.saying("names a member outside its folder: " + json.path("folder")));
      }
      ModelCard model = model(file, inside, json);
      if (!model.weightsDigest().hex().equals(json.path("weightsSha256").asText())) {
        throw new InvalidFileException(
            file,
            Problem.saying(
                    "names the weights "
                        + json.path("weightsSha256").asText()
                        + ", "
                        + inside
                        + " has "
                        + model.weightsDigest().shortHex())
                .withRemedy("the member was exchanged"));
      }
      Path card = model.card();
      if (json.has("cardSha256")
          && !Digest.ofFile(card).hex().equals(json.get("cardSha256").asText())) {
        throw new InvalidFileException(
            file, Problem.saying("names another card than " + card).withRemedy("it was changed"));
      }
      members.add(ManifestJson.member(model, json));
    }
    return Ensemble.of(
            Combination.named(manifest.path("combination").asText()),
            members,
            manifest.has("fitted")
                ? Optional.of(ManifestJson.fitting(manifest.get("fitted")))
                : Optional.empty())
        .ofManifest(Digest.ofFile(file));
  }

  private static Path member(Path file, Path folder, String name) throws IOException {
    try {
      return folder.resolve(name).normalize();
    } catch (InvalidPathException e) {
      throw new InvalidFileException(
          file, Problem.saying("names a member that is no path: " + e.getMessage()), e);
    }
  }

  /** Returns whether a member is inside, also where links lead. */
  private static boolean isInside(Path folder, Path member) throws IOException {
    return member.startsWith(folder.normalize())
        && (!Files.exists(member) || member.toRealPath().startsWith(folder.toRealPath()));
  }

  private static ModelCard model(Path file, Path inside, JsonNode json) throws IOException {
    try {
      return json.has("programSha256") ? ExportedModel.open(inside) : ModelFolder.open(inside);
    } catch (IOException e) {
      throw new InvalidFileException(file, Problem.saying("its member " + e.getMessage()), e);
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
