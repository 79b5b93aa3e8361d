package io.github.facemask.weights;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableMap;
import io.github.facemask.provenance.AtomicFile;
import io.github.facemask.tensor.ElementType;
import io.github.facemask.tensor.HostTensor;
import io.github.facemask.tensor.Shape;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * The safetensors format: eight bytes of header length, a JSON header, then the tensors' bytes
 * without gaps. Reading maps the file into memory and trusts nothing that the header says: lengths,
 * offsets, shapes and types are checked against each other and against the file before any tensor
 * is made.
 */
public final class Safetensors {

  /** The longest header that is read, as the format's own library has it. */
  private static final long HEADER_LIMIT = 100_000_000;

  private static final int PREFIX = 8;

  private static final ImmutableMap<String, ElementType> TYPES =
      ImmutableMap.<String, ElementType>builder()
          .put("F32", ElementType.FLOAT32)
          .put("F64", ElementType.FLOAT64)
          .put("F16", ElementType.FLOAT16)
          .put("BF16", ElementType.BFLOAT16)
          .put("I64", ElementType.INT64)
          .put("I32", ElementType.INT32)
          .put("I16", ElementType.INT16)
          .put("I8", ElementType.INT8)
          .put("U8", ElementType.UINT8)
          .put("BOOL", ElementType.BOOL)
          .buildOrThrow();

  private static final ObjectMapper JSON =
      new ObjectMapper(
          JsonMapper.builder()
              .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
              .build()
              .getFactory()
              .setStreamReadConstraints(
                  StreamReadConstraints.builder().maxNestingDepth(8).build()));

  private Safetensors() {}

  private record Entry(String name, ElementType type, Shape shape, long begin, long end) {}

