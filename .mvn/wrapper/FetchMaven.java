import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** Downloads Maven, checks its SHA-256 and unpacks it; with the JDK alone. */
class FetchMaven {
  public static void main(String[] args) {
    Path home = Path.of(args[2]).toAbsolutePath();
    Path aside = home.resolveSibling(home.getFileName() + ".fetching");
    try {
      HttpClient client =
          HttpClient.newBuilder()
              .followRedirects(HttpClient.Redirect.NORMAL)
              .connectTimeout(Duration.ofSeconds(10))
              .build();
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(args[0])).timeout(Duration.ofMinutes(3)).build();
      HttpResponse<byte[]> response =
          client.send(request, HttpResponse.BodyHandlers.ofByteArray());
      if (response.statusCode() != 200) {
        throw new IOException("status " + response.statusCode());
      }
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(response.body());
      if (!HexFormat.of().formatHex(digest).equals(args[1])) {
        throw new IOException("the download has another SHA-256 than expected");
      }
      unpack(response.body(), aside);
      Files.move(aside, home, StandardCopyOption.ATOMIC_MOVE);
    } catch (Exception e) {
      System.err.println("mvnw: " + args[0] + ": " + e);
      System.exit(1);
    }
  }

  private static void unpack(byte[] archive, Path into) throws IOException {
    try (ZipInputStream zip = new ZipInputStream(new java.io.ByteArrayInputStream(archive))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        // Without the archive's top folder.
        String inner = entry.getName().substring(entry.getName().indexOf('/') + 1);
        Path target = into.resolve(inner).normalize();
        if (!target.startsWith(into)) {
          throw new IOException("the archive has a path outside: " + entry.getName());
        }
        if (entry.isDirectory()) {
          Files.createDirectories(target);
        } else {
          Files.createDirectories(target.getParent());
          copy(zip, target);
        }
      }
    }
  }

  private static void copy(InputStream from, Path target) throws IOException {
    Files.copy(from, target, StandardCopyOption.REPLACE_EXISTING);
    if (target.getFileName().toString().equals("mvn")) {
      target.toFile().setExecutable(true);
    }
  }
}
