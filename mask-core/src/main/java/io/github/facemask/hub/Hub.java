package io.github.facemask.hub;

import static io.github.facemask.problem.InvalidArgumentException.check;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.CheckReturnValue;
import io.github.facemask.problem.InvalidFileException;
import io.github.facemask.problem.Problem;
import io.github.facemask.provenance.Digest;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Finds published files by name, and downloads those that are not on this machine. It looks in this
 * order:
 *
 * <ol>
 *   <li>the folder of the environment variable {@code FACEMASK_WEIGHTS}
 *   <li>the cache of Hugging Face ({@code HF_HUB_CACHE}, {@code HF_HOME}), which Python's timm
 *       fills
 *   <li>the cache of torch.hub ({@code TORCH_HOME})
 *   <li>the hub itself ({@code HF_ENDPOINT}, by default huggingface.co), unless {@code
 *       HF_HUB_OFFLINE} is 1. The file goes into the cache of Hugging Face, where Python finds it
 * </ol>
 *
 * <p>{@code HF_TOKEN}, or the file that {@code hf auth login} writes, is sent to the endpoint only.
 * Proxies are those of the JVM. A download needs TLS, except from this machine. It is resumed after
 * a break, checked by its SHA-256, and made by one process at a time.
 *
 * <p>Immutable and thread-safe.
 */
public final class Hub {

  private final HubSettings settings;
  private final Listener listener;

  private Hub(HubSettings settings, Listener listener) {
    this.settings = settings;
    this.listener = listener;
  }

  /** Returns the hub that the environment variables of this process describe. */
  public static Hub usual() {
    return of(System.getenv());
  }

  /**
   * Returns the hub that some environment variables describe.
   *
   * @param environment the variables
   * @return the hub
   * @throws IllegalArgumentException if {@code HF_ENDPOINT} is no address with TLS
   */
  public static Hub of(Map<String, String> environment) {
    return new Hub(HubSettings.of(environment), new Listener() {});
  }

  /**
   * Returns the hub with a listener.
   *
   * @param told hears of each place and of the download
   * @return the changed hub
   */
  @CheckReturnValue
  public Hub withListener(Listener told) {
    return new Hub(settings, told);
  }

  /**
   * A published file.
   *
   * @param name its name for users, for instance {@code "resnet18.a1_in1k"}
   * @param repository its repository on the hub, for instance {@code "timm/resnet18.a1_in1k"};
   *     empty if it is not on the hub
   * @param files the names of the file in the repository, the preferred one first
   * @param checkpoint the name of the file in the cache of torch.hub; empty if it is not there.
   *     Eight digits at the end of such a name begin the SHA-256 of the file
   * @param digest the SHA-256 of the file, where this library knows it
   */
  public record Artifact(
      String name,
      String repository,
      ImmutableList<String> files,
      Optional<String> checkpoint,
      Optional<Digest> digest) {

    /** Checks that there is a name of a file. */
    public Artifact {
      check(!files.isEmpty(), "files", "none", "one or more");
    }
  }

  /**
   * A file on this machine.
   *
   * @param file the file
   * @param digest its SHA-256
   * @param kind where it was found
   */
  public record Located(Path file, Digest digest, Kind kind) {}

  /** The kinds of places, in their order. */
  public enum Kind {
    /** The folder of {@code FACEMASK_WEIGHTS}. */
    FOLDER,
    /** The cache of Hugging Face. */
    HUGGING_FACE,
    /** The cache of torch.hub. */
    TORCH_HUB,
    /** Just downloaded into the cache of Hugging Face. */
    DOWNLOAD
  }

  /**
   * A place where a file was looked for.
   *
   * @param kind its kind
   * @param where the folder, or the address
   * @param found the file, if it is there
   */
  public record Place(Kind kind, String where, Optional<Path> found) {}

  /** Hears what the hub does. Called on the thread that asks for the file. */
  public interface Listener {

    /** A place was looked at. */
    default void onPlace(Place place) {}

