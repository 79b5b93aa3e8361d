package io.github.facemask.internal.weights;

import ai.djl.ndarray.types.DataType;
import com.google.common.collect.ImmutableMap;
import io.github.facemask.internal.pickle.PickleException;

/**
 * A PyTorch storage or a part of one: a sequence of elements of one type.
 *
 * @param key its name in the file
 * @param dtype the name of its type, for instance {@code "float32"}
 * @param elements the number of elements of the whole storage
 * @param viewBegin the first element of the part
 * @param viewElements the number of elements of the part
 */
record TorchStorage(String key, String dtype, long elements, long viewBegin, long viewElements) {

  /** The storage classes and their types; types outside {@link #TYPES} cannot be read. */
  static final ImmutableMap<String, String> CLASSES =
      ImmutableMap.<String, String>builder()
          .put("FloatStorage", "float32")
          .put("DoubleStorage", "float64")
          .put("HalfStorage", "float16")
          .put("BFloat16Storage", "bfloat16")
          .put("LongStorage", "int64")
          .put("IntStorage", "int32")
          .put("ShortStorage", "int16")
          .put("CharStorage", "int8")
          .put("ByteStorage", "uint8")
          .put("BoolStorage", "bool")
          .put("ComplexFloatStorage", "complex64")
          .put("ComplexDoubleStorage", "complex128")
          .put("QInt8Storage", "qint8")
          .put("QUInt8Storage", "quint8")
          .put("QInt32Storage", "qint32")
          .put("QUInt4x2Storage", "quint4x2")
          .put("QUInt2x4Storage", "quint2x4")
          .put("UntypedStorage", "uint8")
          .buildOrThrow();

  static final ImmutableMap<String, DataType> TYPES =
      ImmutableMap.<String, DataType>builder()
          .put("float32", DataType.FLOAT32)
          .put("float64", DataType.FLOAT64)
          .put("float16", DataType.FLOAT16)
          .put("bfloat16", DataType.BFLOAT16)
          .put("int64", DataType.INT64)
          .put("int32", DataType.INT32)
          .put("int16", DataType.INT16)
          .put("int8", DataType.INT8)
          .put("uint8", DataType.UINT8)
          .put("uint16", DataType.UINT16)
          .put("uint32", DataType.UINT32)
          .put("uint64", DataType.UINT64)
          .put("bool", DataType.BOOLEAN)
          .buildOrThrow();

  /**
   * The element sizes of types that cannot be read. A legacy file requires them to skip such
   * storages.
   */
  private static final ImmutableMap<String, Integer> OTHER_SIZES =
      ImmutableMap.<String, Integer>builder()
          .put("complex64", 8)
          .put("complex128", 16)
          .put("qint8", 1)
          .put("quint8", 1)
          .put("qint32", 4)
          .put("quint4x2", 1)
          .put("quint2x4", 1)
          .buildOrThrow();

  TorchStorage {
    if (elements < 0
        || viewBegin < 0
        || viewElements < 0
        || viewBegin > elements
        || viewElements > elements - viewBegin) {
      throw new IllegalArgumentException("view of a storage reaches beyond it");
    }
  }

  static TorchStorage of(String key, String dtype, long elements, long begin, long viewElements)
      throws PickleException {
    try {
      return new TorchStorage(key, dtype, elements, begin, viewElements);
    } catch (IllegalArgumentException e) {
      throw new PickleException(
          "has storage "
              + PickleException.quote(key)
              + " of "
              + elements
              + " elements, and a view of "
              + viewElements
              + " from "
              + begin);
    }
  }

  /** Returns the bytes of one element. */
  int elementBytes() {
    DataType type = TYPES.get(dtype);
    return type != null ? type.getNumOfBytes() : OTHER_SIZES.get(dtype);
  }
}
