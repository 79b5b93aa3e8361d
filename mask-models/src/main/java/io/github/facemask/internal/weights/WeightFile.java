package io.github.facemask.internal.weights;

import com.google.common.collect.ImmutableMap;
import io.github.facemask.problem.InvalidFileException;
import io.github.facemask.tensor.HostTensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Reads weights from a file of any known form: safetensors, a state_dict of {@code torch.save} in
 * its zip or legacy form, or a training checkpoint that contains one (for instance from timm or
 * Lightning). The format is detected from the first bytes, not from the name. No code in the file
 * is executed.
 */
public final class WeightFile {

  private WeightFile() {}

  /**
   * Reads a file. From a training checkpoint it reads the averaged weights if there are some.
   *
   * @param file the file, which must not change while its tensors are in use
   * @return its tensors and how they were found
   * @throws IOException if it cannot be read, is malformed, has an unknown form, has no tensors or
   *     refers to code; the message says what was found
   */
  public static Weights read(Path file) throws IOException {
    return read(file, Ema.PREFERRED);
  }

  /**
   * Reads a file.
   *
   * @param file the file, which must not change while its tensors are in use
   * @param ema which weights of a training checkpoint are read
   * @return its tensors and how they were found
   * @throws IOException as {@link #read(Path)}
   */
  public static Weights read(Path file, Ema ema) throws IOException {
    try (FileBytes bytes = FileBytes.open(file)) {
      return read(bytes, ema);
    }
  }

  static Weights read(FileBytes bytes, Ema ema) throws IOException {
    ByteBuffer start = bytes.start(512);
    if (startsWith(start, "PK\3\4")) {
      return Checkpoint.weights(bytes.file(), TorchFile.readZip(bytes), ema);
    }
    if (start.remaining() > 1 && start.get(0) == (byte) 0x80 && start.get(1) == 2) {
      return Checkpoint.weights(bytes.file(), TorchFile.readLegacy(bytes), ema);
    }
    String other = otherForm(start);
    if (other != null) {
      throw InvalidFileException.of(
          bytes.file(), "is " + other, "safetensors or a file of torch.save");
    }
    ImmutableMap<String, HostTensor> tensors = Safetensors.read(bytes);
    return Checkpoint.clean(
        new Weights(bytes.file(), WeightForm.SAFETENSORS, "", "", tensors, ImmutableMap.of()));
  }

  private static String otherForm(ByteBuffer start) {
    if (start.remaining() == 0) {
      return "empty";
    }
    if (startsWith(start, "version https://git-lfs")) {
      return "a Git LFS pointer (fetch the file itself with git lfs pull)";
    }
    if (startsWith(start, "<")) {
      return "a web page";
    }
    if (startsWith(start, "\u001f\u008b")) {
      return "compressed with gzip (unpack it first)";
    }
    if (startsWith(start, "\u0089HDF")) {
      return "an HDF5 file";
    }
    if (start.remaining() > 262 && text(start, 257, 5).equals("ustar")) {
      return "a tar archive, perhaps PyTorch's oldest form (save it again in Python)";
    }
    return null;
  }

  private static boolean startsWith(ByteBuffer start, String magic) {
    return start.remaining() >= magic.length() && text(start, 0, magic.length()).equals(magic);
  }

  private static String text(ByteBuffer bytes, int at, int length) {
    byte[] text = new byte[length];
    bytes.get(at, text);
    return new String(text, StandardCharsets.ISO_8859_1);
  }
}
