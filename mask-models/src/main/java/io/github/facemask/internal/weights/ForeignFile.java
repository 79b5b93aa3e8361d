package io.github.facemask.internal.weights;

import com.google.common.collect.ImmutableList;
import io.github.facemask.internal.pickle.PickleException;
import io.github.facemask.problem.InvalidFileException;
import io.github.facemask.problem.Problem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Names files that hold no weights, by their first bytes. */
final class ForeignFile {

  private static final String EXPECTED = "safetensors or a file of torch.save";
  private static final String FROM_PYTHON =
      "load it with its own library in Python and save its weights with safetensors or torch.save";
  private static final String UNPACK = "unpack it first";
  private static final String STATE_DICT = "save the state_dict() of the PyTorch model instead";

  /** A form by the bytes at a place of a file. */
  private record Magic(int at, String bytes, String name, String remedy) {}

  private static final List<Magic> MAGICS =
      List.of(
          new Magic(
              0,
              "version https://git-lfs",
              "a Git LFS pointer (fetch the file itself with git lfs pull)",
              ""),
          new Magic(0, "GGUF", "a GGUF file of llama.cpp", FROM_PYTHON),
          new Magic(0, "\u0089HDF", "an HDF5 file, perhaps of Keras (.h5)", FROM_PYTHON),
          new Magic(4, "TFL3", "a TensorFlow Lite model", FROM_PYTHON),
          new Magic(4, "ET12", "a program of ExecuTorch", STATE_DICT),
          new Magic(0, "\u0093NUMPY", "a numpy array (.npy)", FROM_PYTHON),
          new Magic(0, "\u001f\u008b", "compressed with gzip (unpack it first)", ""),
          new Magic(0, "7z\u00bc\u00af'\u001c", "a 7z archive", UNPACK),
          new Magic(0, "Rar!\u001a\u0007", "a rar archive", UNPACK),
          new Magic(0, "\u00fd7zXZ", "compressed with xz", UNPACK),
          new Magic(0, "BZh", "compressed with bzip2", UNPACK),
          new Magic(0, "(\u00b5/\u00fd", "compressed with zstd", UNPACK),
          new Magic(
              257,
              "ustar",
              "a tar archive, perhaps PyTorch's oldest form (save it again in Python)",
              ""),
          new Magic(0, "\u00ff\u00d8\u00ff", "a picture (JPEG)", ""),
          new Magic(0, "\u0089PNG", "a picture (PNG)", ""),
          new Magic(0, "GIF8", "a picture (GIF)", ""),
          new Magic(8, "WEBP", "a picture (WebP)", ""),
          new Magic(0, "II*\0", "a picture (TIFF)", ""),
          new Magic(0, "MM\0*", "a picture (TIFF)", ""),
          new Magic(0, "%PDF", "a PDF document", ""));

  private ForeignFile() {}

  /** Refuses a file whose first bytes are those of another form. */
  static void check(FileBytes bytes) throws IOException {
    ByteBuffer start = bytes.start(512);
    String text = text(start);
    Path file = bytes.file();
    if (text.isEmpty()) {
      throw refused(file, "is empty", "");
    }
    // A safetensors file begins with the length of its header, which then has a brace.
    if (text.length() > 8 && text.startsWith("\0\0\0\0{", 4)) {
      return;
    }
    for (Magic magic : MAGICS) {
      if (text.startsWith(magic.bytes, magic.at)) {
        throw refused(file, "is " + magic.name, magic.remedy);
      }
    }
    checkMessage(file, text);
    checkTensorFlow(file, bytes);
    checkText(file, text);
  }

  /** Refuses a zip archive that is not of PyTorch or numpy. */
  static IOException zip(FileBytes bytes, Map<String, StoredZip.Range> entries) {
    Set<String> names = entries.keySet();
    if (names.stream().anyMatch(n -> n.endsWith("model.weights.h5"))) {
      return refused(bytes.file(), "is a model of Keras (.keras)", FROM_PYTHON);
    }
    if (names.stream()
        .anyMatch(
            n ->
                n.endsWith("models/model.json")
                    || n.endsWith("serialized_exported_program.json"))) {
      return refused(bytes.file(), "is a program of torch.export (.pt2)", STATE_DICT);
    }
    if (names.stream().anyMatch(n -> n.contains(".mlpackage/") || n.contains("com.apple.CoreML"))) {
      return refused(bytes.file(), "is a Core ML model", FROM_PYTHON);
    }
    String first =
        names.stream().limit(3).map(PickleException::quote).collect(Collectors.joining(", "));
    return refused(
        bytes.file(),
        names.isEmpty()
            ? "is an empty zip archive"
            : "is a zip archive without data.pkl, it has " + first,
        UNPACK);
  }

