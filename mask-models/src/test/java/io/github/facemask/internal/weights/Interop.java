package io.github.facemask.internal.weights;

import ai.djl.ndarray.types.DataType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Locale;

/** Files written by torch 2.7.1 and safetensors in Python, and what they hold. */
final class Interop {

  private Interop() {}

  static byte[] bytes(String name) {
    try (InputStream in = Interop.class.getResourceAsStream("/interop/" + name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads one of the files, from memory. */
  static Weights read(String name, Ema ema) throws IOException {
    return read(name, bytes(name), ema);
  }

  static Weights read(String name, byte[] bytes, Ema ema) throws IOException {
    return WeightFile.read(FileBytes.of(Path.of(name), bytes), ema);
  }

  static JsonNode expected() throws IOException {
    return new ObjectMapper().readTree(bytes("checkpoint.expected.json"));
  }

  static String dtype(io.github.facemask.tensor.HostTensor tensor) {
    return tensor.type() == DataType.BOOLEAN
        ? "bool"
        : tensor.type().name().toLowerCase(Locale.ROOT);
  }
}
