package io.github.facemask.internal.torchscript;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.facemask.internal.files.AtomicFile;
import io.github.facemask.internal.torchscript.ScriptModule.Node;
import io.github.facemask.internal.torchscript.ScriptModule.Slot;
import io.github.facemask.tensor.HostTensor;
import io.github.facemask.tensor.MemoryLayout;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes a {@link ScriptModule} as the zip archive that {@code torch.jit.load} reads (format
 * version 3; layout as in PyTorch's torch/csrc/jit/serialization): a pickle of the module tree, one
 * entry for each tensor's bytes, and the code.
 */
public final class ScriptArchive {

  private static final String TOP = "program/";

  private final StringBuilder code = new StringBuilder();
  private final PickleWriter pickle = new PickleWriter();
  private final List<Slot> storages = new ArrayList<>();
  private int classes;

  private ScriptArchive() {}

  /**
   * Writes a module to a file atomically.
   *
   * @param module the module
   * @param file the file to write; the usual extension is {@code .pt}
   * @throws IOException if the file cannot be written
   */
  public static void write(ScriptModule module, Path file) throws IOException {
    AtomicFile.write(file, out -> new ScriptArchive().writeTo(module, out));
  }

  private void writeTo(ScriptModule module, OutputStream out) throws IOException {
    writeNode(module.root(), "Program", module);
    byte[] data = pickle.finish();
    ZipOutputStream zip = new ZipOutputStream(out);
    entry(zip, "data.pkl", ByteBuffer.wrap(data));
    entry(zip, "constants.pkl", ByteBuffer.wrap(new PickleWriter().op(')').finish()));
    entry(zip, "code/__torch__.py", ascii(code.toString()));
    for (int i = 0; i < storages.size(); i++) {
      entry(zip, "data/" + i, inMemoryOrder(storages.get(i)));
    }
    entry(zip, "version", ascii("3\n"));
    entry(zip, "byteorder", ascii("little"));
    zip.finish();
  }

  /** Pushes an instance of the node and appends its class to the code. */
  private void writeNode(Node node, String className, ScriptModule rootOf) {
    StringBuilder fields = new StringBuilder();
    List<String> parameters = new ArrayList<>();
    List<String> buffers = new ArrayList<>();
    pickle.instance("__torch__", className).beginState();
    pickle.text("training").bool(true).text("_is_full_backward_hook").none();
    for (Map.Entry<String, Slot> e : node.tensors.entrySet()) {
      (e.getValue().isParameter() ? parameters : buffers).add(e.getKey());
      declare(fields, e.getKey(), "Tensor");
      pickle.text(e.getKey());
      writeTensor(e.getValue());
    }
    if (rootOf != null) {
      rootOf
          .attributes()
          .forEach(
              (name, type) -> {
                declare(fields, name, type);
                pickle.text(name).global("torch.jit._pickle", "build_tensorlist");
                pickle.mark().op(']').tuple().reduce();
              });
    }
    for (Map.Entry<String, Node> e : node.children.entrySet()) {
      String childClass = "M" + classes++;
      declare(fields, e.getKey(), "__torch__." + childClass);
      pickle.text(e.getKey());
      writeNode(e.getValue(), childClass, null);
    }
    pickle.endState();
    code.append("class ").append(className).append("(Module):\n");
    code.append("  __parameters__ = ").append(names(parameters)).append('\n');
    code.append("  __buffers__ = ").append(names(buffers)).append('\n');
    code.append("  training : bool\n  _is_full_backward_hook : Optional[bool]\n").append(fields);
    if (rootOf != null) {
      for (String method : rootOf.methods()) {
        method.lines().forEach(line -> code.append("  ").append(line).append('\n'));
      }
    }
  }

  private static void declare(StringBuilder fields, String name, String type) {
    boolean plain = !Character.isDigit(name.charAt(0));
    fields
        .append("  ")
        .append(plain ? name + " : " : "__annotations__[\"" + name + "\"] = ")
        .append(type)
        .append('\n');
  }

  private static String names(List<String> names) {
    StringBuilder list = new StringBuilder("[");
    names.forEach(name -> list.append('"').append(name).append("\", "));
    return list.append(']').toString();
  }

  private void writeTensor(Slot slot) {
    HostTensor tensor = slot.tensor();
    pickle.global("torch._utils", "_rebuild_tensor_v2").mark();
    pickle.mark().text("storage").global("torch", storageClass(tensor.type()));
    pickle.text(Integer.toString(storages.size())).text("cpu").integer(tensor.shape().size());
    pickle.tuple().op('Q').integer(0);
    pickle.integers(tensor.shape().getShape());
    pickle.integers(strides(tensor.shape(), slot.layout()));
    pickle.bool(slot.isParameter()).global("collections", "OrderedDict").op(')').reduce();
    pickle.tuple().reduce();
    storages.add(slot);
  }

  private static long[] strides(Shape shape, MemoryLayout layout) {
    long[] strides = new long[shape.dimension()];
    long next = 1;
    if (layout == MemoryLayout.CHANNELS_LAST) {
      for (int dimension : new int[] {1, 3, 2, 0}) {
        strides[dimension] = next;
        next *= shape.get(dimension);
      }
      return strides;
    }
    for (int i = shape.dimension() - 1; i >= 0; i--) {
      strides[i] = next;
      next *= Math.max(1, shape.get(i));
    }
    return strides;
  }

  private static ByteBuffer inMemoryOrder(Slot slot) {
    HostTensor tensor = slot.tensor();
    if (slot.layout() == MemoryLayout.CONTIGUOUS) {
      return tensor.bytes();
    }
    int channels = Math.toIntExact(tensor.shape().get(1));
    int spatial = Math.toIntExact(tensor.shape().get(2) * tensor.shape().get(3));
    int size = tensor.type().getNumOfBytes();
    ByteBuffer bytes = tensor.bytes();
    byte[] values = new byte[bytes.remaining()];
    bytes.get(values);
    byte[] moved = new byte[values.length];
    int block = channels * spatial;
    for (int start = 0; start < values.length / size; start += block) {
      for (int c = 0; c < channels; c++) {
        for (int s = 0; s < spatial; s++) {
          int from = size * (start + c * spatial + s);
          System.arraycopy(values, from, moved, size * (start + s * channels + c), size);
        }
      }
    }
    return ByteBuffer.wrap(moved);
  }

  private static String storageClass(DataType type) {
    return switch (type) {
      case FLOAT32 -> "FloatStorage";
      case FLOAT64 -> "DoubleStorage";
      case FLOAT16 -> "HalfStorage";
      case BFLOAT16 -> "BFloat16Storage";
      case INT64 -> "LongStorage";
      case INT32 -> "IntStorage";
      case INT16 -> "ShortStorage";
      case INT8 -> "CharStorage";
      case UINT8 -> "ByteStorage";
      case BOOLEAN -> "BoolStorage";
      case UINT16, UINT32, UINT64, COMPLEX64, STRING, UNKNOWN ->
          throw new IllegalArgumentException(
              "tensor has type " + type.name() + ", expected a signed one");
    };
  }

  private static ByteBuffer ascii(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static void entry(ZipOutputStream zip, String name, ByteBuffer content)
      throws IOException {
    byte[] bytes = new byte[content.remaining()];
    content.duplicate().get(bytes);
    CRC32 crc = new CRC32();
    crc.update(bytes);
    ZipEntry entry = new ZipEntry(TOP + name);
    // Entries are stored, because libtorch reads no compressed ones. They have no time, so that
    // equal modules give equal files.
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(bytes.length);
    entry.setCrc(crc.getValue());
    entry.setTimeLocal(java.time.LocalDateTime.of(1980, 1, 1, 0, 0));
    zip.putNextEntry(entry);
    zip.write(bytes);
    zip.closeEntry();
  }
}