  /** Protocol buffers of ONNX, TensorFlow and Core ML, and the msgpack of flax. */
  private static void checkMessage(Path file, String text) throws IOException {
    int first = text.charAt(0);
    int second = text.length() > 1 ? text.charAt(1) : 0;
    int third = text.length() > 2 ? text.charAt(2) : 0;
    boolean map = (first > 0x80 && first < 0x90) || first == 0xde;
    int key = first == 0xde ? 3 : 1;
    if (map && text.length() > key + 2 && isMapKey(text, key)) {
      throw refused(file, "is a msgpack file, perhaps of flax (JAX)", FROM_PYTHON);
    }
    if (first == 8 && second >= 1 && second < 32 && third == 0x12) {
      int at = 3;
      while (at < text.length() && text.charAt(at) > 0x7f) {
        at++;
      }
      boolean message = at + 1 < text.length() && text.charAt(at + 1) == 0x0a;
      if (!message) {
        throw refused(file, "is an ONNX model", STATE_DICT);
      }
      throw refused(
          file, second == 1 ? "is a SavedModel of TensorFlow" : "is a Core ML model", FROM_PYTHON);
    }
    if (first == 8 && second >= 3 && second < 32 && (third == 0x3a || third == 0x1a)) {
      throw refused(file, "is an ONNX model", STATE_DICT);
    }
  }

  private static boolean isMapKey(String text, int at) {
    int kind = text.charAt(at);
    int length = kind >= 0xa0 && kind < 0xc0 ? kind - 0xa0 : kind == 0xd9 ? text.charAt(at + 1) : 0;
    int begin = kind == 0xd9 ? at + 2 : at + 1;
    return length > 0
        && begin + length <= text.length()
        && isReadable(text.substring(begin, begin + length));
  }

  /** The files of a checkpoint of TensorFlow: a table with a magic number at its end, and data. */
  private static void checkTensorFlow(Path file, FileBytes bytes) throws IOException {
    long magic = 0xdb4775248b80fb57L;
    boolean table = bytes.size() >= 48 && bytes.slice(bytes.size() - 8, 8).getLong() == magic;
    Path last = file.getFileName();
    if (table || (last != null && last.toString().matches(".*\\.data-\\d{5}-of-\\d{5}"))) {
      throw refused(file, "is part of a checkpoint of TensorFlow", FROM_PYTHON);
    }
  }

  private static void checkText(Path file, String text) throws IOException {
    String start = text.stripLeading();
    String lower = start.toLowerCase(Locale.ROOT);
    if (lower.startsWith("\u00ef\u00bb\u00bf")) {
      start = start.substring(3).stripLeading();
    }
    if (start.startsWith("<?xml")) {
      throw refused(file, "is an XML document", "fetch the file itself");
    }
    if (start.startsWith("<")) {
      throw refused(
          file, "is a web page", "fetch the file itself: follow the page's link for the download");
    }
    if (start.startsWith("{") || start.startsWith("[")) {
      throw refused(
          file,
          "is JSON",
          "give the file of weights that lies beside it, such as model.safetensors");
    }
    if (start.startsWith("model_checkpoint_path:")) {
      throw refused(file, "is part of a checkpoint of TensorFlow", FROM_PYTHON);
    }
    if (isReadable(text)) {
      throw refused(file, "is text", "");
    }
  }

  private static boolean isReadable(String text) {
    return text.chars().allMatch(c -> (c >= 0x20 && c != 0x7f) || (c >= 0x09 && c <= 0x0d));
  }

  static IOException refused(Path file, String what, String remedy) {
    return new InvalidFileException(
        file, Problem.saying(what).withExpected(EXPECTED).withRemedy(remedy));
  }

  /** The forms whose files are together in a folder. */
  static IOException folder(Path folder, ImmutableList<String> names) {
    if (names.contains("saved_model.pb")) {
      return refused(folder, "is a SavedModel of TensorFlow", FROM_PYTHON);
    }
    if (names.stream().anyMatch(n -> n.matches(".*\\.data-\\d{5}-of-\\d{5}"))) {
      return refused(folder, "is a checkpoint of TensorFlow", FROM_PYTHON);
    }
    if (names.contains("Manifest.json")) {
      return refused(folder, "is a Core ML model", FROM_PYTHON);
    }
    return refused(
        folder,
        "is a folder without a file of weights",
        "give the file itself (.safetensors, .pth, .pt, .bin, .ckpt or .npz)");
  }

  private static String text(ByteBuffer bytes) {
    byte[] text = new byte[bytes.remaining()];
    bytes.get(text);
    return new String(text, StandardCharsets.ISO_8859_1);
  }
}
