package io.github.facemask.internal.weights;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.facemask.internal.pickle.PickleException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads weights from a file of any known form: safetensors, a state_dict of {@code torch.save} in
 * its zip or legacy form, a training checkpoint that contains one (for instance from timm or
 * Lightning), an npz of ViT's original release, or the index of a file in shards. The format is
 * detected from the first bytes, not from the name. No code in the file is executed.
 */
public final class WeightFile {

  private static final String INDEX = ".index.json";
  private static final List<String> ENDINGS =
      List.of(".safetensors", ".pth", ".pt", ".bin", ".ckpt", ".npz", ".pth.tar");

  private static final String RUN_RECORD = "run.json";
  private static final Path RUN_MODEL = Path.of("model", "weights.safetensors");

  private WeightFile() {}

  /**
   * Reads a file. From a training checkpoint it reads the averaged weights if there are some.
   *
   * @param file the file, which must not change while its tensors are in use; or a folder that
   *     holds one file of weights, or one index with its shards
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
   * @param file the file or folder, as {@link #read(Path)}
   * @param ema which weights of a training checkpoint are read
   * @return its tensors and how they were found
   * @throws IOException as {@link #read(Path)}
   */
  public static Weights read(Path file, Ema ema) throws IOException {
    try (FileBytes bytes = FileBytes.open(Files.isDirectory(file) ? only(file) : file)) {
      return read(bytes, ema);
    }
  }

  static Weights read(FileBytes bytes, Ema ema) throws IOException {
    Weights sharded = ShardedFile.read(bytes, ema);
    return sharded != null ? sharded : readOne(bytes, ema);
  }

  /** Reads a file that is no index. */
  static Weights readOne(FileBytes bytes, Ema ema) throws IOException {
    ByteBuffer start = bytes.start(4);
    byte[] first = new byte[start.remaining()];
    start.get(first);
    String magic = new String(first, StandardCharsets.ISO_8859_1);
    if (magic.equals("PK\3\4") || magic.equals("PK\5\6")) {
      return readZip(bytes, ema);
    }
    if (magic.length() > 1
        && magic.charAt(0) == 0x80
        && magic.charAt(1) >= 2
        && magic.charAt(1) <= 5) {
      return Checkpoint.weights(bytes.file(), TorchFile.readLegacy(bytes), ema);
    }
    ForeignFile.check(bytes);
    return Weights.of(bytes.file(), WeightForm.SAFETENSORS, ema, Safetensors.read(bytes));
  }

  private static Weights readZip(FileBytes bytes, Ema ema) throws IOException {
    ImmutableMap<String, StoredZip.Range> entries = StoredZip.entries(bytes);
    if (TorchFile.isTorchZip(entries)) {
      return Checkpoint.weights(bytes.file(), TorchFile.readZip(bytes, entries), ema);
    }
    if (NumpyArchive.isArchive(entries)) {
      return Weights.of(
          bytes.file(), WeightForm.NUMPY_ARCHIVE, ema, NumpyArchive.read(bytes, entries));
    }
    throw ForeignFile.zip(bytes, entries);
  }

  /** Returns the one file of weights in a folder; of a run those of its best epoch. */
  private static Path only(Path folder) throws IOException {
    Path model = folder.resolve(RUN_MODEL);
    if (Files.isRegularFile(folder.resolve(RUN_RECORD))) {
      if (!Files.isRegularFile(model)) {
        throw ForeignFile.refused(
            folder, "is a run without a finished epoch", "go on with the run first");
      }
      return model;
    }
    ImmutableList<String> names;
    try (Stream<Path> files = Files.list(folder)) {
      names =
          files
              .map(f -> f.getFileName().toString())
              .sorted()
              .collect(ImmutableList.toImmutableList());
    }
    List<String> found = names.stream().filter(n -> n.endsWith(INDEX)).toList();
    if (found.isEmpty()) {
      found = names.stream().filter(n -> ENDINGS.stream().anyMatch(n::endsWith)).toList();
    }
    if (found.size() == 1) {
      return folder.resolve(found.get(0));
    }
    if (found.isEmpty()) {
      throw ForeignFile.folder(folder, names);
    }
    throw ForeignFile.refused(
        folder,
        "is a folder with "
            + found.size()
            + " files of weights: "
            + found.stream().limit(4).map(PickleException::quote).collect(Collectors.joining(", ")),
        "give one of them");
  }
}
