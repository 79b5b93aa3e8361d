package io.github.facemask.internal.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableList;
import io.github.facemask.tensor.HostTensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WeightFileTest {

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "state_dict.safetensors, SAFETENSORS, '', ''",
    "state_dict.pth, TORCH_ZIP, '', ''",
    "state_dict_legacy.pth, TORCH_LEGACY, '', ''",
    "training_checkpoint.pth, TORCH_ZIP, state_dict, module.",
    "lightning.ckpt, TORCH_ZIP, state_dict, model.",
    "timm_train.pth.tar, TORCH_ZIP, state_dict, ''",
  })
  void readsWhatPythonWrote(String name, WeightForm form, String dictionary, String prefix)
      throws IOException {
    // On disk and under another name, for the form is told by the bytes.
    Path file = Files.write(folder.resolve("weights"), Interop.bytes(name));

    Weights weights = WeightFile.read(file, Ema.IGNORED);

    assertThat(weights.form()).isEqualTo(form);
    assertThat(weights.dictionary()).isEqualTo(dictionary);
    assertThat(weights.ignored()).isEmpty();
    assertThat(weights.tensors().keySet()).allMatch(n -> n.startsWith(prefix));
    Map<String, HostTensor> tensors = new LinkedHashMap<>();
    weights.tensors().forEach((n, tensor) -> tensors.put(n.substring(prefix.length()), tensor));
    assertAsExpected(tensors, 1);
    if (form != WeightForm.SAFETENSORS) {
      assertThat(tensors.keySet())
          .containsExactlyElementsOf(ImmutableList.copyOf(Interop.expected().fieldNames()));
    }
  }

  @Test
  void prefersTheAverageOfATrainingCheckpoint() throws IOException {
    Weights weights = Interop.read("timm_train.pth.tar", Ema.PREFERRED);

    assertThat(weights.dictionary()).isEqualTo("state_dict_ema");
    assertAsExpected(weights.tensors(), 2);
  }

  @Test
  void mapsLargeFiles() throws IOException {
    float[] values = new float[100_000];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    Path file = folder.resolve("large.safetensors");
    HostTensor tensor = HostTensor.ofFloats(new Shape(values.length), values);
    Safetensors.write(file, Map.of("a", tensor), Map.of());

    HostTensor read = WeightFile.read(file).tensors().get("a");

    assertThat(read.bytes().isDirect()).isTrue();
    assertThat(read.toFloats()).isEqualTo(values);
  }

  @Test
  void refusesCodeByNameAndRunsNothing() throws IOException {
    Path file =
        Files.write(folder.resolve("hostile_reduce.pth"), Interop.bytes("hostile_reduce.pth"));

    assertThatThrownBy(() -> WeightFile.read(file))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(file.toString())
        .hasMessageContaining("\"posix.system\"")
        .hasMessageContaining("nothing was run");

    assertThat(Path.of("PWNED")).doesNotExist();
    assertThat(folder.resolve("PWNED")).doesNotExist();
  }

  @Test
  void refusesACutArchive() {
    assertThatThrownBy(() -> Interop.read("hostile_truncated.pth", Ema.PREFERRED))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "hostile_truncated.pth: is no valid zip archive: its directory is missing; the"
                + " file was cut off");
  }

  @Test
  void refusesACutLegacyFile() {
    byte[] whole = Interop.bytes("state_dict_legacy.pth");

    assertThatThrownBy(
            () -> Interop.read("x", Arrays.copyOf(whole, whole.length - 1), Ema.PREFERRED))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("lacks bytes of storage");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "version https://git-lfs.github.com/spec/v1 | Git LFS pointer",
        "<!DOCTYPE html><html></html> | web page",
        "'' | is empty",
        "hello, these are no weights | is text",
      })
  void saysWhatOtherFilesAre(String content, String expected) {
    assertThatThrownBy(
            () -> Interop.read("x", content.getBytes(StandardCharsets.UTF_8), Ema.PREFERRED))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("x: ")
        .hasMessageContaining(expected);
  }

  private static void assertAsExpected(Map<String, HostTensor> tensors, double floatFactor)
      throws IOException {
    JsonNode expected = Interop.expected();
    assertThat(tensors.keySet())
        .containsExactlyInAnyOrderElementsOf(ImmutableList.copyOf(expected.fieldNames()));
    tensors.forEach(
        (name, tensor) -> {
          JsonNode json = expected.get(name);
          assertThat(Interop.dtype(tensor)).as(name).isEqualTo(json.get("dtype").asText());
          assertThat(tensor.shape().getShape()).as(name).containsExactly(longs(json.get("shape")));
          double[] values = new double[json.get("values").size()];
          double factor = tensor.type().isFloating() ? floatFactor : 1;
          Arrays.setAll(values, i -> json.get("values").get(i).asDouble() * factor);
          assertThat(tensor.toDoubles()).as(name).containsExactly(values);
        });
  }

  private static Long[] longs(JsonNode array) {
    Long[] values = new Long[array.size()];
    Arrays.setAll(values, i -> array.get(i).asLong());
    return values;
  }
}
