package io.github.facemask.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;

/** The photos and references among the test resources. */
public final class TestFiles {

  private TestFiles() {}

  /** Returns a resource as a file; one in a jar is copied out. */
  public static Path path(String name) {
    URL resource = TestFiles.class.getResource("/" + name);
    try {
      if (!resource.getProtocol().equals("jar")) {
        return Path.of(resource.toURI());
      }
      Path folder = Files.createTempDirectory("facemask-test");
      Path copy = folder.resolve(Path.of(name).getFileName().toString());
      folder.toFile().deleteOnExit();
      copy.toFile().deleteOnExit();
      try (InputStream in = resource.openStream()) {
        Files.copy(in, copy);
      }
      return copy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns a resource's JSON. */
  public static JsonNode json(String name) {
    try (InputStream in = TestFiles.class.getResourceAsStream("/" + name)) {
      return new ObjectMapper().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns a resource's pixels. */
  public static Pixels photo(String name) {
    try {
      return PhotoDecoder.create().decode(path(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the largest difference of two photos of one size. */
  public static int largestDifference(Pixels a, Pixels b) {
    if (a.height() != b.height() || a.width() != b.width()) {
      throw new AssertionError(a + " and " + b + " have different sizes");
    }
    int largest = 0;
    for (int i = 0; i < a.array().length; i++) {
      largest = Math.max(largest, Math.abs((a.array()[i] & 0xff) - (b.array()[i] & 0xff)));
    }
    return largest;
  }

  /** Returns a photo whose red grows to the right and whose green grows downwards. */
  public static Pixels ramp(int height, int width) {
    byte[] array = new byte[height * width * 3];
    for (int y = 0, i = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        array[i++] = (byte) (x * 255 / Math.max(1, width - 1));
        array[i++] = (byte) (y * 255 / Math.max(1, height - 1));
        array[i++] = 77;
      }
    }
    return Pixels.wrap(height, width, array);
  }

  /** Returns a photo of one colour. */
  public static Pixels plain(int height, int width, int red, int green, int blue) {
    byte[] array = new byte[height * width * 3];
    for (int i = 0; i < array.length; i += 3) {
      array[i] = (byte) red;
      array[i + 1] = (byte) green;
      array[i + 2] = (byte) blue;
    }
    return Pixels.wrap(height, width, array);
  }
}
