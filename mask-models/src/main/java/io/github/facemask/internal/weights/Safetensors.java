package io.github.facemask.internal.weights;

import static com.google.common.base.Preconditions.checkArgument;

import ai.djl.ndarray.types.DataType;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableMap;
import com.google.common.hash.Hashing;
import com.google.common.hash.HashingOutputStream;
import io.github.facemask.internal.files.AtomicFile;
import io.github.facemask.provenance.Digest;
import io.github.facemask.tensor.HostTensor;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/**
 * The safetensors format: eight bytes of header length, a JSON header, then the tensors' bytes
 * without gaps. Reading maps the file into memory. The header is not trusted: lengths, offsets,
 * shapes and types are checked against each other and against the file before any tensor is
 * created.
 */
public final class Safetensors {

  private static final ObjectMapper JSON = new ObjectMapper();

  private Safetensors() {}

  /**
   * Reads all tensors of a file. They are views of the file, which must not change while they are
   * in use.
   *
   * @param file the file
   * @return the tensors by name, in the order of their bytes
   * @throws IOException if it cannot be read or is malformed; the message names the place
   */
  public static ImmutableMap<String, HostTensor> read(Path file) throws IOException {
    try (FileBytes bytes = FileBytes.open(file)) {
      return read(bytes);
    }
  }

  /**
   * Reads the texts of a file's header.
   *
   * @param file the file
   * @return the texts by name; empty if there are none
   * @throws IOException if it cannot be read or is malformed
   */
  public static ImmutableMap<String, String> readMetadata(Path file) throws IOException {
    try (FileBytes bytes = FileBytes.open(file)) {
      return SafetensorsHeader.read(bytes).metadata();
    }
  }

  static ImmutableMap<String, HostTensor> read(FileBytes bytes) throws IOException {
    SafetensorsHeader header = SafetensorsHeader.read(bytes);
    ImmutableMap.Builder<String, HostTensor> tensors = ImmutableMap.builder();
    for (SafetensorsHeader.Entry entry : header.entries()) {
      ByteBuffer part = bytes.slice(header.begin() + entry.begin(), entry.end() - entry.begin());
      tensors.put(entry.name(), HostTensor.of(entry.type(), entry.shape(), part));
    }
    return tensors.buildOrThrow();
  }

  /**
   * Writes tensors to a file atomically.
   *
   * @param file the file to write
   * @param tensors the tensors by name
   * @param metadata texts for the header; may be empty
   * @return the digest of the file
   * @throws IllegalArgumentException if a tensor is named {@code "__metadata__"}
   * @throws IOException if it cannot be written; then an existing file is unchanged
   */
  public static Digest write(
      Path file, Map<String, HostTensor> tensors, Map<String, String> metadata) throws IOException {
    checkArgument(
        !tensors.containsKey(SafetensorsHeader.METADATA),
        "a tensor is named %s, which the format keeps for its texts",
        SafetensorsHeader.METADATA);
    byte[] header = header(tensors, metadata);
    Digest[] digest = new Digest[1];
    AtomicFile.write(
        file,
        to -> {
          HashingOutputStream out = new HashingOutputStream(Hashing.sha256(), to);
          out.write(
              ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length).array());
          out.write(header);
          for (HostTensor tensor : tensors.values()) {
            copy(tensor.bytes(), out);
          }
          digest[0] = new Digest(out.hash().toString());
        });
    return digest[0];
  }

  private static byte[] header(Map<String, HostTensor> tensors, Map<String, String> metadata)
      throws JsonProcessingException {
    ObjectNode header = JSON.createObjectNode();
    if (!metadata.isEmpty()) {
      ObjectNode texts = header.putObject(SafetensorsHeader.METADATA);
      metadata.forEach(texts::put);
    }
    long at = 0;
    for (Map.Entry<String, HostTensor> e : tensors.entrySet()) {
      HostTensor tensor = e.getValue();
      ObjectNode entry = header.putObject(e.getKey());
      entry.put("dtype", name(tensor.type()));
      ArrayNode shape = entry.putArray("shape");
      for (long size : tensor.shape().getShape()) {
        shape.add(size);
      }
      long end = at + tensor.bytes().remaining();
      entry.putArray("data_offsets").add(at).add(end);
      at = end;
    }
    byte[] json = JSON.writeValueAsString(header).getBytes(StandardCharsets.UTF_8);
    // Padded with spaces, because the format requires that tensors begin at a multiple of eight.
    byte[] padded = Arrays.copyOf(json, (json.length + 7) / 8 * 8);
    Arrays.fill(padded, json.length, padded.length, (byte) ' ');
    return padded;
  }

  private static String name(DataType type) {
    return SafetensorsHeader.TYPES.entrySet().stream()
        .filter(e -> e.getValue() == type)
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow();
  }

  private static void copy(ByteBuffer from, OutputStream out) throws IOException {
    byte[] chunk = new byte[1 << 16];
    while (from.hasRemaining()) {
      int n = Math.min(chunk.length, from.remaining());
      from.get(chunk, 0, n);
      out.write(chunk, 0, n);
    }
  }
}
