package io.github.facemask.internal.weights;

import io.github.facemask.internal.pickle.PickleException;
import io.github.facemask.internal.pickle.PickleSequence;
import io.github.facemask.internal.pickle.Unpickler;
import io.github.facemask.problem.InvalidFileException;
import io.github.facemask.problem.Problem;
import io.github.facemask.tensor.HostTensor;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * A file of {@code torch.save}. The zip form holds {@code NAME/data.pkl} and one entry {@code
 * NAME/data/KEY} for each storage. The legacy form is five pickles in sequence (a magic number, the
 * protocol, the machine, the value, the storages' keys) followed by each storage: its number of
 * elements in eight bytes, then its bytes.
 */
final class TorchFile {

  private static final BigInteger MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);
  private static final long LEGACY_PROTOCOL = 1001;
  private static final String PICKLE = "/data.pkl";

  private final FileBytes bytes;
  private final WeightForm form;
  private final Object root;
  private final Map<String, StoredZip.Range> storages;

  private TorchFile(
      FileBytes bytes, WeightForm form, Object root, Map<String, StoredZip.Range> storages) {
    this.bytes = bytes;
    this.form = form;
    this.root = root;
    this.storages = storages;
  }

  /** Returns whether a zip archive has the entry that every archive of PyTorch has. */
  static boolean isTorchZip(Map<String, StoredZip.Range> entries) {
    return pickleEntry(entries) != null;
  }

  private static String pickleEntry(Map<String, StoredZip.Range> entries) {
    String name = null;
    for (String candidate : entries.keySet()) {
      if (candidate.endsWith(PICKLE) && (name == null || candidate.length() < name.length())) {
        name = candidate;
      }
    }
    return name;
  }

  static TorchFile readZip(FileBytes bytes, Map<String, StoredZip.Range> entries)
      throws IOException {
    String name = pickleEntry(entries);
    String folder = name.substring(0, name.length() - PICKLE.length() + 1);
    if (entries.containsKey(folder + "constants.pkl")) {
      throw new InvalidFileException(
          bytes.file(),
          Problem.saying("is a TorchScript program")
              .withExpected("weights")
              .withRemedy("save its state_dict() in Python"));
    }
    StoredZip.checkStored(bytes, entries, "PyTorch archive");
    checkByteOrder(bytes, entries.get(folder + "byteorder"));
    TorchTypes types = new TorchTypes();
    StoredZip.Range pickle = entries.get(name);
    Object root = unpickle(bytes, bytes.slice(pickle.begin(), pickle.length()), types);
    Map<String, StoredZip.Range> storages = new HashMap<>();
    for (TorchStorage storage : types.storages().values()) {
      StoredZip.Range range = entries.get(folder + "data/" + storage.key());
      checkStorage(bytes, storage, range == null ? -1 : range.length());
      storages.put(storage.key(), range);
    }
    return new TorchFile(bytes, WeightForm.TORCH_ZIP, root, storages);
  }

  static TorchFile readLegacy(FileBytes bytes) throws IOException {
    ByteBuffer in = bytes.start(Integer.MAX_VALUE);
    TorchTypes types = new TorchTypes();
    Object magic = unpickle(bytes, in, types);
    if (!MAGIC.equals(magic)) {
      throw PickleKinds.noTorchFile(bytes.file(), magic);
    }
    Object protocol = unpickle(bytes, in, types);
    if (!protocol.equals(LEGACY_PROTOCOL)) {
      throw InvalidFileException.of(
          bytes.file(), "has an unknown PyTorch protocol", String.valueOf(LEGACY_PROTOCOL));
    }
    unpickle(bytes, in, types);
    Object root = unpickle(bytes, in, types);
    Object keys = unpickle(bytes, in, types);
    if (!(keys instanceof PickleSequence sequence)) {
      throw new InvalidFileException(
          bytes.file(), Problem.saying("lacks the list of its storages"));
    }
    return new TorchFile(
        bytes,
        WeightForm.TORCH_LEGACY,
        root,
        legacyStorages(bytes, in.position(), sequence, types.storages()));
  }

  WeightForm form() {
    return form;
  }

  Object root() {
    return root;
  }

  /** Reads tensors one by one. The total size of copies is limited by the file's size. */
  TorchTensorReader tensors() {
    return new TorchTensorReader(bytes, storages);
  }

  private static Map<String, StoredZip.Range> legacyStorages(
      FileBytes bytes, long begin, PickleSequence keys, Map<String, TorchStorage> known)
      throws IOException {
    Map<String, StoredZip.Range> ranges = new HashMap<>();
    long at = begin;
    for (Object key : keys.elements()) {
      TorchStorage storage = key instanceof String text ? known.get(text) : null;
      if (storage == null || ranges.containsKey(key)) {
        throw new InvalidFileException(
            bytes.file(), Problem.saying("lists a storage that no tensor names, or one twice"));
      }
      if (bytes.size() - at < 8) {
        throw cutOff(bytes, storage);
      }
      long elements = bytes.slice(at, 8).getLong();
      long room = (bytes.size() - at - 8) / storage.elementBytes();
      if (elements != storage.elements() || elements > room) {
        throw cutOff(bytes, storage);
      }
      long length = elements * storage.elementBytes();
      ranges.put(storage.key(), new StoredZip.Range(at + 8, length));
      at += 8 + length;
    }
    if (!ranges.keySet().containsAll(known.keySet())) {
      throw new InvalidFileException(
          bytes.file(), Problem.saying("lacks a storage that a tensor names"));
    }
    return ranges;
  }

  private static void checkStorage(FileBytes bytes, TorchStorage storage, long length)
      throws IOException {
    if (length < 0 || length / storage.elementBytes() < storage.elements()) {
      throw cutOff(bytes, storage);
    }
  }

  private static IOException cutOff(FileBytes bytes, TorchStorage storage) {
    return new InvalidFileException(
        bytes.file(),
        Problem.saying("lacks bytes of storage " + PickleException.quote(storage.key()))
            .withExpected(storage.elements() + " elements of " + storage.dtype())
            .withRemedy("the file was cut off or changed"));
  }

  private static void checkByteOrder(FileBytes bytes, StoredZip.Range order) throws IOException {
    if (order != null) {
      byte[] text = new byte[(int) Math.min(order.length(), 16)];
      bytes.slice(order.begin(), text.length).get(text);
      if (!new String(text, StandardCharsets.US_ASCII).equals("little")) {
        throw new InvalidFileException(
            bytes.file(), Problem.saying("is not little-endian, which cannot be read"));
      }
    }
  }

  private static Object unpickle(FileBytes bytes, ByteBuffer pickle, TorchTypes types)
      throws IOException {
    try {
      return Unpickler.read(pickle, types);
    } catch (PickleException e) {
      throw PickleKinds.refused(bytes.file(), e);
    }
  }

  /** Reads the described tensors. */
  static final class TorchTensorReader {

    /**
     * The largest size of all copies, as a multiple of the file's size. Tensors of a file may
     * overlap.
     */
    private static final int COPY_FACTOR = 4;

    private final FileBytes bytes;
    private final Map<String, StoredZip.Range> storages;
    private final Map<TorchTensor, HostTensor> done = new HashMap<>();
    private long room;

    private TorchTensorReader(FileBytes bytes, Map<String, StoredZip.Range> storages) {
      this.bytes = bytes;
      this.storages = storages;
      this.room = COPY_FACTOR * bytes.size();
    }

    HostTensor read(String name, TorchTensor tensor) throws IOException {
      HostTensor known = done.get(tensor);
      if (known == null) {
        known = StridedTensor.of(bytes.file(), name, tensor).read(this::slice, this::claim);
        done.put(tensor, known);
      }
      return known;
    }

    private ByteBuffer slice(TorchStorage storage, long at, long length) throws IOException {
      return bytes.slice(storages.get(storage.key()).begin() + at, length);
    }

    private boolean claim(long copied) {
      room -= copied;
      return room >= 0;
    }
  }
}
