package io.github.facemask.internal.weights;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.facemask.internal.pickle.PickleException;
import io.github.facemask.problem.InvalidFileException;
import io.github.facemask.problem.Problem;
import io.github.facemask.tensor.HostTensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.LongPredicate;

/** A tensor description whose bounds were checked against its storage. */
final class StridedTensor {

  /** Reads a part of a storage's bytes. */
  interface Source {
    ByteBuffer slice(TorchStorage storage, long at, long length) throws IOException;
  }

  private final Path file;
  private final String name;
  private final TorchTensor tensor;
  private final DataType type;
  private final Shape shape;
  private final long elements;

  /** The number of elements of the storage from the first used one to the last. */
  private final long span;

  private StridedTensor(Path file, String name, TorchTensor tensor) throws IOException {
    this.file = file;
    this.name = name;
    this.tensor = tensor;
    this.type = TorchStorage.TYPES.get(tensor.dtype);
    if (type == null) {
      throw refused(
          "has type "
              + PickleException.quote(tensor.dtype)
              + ", expected one of "
              + TorchStorage.TYPES.keySet());
    }
    if (Arrays.stream(tensor.sizes).anyMatch(s -> s < 0)
        || Arrays.stream(tensor.strides).anyMatch(s -> s < 0)
        || tensor.offset < 0) {
      throw refused("has a negative size, stride or offset");
    }
    this.shape = new Shape(tensor.sizes);
    try {
      this.elements = HostTensor.elements(shape);
      this.span = span();
      checkBounds();
    } catch (ArithmeticException e) {
      throw refused("has shape " + shape + ", too large");
    }
  }

  static StridedTensor of(Path file, String name, TorchTensor tensor) throws IOException {
    return new StridedTensor(file, name, tensor);
  }

  /**
   * Reads the elements in row-major order: as a view if they have this order, otherwise as a copy.
   *
   * @param source the storages' bytes
   * @param claim decides whether a copy of this number of bytes is allowed
   */
  HostTensor read(Source source, LongPredicate claim) throws IOException {
    if (elements == 0) {
      return HostTensor.of(type, shape, ByteBuffer.allocate(0));
    }
    long begin = tensor.storage.viewBegin() * tensor.storage.elementBytes();
    begin += tensor.offset * type.getNumOfBytes();
    ByteBuffer part = source.slice(tensor.storage, begin, span * type.getNumOfBytes());
    if (tensor.contiguous()) {
      return HostTensor.of(type, shape, part);
    }
    long size = elements * type.getNumOfBytes();
    if (!claim.test(size)) {
      throw refused("with others would be larger than the file by far, though it only repeats it");
    }
    ByteBuffer copy = ByteBuffer.allocate((int) size).order(ByteOrder.LITTLE_ENDIAN);
    copy(part, copy);
    return HostTensor.of(type, shape, copy.flip());
  }

  private long span() {
    long last = 0;
    for (int d = 0; d < tensor.sizes.length && elements > 0; d++) {
      long reach = Math.multiplyExact(tensor.sizes[d] - 1, tensor.strides[d]);
      last = Math.addExact(last, reach);
    }
    return elements == 0 ? 0 : Math.addExact(last, 1);
  }

  private void checkBounds() throws IOException {
    long room =
        Math.multiplyExact(tensor.storage.viewElements(), tensor.storage.elementBytes())
            / type.getNumOfBytes();
    if (elements > 0 && Math.addExact(tensor.offset, span) > room) {
      throw refused(
          "of shape "
              + shape
              + " reaches to element "
              + (tensor.offset + span)
              + " of a storage of "
              + room);
    }
    if (Math.multiplyExact(elements, type.getNumOfBytes()) > Integer.MAX_VALUE
        || Math.multiplyExact(span, type.getNumOfBytes()) > Integer.MAX_VALUE) {
      throw refused("of shape " + shape + " is larger than 2 GiB, which cannot be read");
    }
  }

  private void copy(ByteBuffer from, ByteBuffer to) {
    int rank = tensor.sizes.length;
    long[] index = new long[rank];
    long at = 0;
    for (long i = 0; i < elements; i++) {
      copyElement(from, (int) (at * type.getNumOfBytes()), to);
      for (int d = rank - 1; d >= 0; d--) {
        at += tensor.strides[d];
        if (++index[d] < tensor.sizes[d]) {
          break;
        }
        at -= tensor.sizes[d] * tensor.strides[d];
        index[d] = 0;
      }
    }
  }

  private void copyElement(ByteBuffer from, int at, ByteBuffer to) {
    switch (type.getNumOfBytes()) {
      case 8 -> to.putLong(from.getLong(at));
      case 4 -> to.putInt(from.getInt(at));
      case 2 -> to.putShort(from.getShort(at));
      default -> to.put(from.get(at));
    }
  }

  private IOException refused(String what) {
    return new InvalidFileException(
        file, Problem.saying("tensor " + PickleException.quote(name) + " " + what));
  }
}
