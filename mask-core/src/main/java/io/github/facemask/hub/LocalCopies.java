package io.github.facemask.hub;

import com.google.common.collect.ImmutableList;
import io.github.facemask.hub.Hub.Artifact;
import io.github.facemask.hub.Hub.Kind;
import io.github.facemask.hub.Hub.Located;
import io.github.facemask.problem.InvalidFileException;
import io.github.facemask.problem.Problem;
import io.github.facemask.provenance.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Published files that are on this machine already. */
final class LocalCopies {

  /** torch.hub's names end with the first digits of the SHA-256. */
  private static final Pattern TORCH_NAME = Pattern.compile(".*-([0-9a-f]{8,64})\\.[a-z.]+");

  private static final ImmutableList<String> ENDINGS =
      ImmutableList.of(".safetensors", ".pth", ".pt", ".bin", ".npz", ".onnx");

  private LocalCopies() {}

  /** Returns the copy in a user's folder, under any of the names that it may have there. */
  static Optional<Path> inFolder(Path folder, Artifact artifact) {
    ImmutableList.Builder<Path> names = ImmutableList.builder();
    ENDINGS.forEach(ending -> names.add(folder.resolve(artifact.name() + ending)));
    Path own = folder.resolve(artifact.name());
    artifact.files().forEach(file -> names.add(own.resolve(file)));
    artifact.files().forEach(file -> names.add(own.resolve(file + ".index.json")));
    artifact.checkpoint().ifPresent(name -> names.add(folder.resolve(name)));
    if (artifact.digest().isPresent()) {
      // The name of a pinned file says which one it is.
      artifact.files().forEach(file -> names.add(folder.resolve(file)));
    }
    return first(names.build());
  }

  /** Returns the copy in the cache of torch.hub. */
  static Optional<Path> inTorchHub(Path cache, Artifact artifact) {
    return artifact.checkpoint().flatMap(name -> first(List.of(cache.resolve(name))));
  }

  private static Optional<Path> first(List<Path> files) {
    return files.stream().filter(Files::isRegularFile).findFirst();
  }

  /**
   * Compares a copy with the digest that this library or the file's own name gives.
   *
   * @throws InvalidFileException if they differ
   */
  static Located checked(Path file, Artifact artifact, Kind kind) throws IOException {
    Digest digest = Digest.ofFile(file);
    String expected = artifact.digest().map(Digest::hex).orElse("");
    if (expected.isEmpty() && kind == Kind.TORCH_HUB) {
      Matcher named = TORCH_NAME.matcher(file.getFileName().toString());
      expected = named.matches() ? named.group(1) : "";
    }
    if (expected.isEmpty() && (kind == Kind.HUGGING_FACE || kind == Kind.DOWNLOAD)) {
      expected = HubCache.digestOf(file);
    }
    if (!digest.hex().startsWith(expected)) {
      throw new InvalidFileException(
          file,
          Problem.saying("has SHA-256 " + digest.hex())
              .withExpected(expected + " of " + artifact.name())
              .withRemedy("delete it, so that it is fetched again"));
    }
    return new Located(file, digest, kind);
  }
}