  /**
   * Reads all tensors of a file. They are views of the mapped file, which must not change while
   * they live.
   *
   * @param file the file
   * @return the tensors by name, in the order of their bytes
   * @throws IOException if it cannot be read or is malformed; the message says where
   */
  public static ImmutableMap<String, HostTensor> read(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long start = PREFIX + headerLength(file, channel);
      JsonNode header = header(file, channel, start - PREFIX);
      List<Entry> entries = entries(file, header, channel.size() - start);
      ImmutableMap.Builder<String, HostTensor> tensors = ImmutableMap.builder();
      for (Entry entry : entries) {
        ByteBuffer bytes =
            channel.map(
                FileChannel.MapMode.READ_ONLY, start + entry.begin, entry.end - entry.begin);
        tensors.put(entry.name, HostTensor.of(entry.type, entry.shape, bytes));
      }
      return tensors.buildOrThrow();
    }
  }

  /**
   * Writes tensors to a file, whole or not at all.
   *
   * @param file where to
   * @param tensors the tensors by name
   * @param metadata texts for the header; may be empty
   * @throws IOException if it cannot be written; the file is then as it was
   */
  public static void write(Path file, Map<String, HostTensor> tensors, Map<String, String> metadata)
      throws IOException {
    byte[] header = header(tensors, metadata);
    AtomicFile.write(
        file,
        out -> {
          out.write(little(PREFIX).putLong(header.length).array());
          out.write(header);
          for (HostTensor tensor : tensors.values()) {
            copy(tensor.bytes(), out);
          }
        });
  }

  private static long headerLength(Path file, FileChannel channel) throws IOException {
    if (channel.size() < PREFIX + 2) {
      throw malformed(file, "has " + channel.size() + " bytes, expected a header");
    }
    ByteBuffer prefix = little(PREFIX);
    readFully(channel, prefix, 0);
    long length = prefix.getLong(0);
    long room = Math.min(HEADER_LIMIT, channel.size() - PREFIX);
    if (length < 2 || length > room) {
      throw malformed(file, "says that its header has " + length + " bytes, expected 2 to " + room);
    }
    return length;
  }

  private static JsonNode header(Path file, FileChannel channel, long length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate((int) length);
    readFully(channel, bytes, PREFIX);
    try {
      JsonNode header = JSON.readTree(bytes.array());
      if (!header.isObject()) {
        throw malformed(file, "has a header that is no JSON object");
      }
      return header;
    } catch (JsonProcessingException e) {
      throw malformed(file, "has a header that is not JSON: " + e.getOriginalMessage());
    }
  }

  private static List<Entry> entries(Path file, JsonNode header, long room) throws IOException {
    List<Entry> entries = new ArrayList<>();
    for (Map.Entry<String, JsonNode> e : header.properties()) {
      if (!e.getKey().equals("__metadata__")) {
        entries.add(entry(file, e.getKey(), e.getValue()));
      }
    }
    entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
    long end = 0;
    for (Entry entry : entries) {
      if (entry.begin != end) {
        throw malformed(file, entry.name + " begins at byte " + entry.begin + ", expected " + end);
      }
      end = entry.end;
    }
    if (end != room) {
      throw malformed(file, "has " + room + " bytes of tensors, its header expects " + end);
    }
    return entries;
  }

  private static Entry entry(Path file, String name, JsonNode json) throws IOException {
    ElementType type = TYPES.get(json.path("dtype").asText());
    if (type == null) {
      throw malformed(
          file, name + " has dtype " + json.path("dtype") + ", expected one of " + TYPES.keySet());
    }
    long[] sizes = numbers(file, name, json.path("shape"));
    long[] offsets = numbers(file, name, json.path("data_offsets"));
    if (offsets.length != 2 || offsets[1] < offsets[0]) {
      throw malformed(file, name + " has data_offsets " + json.path("data_offsets"));
    }
    long expected;
    try {
      expected = Math.multiplyExact(Shape.of(sizes).elements(), type.bytes());
    } catch (ArithmeticException e) {
      throw malformed(file, name + " has shape " + Arrays.toString(sizes) + ", too large");
    }
    if (offsets[1] - offsets[0] != expected || expected > Integer.MAX_VALUE) {
      throw malformed(
          file,
          name
              + " has "
              + (offsets[1] - offsets[0])
              + " bytes, its shape "
              + Arrays.toString(sizes)
              + " expects "
              + expected);
    }
    return new Entry(name, type, Shape.of(sizes), offsets[0], offsets[1]);
  }

  private static long[] numbers(Path file, String name, JsonNode array) throws IOException {
    if (!array.isArray()) {
      throw malformed(file, name + " lacks its shape or data_offsets");
    }
    long[] numbers = new long[array.size()];
    for (int i = 0; i < numbers.length; i++) {
      JsonNode number = array.get(i);
      if (!number.isIntegralNumber() || !number.canConvertToLong() || number.asLong() < 0) {
        throw malformed(file, name + " has " + array + ", expected whole numbers of 0 or more");
      }
      numbers[i] = number.asLong();
    }
    return numbers;
  }

  private static byte[] header(Map<String, HostTensor> tensors, Map<String, String> metadata)
      throws JsonProcessingException {
    ObjectNode header = JSON.createObjectNode();
    if (!metadata.isEmpty()) {
      ObjectNode texts = header.putObject("__metadata__");
      metadata.forEach(texts::put);
    }
    long at = 0;
    for (Map.Entry<String, HostTensor> e : tensors.entrySet()) {
      HostTensor tensor = e.getValue();
      ObjectNode entry = header.putObject(e.getKey());
      entry.put("dtype", name(tensor.type()));
      ArrayNode shape = entry.putArray("shape");
      tensor.shape().sizes().forEach(shape::add);
      long end = at + tensor.bytes().remaining();
      entry.putArray("data_offsets").add(at).add(end);
      at = end;
    }
    byte[] json = JSON.writeValueAsString(header).getBytes(StandardCharsets.UTF_8);
    // Padded with spaces so that the tensors begin at a multiple of eight, as the format asks.
    byte[] padded = Arrays.copyOf(json, (json.length + 7) / 8 * 8);
    Arrays.fill(padded, json.length, padded.length, (byte) ' ');
    return padded;
  }

  private static String name(ElementType type) {
    return TYPES.entrySet().stream()
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

  private static void readFully(FileChannel channel, ByteBuffer into, long at) throws IOException {
    long position = at;
    while (into.hasRemaining()) {
      int n = channel.read(into, position);
      if (n < 0) {
        throw new IOException("the file ended at byte " + position);
      }
      position += n;
    }
  }

  private static ByteBuffer little(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static IOException malformed(Path file, String what) {
    return new IOException(file + ": is no valid safetensors file: " + what);
  }
}
