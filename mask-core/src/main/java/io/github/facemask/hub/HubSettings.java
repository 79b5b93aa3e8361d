package io.github.facemask.hub;

import com.google.common.base.CharMatcher;
import com.google.common.base.Strings;
import com.google.common.net.InetAddresses;
import com.google.common.primitives.Ints;
import io.github.facemask.hub.Hub.Artifact;
import io.github.facemask.internal.files.WholeFile;
import io.github.facemask.problem.InvalidArgumentException;
import io.github.facemask.problem.Problem;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the environment says of published files: the variables of Python's huggingface_hub and
 * torch, and {@code FACEMASK_WEIGHTS}.
 *
 * @param folder the user's folder of files
 * @param hubCache the cache of Hugging Face
 * @param torchCache the cache of torch.hub's checkpoints
 * @param endpoint the address of the hub, without a slash at its end
 * @param token the token for the endpoint
 * @param offline whether nothing may be downloaded
 * @param patience the longest time without a byte
 */
record HubSettings(
    Optional<Path> folder,
    Path hubCache,
    Path torchCache,
    URI endpoint,
    Optional<String> token,
    boolean offline,
    Duration patience) {

  private static final String ENDPOINT = "https://huggingface.co";
  private static final Set<String> TRUE = Set.of("1", "on", "yes", "true");
  private static final int PATIENCE_SECONDS = 30;

  static HubSettings of(Map<String, String> environment) {
    Path home = Path.of(System.getProperty("user.home"));
    Path cache = path(environment, "XDG_CACHE_HOME").orElse(home.resolve(".cache"));
    Path huggingFace = path(environment, "HF_HOME").orElse(cache.resolve("huggingface"));
    Path torch = path(environment, "TORCH_HOME").orElse(cache.resolve("torch"));
    return new HubSettings(
        folder(environment),
        path(environment, "HF_HUB_CACHE")
            .or(() -> path(environment, "HUGGINGFACE_HUB_CACHE"))
            .orElse(huggingFace.resolve("hub")),
        torch.resolve("hub").resolve("checkpoints"),
        endpoint(Strings.nullToEmpty(environment.get("HF_ENDPOINT"))),
        token(environment, huggingFace),
        isTrue(environment, "HF_HUB_OFFLINE") || isTrue(environment, "TRANSFORMERS_OFFLINE"),
        patience(Strings.nullToEmpty(environment.get("HF_HUB_DOWNLOAD_TIMEOUT"))));
  }

  private static Duration patience(String given) {
    if (given.isBlank()) {
      return Duration.ofSeconds(PATIENCE_SECONDS);
    }
    Integer seconds = Ints.tryParse(given.strip());
    check(seconds != null && seconds > 0, "HF_HUB_DOWNLOAD_TIMEOUT", given, "a number of seconds");
    return Duration.ofSeconds(seconds);
  }

  private static Optional<Path> path(Map<String, String> environment, String name) {
    String value = Strings.nullToEmpty(environment.get(name));
    if (value.equals("~") || value.startsWith("~/")) {
      value = System.getProperty("user.home") + value.substring(1);
    }
    return value.isEmpty() ? Optional.empty() : Optional.of(Path.of(value).toAbsolutePath());
  }

  private static Optional<Path> folder(Map<String, String> environment) {
    Optional<Path> folder = path(environment, "FACEMASK_WEIGHTS");
    check(
        folder.isEmpty() || Files.isDirectory(folder.get()),
        "FACEMASK_WEIGHTS",
        folder.map(Path::toString).orElse(""),
        "an existing folder");
    return folder;
  }

  private static boolean isTrue(Map<String, String> environment, String name) {
    return TRUE.contains(
        Strings.nullToEmpty(environment.get(name)).strip().toLowerCase(Locale.ROOT));
  }

  private static Optional<String> token(Map<String, String> environment, Path huggingFace) {
    String given = Strings.nullToEmpty(environment.get("HF_TOKEN")).strip();
    if (!given.isEmpty()) {
      return Optional.of(checkedToken(given, "HF_TOKEN"));
    }
    Path file = path(environment, "HF_TOKEN_PATH").orElse(huggingFace.resolve("token"));
    if (isTrue(environment, "HF_HUB_DISABLE_IMPLICIT_TOKEN") || !Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      String text = WholeFile.readText(file).strip();
      return text.isEmpty() ? Optional.empty() : Optional.of(checkedToken(text, file.toString()));
    } catch (IOException e) {
      // A token of other users is no reason to fail: published weights need none.
      return Optional.empty();
    }
  }

  /** A token is a header's value. It is a secret, so the message does not show it. */
  private static String checkedToken(String token, String from) {
    check(
        CharMatcher.inRange('!', '~').matchesAllOf(token),
        from,
        "a text with blanks or other characters that no token has",
        "a token such as hf_...");
    return token;
  }

  /** The name of a variable stays in capital letters. */
  private static void check(boolean right, String variable, String value, String expected) {
    if (!right) {
      throw new InvalidArgumentException(
          Problem.saying(variable + " is " + value).withExpected(expected));
    }
  }

  private static URI endpoint(String given) {
    String text = CharMatcher.is('/').trimTrailingFrom(given.isBlank() ? ENDPOINT : given.strip());
    try {
      URI address = new URI(text);
      check(isSafe(address), "HF_ENDPOINT", text, "an address that begins with https://");
      return address;
    } catch (URISyntaxException e) {
      check(false, "HF_ENDPOINT", text, "an address that begins with https://");
      throw new IllegalStateException(e);
    }
  }

  /** TLS, or this machine. */
  static boolean isSafe(URI address) {
    String scheme = Strings.nullToEmpty(address.getScheme()).toLowerCase(Locale.ROOT);
    String host = Strings.nullToEmpty(address.getHost());
    if (host.isEmpty()) {
      return false;
    }
    boolean here =
        host.equals("localhost")
            || (InetAddresses.isUriInetAddress(host)
                && InetAddresses.forUriString(host).isLoopbackAddress());
    return scheme.equals("https") || (scheme.equals("http") && here);
  }

  /** Returns the address of a file on the hub. */
  URI address(Artifact artifact, String file) {
    return URI.create(endpoint + "/" + artifact.repository() + "/resolve/main/" + file);
  }

  /** Returns how a person gets a file without this library. */
  String byHand(Artifact artifact, URI address) {
    String file = artifact.files().get(0);
    String ending = file.substring(file.lastIndexOf('.'));
    String name = artifact.name().endsWith(ending) ? artifact.name() : artifact.name() + ending;
    return "fetch "
        + address
        + " by hand and save it as "
        + (folder.isPresent()
            ? folder.get().resolve(name).toString()
            : name + " in a folder that the environment variable FACEMASK_WEIGHTS names");
  }
}
