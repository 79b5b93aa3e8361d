package io.github.facemask.internal.weights;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.facemask.internal.pickle.PickleException;
import io.github.facemask.problem.InvalidFileException;
import io.github.facemask.problem.Problem;
import io.github.facemask.tensor.HostTensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * The header of a safetensors file, read entry by entry and checked: lengths, offsets, shapes and
 * types against each other and against the file.
 *
 * @param begin where the tensors' bytes begin in the file
 * @param entries the tensors, in the order of their bytes
 * @param metadata the texts
 */
record SafetensorsHeader(
    long begin, ImmutableList<Entry> entries, ImmutableMap<String, String> metadata) {

  /**
   * A tensor with the range of its bytes: {@code begin} inclusive, {@code end} exclusive, from the
   * first tensor's first byte.
   */
  record Entry(String name, DataType type, Shape shape, long begin, long end) {}

  static final String METADATA = "__metadata__";

  static final ImmutableMap<String, DataType> TYPES =
      ImmutableMap.<String, DataType>builder()
          .put("F32", DataType.FLOAT32)
          .put("F64", DataType.FLOAT64)
          .put("F16", DataType.FLOAT16)
          .put("BF16", DataType.BFLOAT16)
          .put("I64", DataType.INT64)
          .put("I32", DataType.INT32)
          .put("I16", DataType.INT16)
          .put("I8", DataType.INT8)
          .put("U8", DataType.UINT8)
          .put("U16", DataType.UINT16)
          .put("U32", DataType.UINT32)
          .put("U64", DataType.UINT64)
          .put("BOOL", DataType.BOOLEAN)
          .buildOrThrow();

  /** The longest header that is read, the limit of the safetensors library. */
  private static final long LIMIT = 100_000_000;

  private static final int PREFIX = 8;

  /** More dimensions than any weight has. */
  private static final int RANK_LIMIT = 16;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(4).build())
          .build();

  static SafetensorsHeader read(FileBytes bytes) throws IOException {
    return new Reader(bytes.file()).read(bytes);
  }

  /** Reads one header. */
  private static final class Reader {

    private final Path file;
    private final List<Entry> entries = new ArrayList<>();
    private final ImmutableMap.Builder<String, String> metadata = ImmutableMap.builder();

    Reader(Path file) {
      this.file = file;
    }

    SafetensorsHeader read(FileBytes bytes) throws IOException {
      long begin = PREFIX + length(bytes);
      String json = text(bytes, begin - PREFIX);
      try (JsonParser parser = JSON.createParser(json)) {
        entries(parser);
      } catch (JsonProcessingException e) {
        throw malformed("has a header that is not JSON: " + firstLine(e.getOriginalMessage()));
      }
      entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
      checkGaps(bytes.size() - begin);
      return new SafetensorsHeader(begin, ImmutableList.copyOf(entries), metadata.buildOrThrow());
    }

    private long length(FileBytes bytes) throws IOException {
      if (bytes.size() < PREFIX + 2) {
        throw malformed("has " + bytes.size() + " bytes, expected a header");
      }
      long length = bytes.slice(0, PREFIX).getLong();
      long room = Math.min(LIMIT, bytes.size() - PREFIX);
      if (length < 2 || length > room) {
        throw malformed("says that its header has " + length + " bytes, expected 2 to " + room);
      }
      return length;
    }

    private String text(FileBytes bytes, long length) throws IOException {
      ByteBuffer header = bytes.slice(PREFIX, length);
      if (header.get(0) != '{') {
        throw malformed("has a header that is no JSON object");
      }
      try {
        return StandardCharsets.UTF_8.newDecoder().decode(header).toString();
      } catch (CharacterCodingException e) {
        throw malformed("has a header that is not UTF-8");
      }
    }

    private void entries(JsonParser parser) throws IOException {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        if (parser.nextToken() != JsonToken.START_OBJECT) {
          throw malformed(quote(name) + " is no JSON object");
        }
        if (name.equals(METADATA)) {
          metadata(parser);
        } else {
          entries.add(entry(name, parser));
        }
      }
      if (parser.nextToken() != null) {
        throw malformed("has more than one JSON object in its header");
      }
    }

    private void metadata(JsonParser parser) throws IOException {
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        if (parser.nextToken() != JsonToken.VALUE_STRING) {
          throw malformed("has metadata " + quote(name) + " that is no text");
        }
        metadata.put(name, parser.getText());
      }
    }

    private Entry entry(String name, JsonParser parser) throws IOException {
      DataType type = null;
      long[] sizes = null;
      long[] offsets = null;
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String key = parser.currentName();
        JsonToken value = parser.nextToken();
        switch (key) {
          case "dtype" -> type = type(name, value, parser);
          case "shape" -> sizes = numbers(name, value, parser);
          case "data_offsets" -> offsets = numbers(name, value, parser);
          default -> throw malformed(quote(name) + " has the unknown field " + quote(key));
        }
      }
      if (type == null || sizes == null || offsets == null) {
        throw malformed(quote(name) + " lacks its dtype, shape or data_offsets");
      }
      return checked(name, type, sizes, offsets);
    }

    private DataType type(String name, JsonToken value, JsonParser parser) throws IOException {
      String text = value == JsonToken.VALUE_STRING ? parser.getText() : "no text";
      DataType type = TYPES.get(text);
      if (type == null) {
        throw malformed(
            quote(name)
                + " has dtype "
                + quote(text)
                + ", which cannot be read; expected one of "
                + TYPES.keySet());
      }
      return type;
    }

    private long[] numbers(String name, JsonToken value, JsonParser parser) throws IOException {
      long[] numbers = new long[RANK_LIMIT];
      int n = 0;
      if (value != JsonToken.START_ARRAY) {
        throw malformed(quote(name) + " lacks its shape or data_offsets");
      }
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        if (n == RANK_LIMIT) {
          throw malformed(quote(name) + " has more than " + RANK_LIMIT + " dimensions");
        }
        if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT || parser.getLongValue() < 0) {
          throw malformed(
              quote(name) + " has " + shown(parser) + ", expected whole numbers of 0 or more");
        }
        numbers[n++] = parser.getLongValue();
      }
      return Arrays.copyOf(numbers, n);
    }

    private Entry checked(String name, DataType type, long[] sizes, long[] offsets)
        throws IOException {
      if (offsets.length != 2 || offsets[1] < offsets[0]) {
        throw malformed(
            quote(name)
                + " has data_offsets "
                + Arrays.toString(offsets)
                + ", expected a begin and an end");
      }
      long found = offsets[1] - offsets[0];
      long expected;
      try {
        expected = Math.multiplyExact(HostTensor.elements(new Shape(sizes)), type.getNumOfBytes());
      } catch (ArithmeticException e) {
        throw malformed(quote(name) + " has shape " + Arrays.toString(sizes) + ", too large");
      }
      if (found != expected) {
        throw malformed(
            quote(name)
                + " has "
                + found
                + " bytes, its shape "
                + Arrays.toString(sizes)
                + " expects "
                + expected);
      }
      if (expected > Integer.MAX_VALUE) {
        throw malformed(quote(name) + " is larger than 2 GiB, which cannot be read");
      }
      return new Entry(name, type, new Shape(sizes), offsets[0], offsets[1]);
    }

    private void checkGaps(long room) throws IOException {
      long end = 0;
      for (Entry entry : entries) {
        if (entry.begin != end) {
          throw malformed(
              quote(entry.name)
                  + " begins at byte "
                  + entry.begin
                  + ", expected "
                  + end
                  + ", where the tensor before ends");
        }
        end = entry.end;
      }
      if (end != room) {
        throw malformed("has " + room + " bytes of tensors, its header expects " + end);
      }
    }

    private static String shown(JsonParser parser) throws IOException {
      String text = parser.getText();
      return text == null ? "nothing" : quote(text);
    }

    private static String quote(String text) {
      return PickleException.quote(text);
    }

    private static String firstLine(String message) {
      return message.length() > 200 ? message.substring(0, 200) + "..." : message;
    }

    private IOException malformed(String what) {
      return new InvalidFileException(
          file, Problem.saying("is no valid safetensors file: " + what));
    }
  }
}
