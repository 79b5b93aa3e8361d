package io.github.facemask.internal.weights;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.DataType;
import com.google.common.collect.ImmutableMap;
import io.github.facemask.tensor.HostTensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Types that few files have, written by torch 2.7.1, and files beyond 2 GiB. */
class UnusualTensorsTest {

  @ParameterizedTest
  @ValueSource(strings = {"unsigned.safetensors", "unsigned.pth", "unsigned_legacy.pth"})
  void readsUnsignedIntegersAndPassesOverWhatHasNoCounterpart(String name) throws IOException {
    Weights weights = Interop.read(name, Ema.PREFERRED);

    ImmutableMap<String, HostTensor> tensors = weights.tensors();
    assertThat(tensors.keySet()).containsExactlyInAnyOrder("a.weight", "a.u16", "a.u32", "a.u64");
    assertThat(tensors.get("a.weight").toDoubles()).containsExactly(0.5, -1);
    assertThat(tensors.get("a.u16").type()).isEqualTo(DataType.UINT16);
    assertThat(tensors.get("a.u16").toDoubles()).containsExactly(1, 65535);
    assertThat(tensors.get("a.u32").toDoubles()).containsExactly(7, 4294967295.0);
    assertThat(tensors.get("a.u64").toDoubles()).containsExactly(3, 0x1p63);
    if (!name.endsWith("safetensors")) {
      assertThat(weights.ignored())
          .containsEntry("a.complex", "a tensor of \"complex64\"")
          .containsEntry("a.f8", "a tensor of \"float8_e4m3fn\"");
    }
  }

  /** A sparse file: its first tensor is a hole of 1.5 GiB, as is its second. */
  @Test
  void readsTensorsBeyondTwoGibibytes(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("large.safetensors");
    long hole = 3L << 29;
    String header =
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[%d],\"data_offsets\":[0,%d]},".formatted(hole, hole)
            + "\"b\":{\"dtype\":\"U8\",\"shape\":[%d],\"data_offsets\":[%d,%d]},"
                .formatted(hole, hole, 2 * hole)
            + "\"c\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[%d,%d]}}"
                .formatted(2 * hole, 2 * hole + 8);
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.WRITE,
            StandardOpenOption.SPARSE)) {
      ByteBuffer start = ByteBuffer.allocate(8 + text.length).order(ByteOrder.LITTLE_ENDIAN);
      channel.write(start.putLong(text.length).put(text).flip(), 0);
      ByteBuffer end = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
      channel.write(end.putFloat(1.5f).putFloat(-2).flip(), 8 + text.length + 2 * hole);
    }

    ImmutableMap<String, HostTensor> tensors = WeightFile.read(file).tensors();

    assertThat(tensors.get("b").shape().size()).isEqualTo(hole);
    assertThat(tensors.get("c").toFloats()).containsExactly(1.5f, -2f);
  }
}
