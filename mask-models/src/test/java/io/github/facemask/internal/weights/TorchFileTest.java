package io.github.facemask.internal.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.facemask.tensor.HostTensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TorchFileTest {

  /** In the interop file, where the magic number, the protocol and the machine end. */
  private static final int PREAMBLE = 137;

  @Test
  void readsByStrides() throws IOException {
    HostTensor tensor = read("K\1K\2K\2\u0086K\1K\2\u0086").tensors().get("a");

    assertThat(tensor.shape()).hasToString("(2, 2)");
    // Storage 0, 1, 2, 3, 4: from element 1, columns two apart.
    assertThat(tensor.toFloats()).containsExactly(1, 3, 2, 4);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "K\\1K\\5\\u0085K\\1\\u0085 | reaches to element 6 of a storage of 5",
        "K\\0K\\2K\\2\\u0086K\\4K\\1\\u0086 | reaches to element 6 of a storage of 5",
        "K\\0K\\2\\u0085J\\xff\\xff\\xff\\xff\\u0085 | has a negative size, stride or offset",
        "J\\xff\\xff\\xff\\xffK\\2\\u0085K\\1\\u0085 | has a negative size, stride or offset",
        "K\\0J\\0\\0\\0\\x7f\\u0085K\\0\\u0085 | is larger than 2 GiB",
        "K\\0J\\0\\0\\1\\0\\u0085K\\0\\u0085 | larger than the file by far",
        "K\\0K\\2\\u0085K\\1K\\1\\u0086 | 1 sizes and 2 strides",
        "K\\0(J\\0\\0\\0\\x7fJ\\0\\0\\0\\x7fJ\\0\\0\\0\\x7ft(K\\0K\\0K\\0t | too large",
      })
  void refusesWhatTheStorageDoesNotHold(String view, String expected) {
    assertThatThrownBy(() -> read(unescape(view)))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("f: ")
        .hasMessageContaining(expected);
  }

  @Test
  void refusesCompressedEntries() throws IOException {
    assertThatThrownBy(() -> Interop.read("f", zip("a/data.pkl"), Ema.PREFERRED))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("\"a/data.pkl\" is compressed or encrypted");
  }

  /** A file with the tensor "a", of which offset, sizes and strides are given as a pickle. */
  private static Weights read(String view) throws IOException {
    // The persistent id is ("storage", FloatStorage, "k", "cpu", 5, None).
    String pickle =
        "\u0080\2}U\1actorch._utils\n_rebuild_tensor_v2\n((U\7storagectorch\nFloatStorage\n"
            + "U\1kU\3cpuK\5NtQ"
            + view
            + "\u0089}tRs.";
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(Arrays.copyOf(Interop.bytes("state_dict_legacy.pth"), PREAMBLE));
    file.writeBytes(pickle.getBytes(StandardCharsets.ISO_8859_1));
    file.writeBytes("\u0080\2]U\1ka.".getBytes(StandardCharsets.ISO_8859_1));
    file.writeBytes(new byte[] {5, 0, 0, 0, 0, 0, 0, 0});
    for (int i = 0; i < 5; i++) {
      int bits = Float.floatToIntBits(i);
      file.writeBytes(
          new byte[] {(byte) bits, (byte) (bits >> 8), (byte) (bits >> 16), (byte) (bits >> 24)});
    }
    return Interop.read("f", file.toByteArray(), Ema.PREFERRED);
  }

  private static String unescape(String text) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) != '\\') {
        out.append(text.charAt(i));
        continue;
      }
      char kind = text.charAt(++i);
      int digits = kind == 'u' ? 4 : kind == 'x' ? 2 : 1;
      int from = digits == 1 ? i : i + 1;
      out.append((char) Integer.parseInt(text.substring(from, from + digits), 16));
      i = from + digits - 1;
    }
    return out.toString();
  }

  private static byte[] zip(String name) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry(name));
      zip.write(new byte[1000]);
      zip.closeEntry();
    }
    return bytes.toByteArray();
  }
}