    /**
     * A download begins or goes on.
     *
     * @param address the address
     * @param done bytes that an earlier try left
     * @param size bytes of the whole file, -1 if unknown
     */
    default void onDownload(URI address, long done, long size) {}

    /**
     * A part of the file was written.
     *
     * @param done bytes so far
     * @param size bytes of the whole file, -1 if unknown
     */
    default void onBytes(long done, long size) {}
  }

  /** Thrown for a file that is not on this machine and cannot be downloaded. */
  public static final class UnavailableException extends IOException {

    private static final long serialVersionUID = 1;

    private final int status;
    private final transient URI address;
    private final Problem problem;

    UnavailableException(String name, URI address, int status, Problem problem, Throwable cause) {
      super(name + ": " + problem.message(), cause);
      this.status = status;
      this.address = address;
      this.problem = problem;
    }

    /** Returns the status that the server gave, if it answered. */
    public OptionalInt status() {
      return status > 0 ? OptionalInt.of(status) : OptionalInt.empty();
    }

    /** Returns the address to fetch by hand; {@code null} after serialization. */
    public URI address() {
      return address;
    }

    /** Returns what is wrong, as fields. */
    public Problem problem() {
      return problem;
    }
  }

  /**
   * Returns the places of a file, without a download. A folder or cache that does not exist is a
   * place without the file.
   *
   * @param artifact the file
   * @return the places in their order; the last is the address, unless the hub is offline
   * @throws IOException if a folder cannot be read
   */
  public List<Place> places(Artifact artifact) throws IOException {
    ImmutableList.Builder<Place> places = ImmutableList.builder();
    if (settings.folder().isPresent()) {
      Path folder = settings.folder().get();
      places.add(new Place(Kind.FOLDER, folder.toString(), LocalCopies.inFolder(folder, artifact)));
    }
    places.add(
        new Place(
            Kind.HUGGING_FACE,
            settings.hubCache().toString(),
            new HubCache(settings.hubCache(), artifact.repository()).find(artifact.files())));
    places.add(
        new Place(
            Kind.TORCH_HUB,
            settings.torchCache().toString(),
            LocalCopies.inTorchHub(settings.torchCache(), artifact)));
    if (!settings.offline() && !artifact.repository().isEmpty()) {
      places.add(new Place(Kind.DOWNLOAD, address(artifact).toString(), Optional.empty()));
    }
    return places.build();
  }

  /**
   * Returns a file, downloaded if it is not on this machine.
   *
   * @param artifact the file
   * @return the file and its SHA-256
   * @throws UnavailableException if it is not on this machine and cannot be downloaded
   * @throws InvalidFileException if a file on this machine has another SHA-256 than its name says
   * @throws IOException if it cannot be read or written
   */
  public Located locate(Artifact artifact) throws IOException {
    for (Place place : places(artifact)) {
      listener.onPlace(place);
      if (place.found().isPresent()) {
        return LocalCopies.checked(place.found().get(), artifact, place.kind());
      }
    }
    if (artifact.repository().isEmpty()) {
      throw unavailable(
          artifact, 0, "has no published file that could be downloaded", "name the file itself");
    }
    if (settings.offline()) {
      throw unavailable(
          artifact, 0, "is not on this machine, and HF_HUB_OFFLINE forbids to download it", "");
    }
    Path file = new Download(settings, artifact, listener).fetch();
    return LocalCopies.checked(file, artifact, Kind.DOWNLOAD);
  }

  private UnavailableException unavailable(
      Artifact artifact, int status, String clause, String remedy) {
    return new UnavailableException(
        artifact.name(),
        artifact.repository().isEmpty() ? null : address(artifact),
        status,
        Problem.saying(clause)
            .withRemedy(remedy.isEmpty() ? settings.byHand(artifact, address(artifact)) : remedy),
        null);
  }

  private URI address(Artifact artifact) {
    return settings.address(artifact, artifact.files().get(0));
  }
}
