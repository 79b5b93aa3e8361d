package io.github.facemask.internal.weights;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.facemask.internal.pickle.PickleException;
import io.github.facemask.problem.InvalidFileException;
import io.github.facemask.problem.Problem;
import io.github.facemask.tensor.HostTensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Weights in several files, as Hugging Face writes them: an index in JSON, such as {@code
 * model.safetensors.index.json}, says which file beside it has which tensor.
 */
final class ShardedFile {

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(16).build())
          .build();

  /** The largest index that is read. */
  private static final long LIMIT = 100_000_000;

  private ShardedFile() {}

  /**
   * Reads the index and its shards.
   *
   * @return the weights; null if the file is no index
   */
  static Weights read(FileBytes bytes, Ema ema) throws IOException {
    // The eighth byte of a safetensors file that begins with a brace is zero.
    if (bytes.size() > LIMIT
        || bytes.size() < 8
        || bytes.slice(0, 1).get() != '{'
        || bytes.slice(7, 1).get() == 0) {
      return null;
    }
    ImmutableMap<String, String> shardByName = index(bytes);
    if (shardByName == null) {
      return null;
    }
    Map<String, Weights> shards = new LinkedHashMap<>();
    ImmutableMap.Builder<String, HostTensor> tensors = ImmutableMap.builder();
    for (Map.Entry<String, String> entry : shardByName.entrySet()) {
      Weights shard = shards.get(entry.getValue());
      if (shard == null) {
        shard = shard(bytes.file(), entry.getValue(), ema);
        shards.put(entry.getValue(), shard);
      }
      HostTensor tensor = shard.tensors().get(entry.getKey());
      if (tensor == null) {
        throw new InvalidFileException(
            shard.file(),
            Problem.saying("lacks tensor " + PickleException.quote(entry.getKey()))
                .withRemedy("the index " + bytes.file().getFileName() + " is of other files"));
      }
      tensors.put(entry.getKey(), tensor);
    }
    boolean torch = shards.values().stream().anyMatch(s -> s.form() != WeightForm.SAFETENSORS);
    return new Weights(
        bytes.file(),
        ImmutableList.<Path>builder()
            .add(bytes.file())
            .addAll(shards.values().stream().map(Weights::file).iterator())
            .build(),
        torch ? WeightForm.SHARDED_TORCH : WeightForm.SHARDED_SAFETENSORS,
        "",
        ema,
        tensors.buildOrThrow(),
        ImmutableMap.of());
  }

  private static Weights shard(Path index, String name, Ema ema) throws IOException {
    boolean plain = !name.isEmpty() && name.chars().noneMatch(c -> c == '/' || c == '\\' || c < 32);
    if (!plain || name.equals("..") || name.equals(".")) {
      throw new InvalidFileException(
          index,
          Problem.saying("names the shard " + PickleException.quote(name))
              .withExpected("a file beside the index"));
    }
    Path file = index.resolveSibling(name);
    if (!Files.isRegularFile(file)) {
      throw new InvalidFileException(
          index,
          Problem.saying("lacks its shard " + PickleException.quote(name))
              .withExpected("it beside the index")
              .withRemedy("fetch it from where the index is from"));
    }
    try (FileBytes bytes = FileBytes.open(file)) {
      return WeightFile.readOne(bytes, ema);
    }
  }

  /** Reads the shard of each tensor; null if this is no index. */
  private static ImmutableMap<String, String> index(FileBytes bytes) throws IOException {
    ByteBuffer content = bytes.slice(0, bytes.size());
    byte[] json = new byte[content.remaining()];
    content.get(json);
    ImmutableMap.Builder<String, String> shards = null;
    try (JsonParser parser = JSON.createParser(new String(json, StandardCharsets.UTF_8))) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean map = parser.currentName().equals("weight_map");
        if (parser.nextToken() == JsonToken.START_OBJECT && map) {
          shards = ImmutableMap.builder();
          while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            if (parser.nextToken() != JsonToken.VALUE_STRING) {
              return null;
            }
            shards.put(name, parser.getText());
          }
        } else {
          parser.skipChildren();
        }
      }
      return shards == null ? null : shards.buildOrThrow();
    } catch (JsonProcessingException e) {
      return null;
    } catch (IllegalArgumentException e) {
      throw InvalidFileException.of(bytes.file(), "lists a tensor twice", "each once");
    }
  }
}
