package io.github.facemask.internal.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.Shape;
import com.google.common.collect.ImmutableMap;
import io.github.facemask.tensor.HostTensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsTest {

  @TempDir Path folder;

  @Property(tries = 200)
  void whatIsWrittenIsRead(
      @ForAll("tensors") List<HostTensor> tensors, @ForAll Map<String, String> metadata)
      throws IOException {
    Map<String, HostTensor> named = new LinkedHashMap<>();
    tensors.forEach(t -> named.put("blocks." + named.size() + ".\u00e4\"\n", t));
    Path file = Files.createTempFile("round", ".safetensors");
    try {
      // JSON has no lone surrogates, and a text cannot carry them.
      Map<String, String> texts = new LinkedHashMap<>();
      metadata.forEach((k, v) -> texts.put(utf8(k), utf8(v)));
      Safetensors.write(file, named, texts);

      ImmutableMap<String, HostTensor> read = Safetensors.read(file);

      assertThat(read.keySet()).containsExactlyInAnyOrderElementsOf(named.keySet());
      named.forEach(
          (name, tensor) -> {
            assertThat(read.get(name).type()).isEqualTo(tensor.type());
            assertThat(read.get(name).shape()).isEqualTo(tensor.shape());
            assertThat(read.get(name).bytes()).isEqualTo(tensor.bytes());
          });
      assertThat(Safetensors.readMetadata(file)).isEqualTo(texts);
      assertThat((Files.size(file) - bodySize(named)) % 8).isZero();
    } finally {
      Files.delete(file);
    }
  }

  @Provide
  Arbitrary<List<HostTensor>> tensors() {
    return Combinators.combine(
            Arbitraries.of(SafetensorsHeader.TYPES.values()),
            Arbitraries.longs().between(0, 4).list().ofMaxSize(4),
            Arbitraries.randoms())
        .as(
            (type, sizes, random) -> {
              Shape shape = new Shape(sizes.stream().mapToLong(Long::longValue).toArray());
              byte[] bytes = new byte[(int) shape.size() * type.getNumOfBytes()];
              random.nextBytes(bytes);
              return HostTensor.of(type, shape, ByteBuffer.wrap(bytes));
            })
        .list()
        .ofMaxSize(6);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "hostile_truncated | has 795 bytes of tensors, its header expects 806",
        "hostile_header_len | says that its header has 4611686018427387904 bytes, expected 2 to 2",
        "hostile_overlap | \"b\" begins at byte 4, expected 8, where the tensor before ends",
        "hostile_negative | \"a\" has \"-2\", expected whole numbers of 0 or more",
        "hostile_size | \"a\" has shape [4000000000, 4000000000], too large",
        "hostile_json | has a header that is not JSON: Unexpected end-of-input",
      })
  void refusesHostileFiles(String name, String expected) {
    assertThatThrownBy(() -> Interop.read(name + ".safetensors", Ema.PREFERRED))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(name + ".safetensors: is no valid safetensors file: ")
        .hasMessageContaining(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'a':{'dtype':'F8_E4M3','shape':[2],'data_offsets':[0,4]}} | dtype \"F8_E4M3\", which cannot be read",
        "{'a':{'dtype':'F8_E4M3','shape':[4],'data_offsets':[0,4]}} | dtype \"F8_E4M3\"",
        "{'a':{'dtype':7,'shape':[4],'data_offsets':[0,4]}} | dtype \"no text\"",
        "{'a':{'shape':[1],'data_offsets':[0,4]}} | lacks its dtype, shape or data_offsets",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4],'x':1}} | unknown field \"x\"",
        "{'a':{'dtype':'F32','shape':[1.0],'data_offsets':[0,4]}} | has \"1.0\", expected whole",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,4]}} | has 4 bytes, its shape [2] expects 8",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[4]}} | has data_offsets [4], expected a begin",
        "{'a':{'dtype':'F32','shape':[0],'data_offsets':[0,0]},'a':{}} | Duplicate field 'a'",
        "{'a':7} | \"a\" is no JSON object",
        "{'__metadata__':{'a':7}} | metadata \"a\" that is no text",
        "{} {} | more than one JSON object",
        "[] | no JSON object",
        "{'a':{'dtype':'F32','shape':[0],'data_offsets':[0,0]}} | has 4 bytes of tensors",
        "{'a':{'dtype':'F32','shape':[[[[[1]]]]],'data_offsets':[0,4]}} | expected whole numbers",
      })
  void saysWhatIsWrongWithAHeader(String header, String expected) {
    byte[] json = header.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    byte[] file =
        ByteBuffer.allocate(12 + json.length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(json.length)
            .put(json)
            .array();

    assertThatThrownBy(() -> Safetensors.read(FileBytes.of(Path.of("f"), file)))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("f: is no valid safetensors file: ")
        .hasMessageContaining(expected.replace("field 'a'", "field"));
  }

  @Test
  void readsTheMetadataThatPythonWrote() throws IOException {
    Path file = Files.write(folder.resolve("weights"), Interop.bytes("state_dict.safetensors"));

    assertThat(Safetensors.readMetadata(file)).containsExactly(Map.entry("format", "pt"));
  }

  @Test
  void keepsTheNameOfTheMetadata() {
    Map<String, HostTensor> tensors = Map.of("__metadata__", HostTensor.ofLongs(new Shape(), 1));

    assertThatThrownBy(() -> Safetensors.write(folder.resolve("x"), tensors, Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("__metadata__");
    assertThat(folder.resolve("x")).doesNotExist();
  }

  private static long bodySize(Map<String, HostTensor> tensors) {
    return tensors.values().stream().mapToLong(t -> t.bytes().remaining()).sum();
  }

  private static String utf8(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }
}
