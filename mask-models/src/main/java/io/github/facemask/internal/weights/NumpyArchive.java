package io.github.facemask.internal.weights;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableMap;
import io.github.facemask.internal.pickle.PickleException;
import io.github.facemask.problem.InvalidFileException;
import io.github.facemask.problem.Problem;
import io.github.facemask.tensor.HostTensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The archives of {@code numpy.savez}, in which ViT was released: a zip of uncompressed arrays,
 * each with a short header. Arrays are ranges of the file, so the content cannot be larger than it.
 */
final class NumpyArchive {

  private static final String END = ".npy";
  private static final String MAGIC = "\u0093NUMPY";
  private static final int HEADER_LIMIT = 10_000;
  private static final int RANK_LIMIT = 16;

  /** JAX's bfloat16 has no name in numpy: it is two bytes. */
  private static final ImmutableMap<String, DataType> TYPES =
      ImmutableMap.<String, DataType>builder()
          .put("<f4", DataType.FLOAT32)
          .put("<f8", DataType.FLOAT64)
          .put("<f2", DataType.FLOAT16)
          .put("|V2", DataType.BFLOAT16)
          .put("<i8", DataType.INT64)
          .put("<i4", DataType.INT32)
          .put("|i1", DataType.INT8)
          .put("|u1", DataType.UINT8)
          .buildOrThrow();

  private static final Pattern HEADER =
      Pattern.compile(
          "\\{'descr': '([^']{1,8})', 'fortran_order': (True|False), 'shape': \\(([0-9, ]*)\\), \\}\\s*");

  private NumpyArchive() {}

  /** Returns whether a zip archive has arrays. */
  static boolean isArchive(Map<String, StoredZip.Range> entries) {
    return entries.keySet().stream().anyMatch(name -> name.endsWith(END));
  }

  /** Reads the weights of a ViT of the original release. */
  static ImmutableMap<String, HostTensor> read(
      FileBytes bytes, Map<String, StoredZip.Range> entries) throws IOException {
    if (entries.keySet().stream().noneMatch(name -> name.endsWith("embedding/kernel.npy"))) {
      throw new InvalidFileException(
          bytes.file(),
          Problem.saying(
                  "holds numpy arrays, the first is "
                      + PickleException.quote(entries.keySet().iterator().next()))
              .withExpected("the names of ViT's original release, such as embedding/kernel")
              .withRemedy("convert them in Python and save them with safetensors or torch.save"));
    }
    StoredZip.checkStored(bytes, entries, "archive of numpy.savez");
    ImmutableMap.Builder<String, HostTensor> tensors = ImmutableMap.builder();
    for (Map.Entry<String, StoredZip.Range> entry : entries.entrySet()) {
      if (entry.getKey().endsWith(END)) {
        String name = entry.getKey().substring(0, entry.getKey().length() - END.length());
        HostTensor tensor = array(bytes, name, entry.getValue());
        if (tensor != null) {
          tensors.put(name, tensor);
        }
      }
    }
    return tensors.buildOrThrow();
  }

  /** Reads an array; null if its type is none of a weight, for instance text. */
  private static HostTensor array(FileBytes bytes, String name, StoredZip.Range range)
      throws IOException {
    ByteBuffer array = bytes.slice(range.begin(), Math.min(range.length(), HEADER_LIMIT));
    if (array.remaining() < 12 || !text(array, 0, MAGIC.length()).equals(MAGIC)) {
      throw malformed(bytes, name, "is no array of numpy");
    }
    boolean first = array.get(6) == 1;
    long length = first ? array.getShort(8) & 0xffff : array.getInt(8) & 0xffffffffL;
    int begin = first ? 10 : 12;
    if (length > array.remaining() - begin) {
      throw malformed(bytes, name, "has a header of " + length + " bytes, expected few");
    }
    Matcher header = HEADER.matcher(text(array, begin, (int) length));
    if (!header.matches()) {
      throw malformed(bytes, name, "has a header that cannot be read");
    }
    DataType type = TYPES.get(header.group(1));
    if (type == null) {
      return null;
    }
    Shape shape = shape(bytes, name, header.group(3));
    if (header.group(2).equals("True") && shape.dimension() > 1) {
      throw malformed(bytes, name, "is in Fortran's order, expected C's");
    }
    long data = range.length() - begin - length;
    if (data > Integer.MAX_VALUE) {
      throw malformed(bytes, name, "is larger than 2 GiB, which cannot be read");
    }
    try {
      return HostTensor.of(type, shape, bytes.slice(range.begin() + begin + length, data));
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw malformed(
          bytes,
          name,
          "has " + data + " bytes, its header " + type.name() + shape + " expects others");
    }
  }

  private static Shape shape(FileBytes bytes, String name, String text) throws IOException {
    List<String> sizes = Splitter.on(',').trimResults().omitEmptyStrings().splitToList(text);
    if (sizes.size() > RANK_LIMIT
        || sizes.stream().anyMatch(s -> s.length() > 18 || s.contains(" "))) {
      throw malformed(bytes, name, "has a shape that cannot be read");
    }
    return new Shape(sizes.stream().mapToLong(Long::parseLong).toArray());
  }

  private static String text(ByteBuffer bytes, int at, int length) {
    byte[] text = new byte[length];
    bytes.get(at, text);
    return new String(text, StandardCharsets.ISO_8859_1);
  }

  private static IOException malformed(FileBytes bytes, String name, String what) {
    return new InvalidFileException(
        bytes.file(), Problem.saying("array " + PickleException.quote(name) + " " + what));
  }
}
