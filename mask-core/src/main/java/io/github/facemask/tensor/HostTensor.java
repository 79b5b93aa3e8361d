package io.github.facemask.tensor;

import static com.google.common.base.Preconditions.checkArgument;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.common.primitives.UnsignedLong;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * An array in host memory: row-major, little-endian. The bytes are shared, not copied; the creator
 * of a tensor must not change them afterwards.
 */
public final class HostTensor {

  private final DataType type;
  private final Shape shape;
  private final ByteBuffer bytes;

  private HostTensor(DataType type, Shape shape, ByteBuffer bytes) {
    this.type = type;
    this.shape = shape;
    this.bytes = bytes;
  }

  /**
   * Wraps bytes.
   *
   * @param type the data type: integers, floating-point numbers or booleans
   * @param shape the shape
   * @param bytes the elements from the buffer's position to its limit, little-endian
   * @return the tensor, a view of the bytes
   * @throws IllegalArgumentException if the number of bytes does not fit the shape, or the type is
   *     neither numeric nor boolean
   */
  public static HostTensor of(DataType type, Shape shape, ByteBuffer bytes) {
    checkArgument(
        type != DataType.COMPLEX64 && type != DataType.STRING && type != DataType.UNKNOWN,
        "tensor has data type %s, expected integers, floating-point numbers or booleans",
        type.name());
    long expected = Math.multiplyExact(elements(shape), type.getNumOfBytes());
    checkArgument(
        bytes.remaining() == expected,
        "%s tensor of shape %s has %s bytes, expected %s",
        type.name(),
        shape,
        bytes.remaining(),
        expected);
    ByteBuffer view = bytes.slice().asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    return new HostTensor(type, shape, view);
  }

  /**
   * Makes a float32 tensor from a copy of some values.
   *
   * @param shape the shape
   * @param values the elements, row-major
   * @return the tensor
   */
  public static HostTensor ofFloats(Shape shape, float[] values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(values.length, 4)).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return of(DataType.FLOAT32, shape, bytes);
  }

  /**
   * Makes an int64 tensor from a copy of some values.
   *
   * @param shape the shape
   * @param values the elements, row-major
   * @return the tensor
   */
  public static HostTensor ofLongs(Shape shape, long... values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(values.length, 8)).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asLongBuffer().put(values);
    return of(DataType.INT64, shape, bytes);
  }

  /**
   * Returns the number of elements of a shape, exactly; DJL's own count wraps around.
   *
   * @param shape any shape
   * @return the product of its sizes, 1 for a scalar
   * @throws ArithmeticException if it does not fit a long
   * @throws IllegalArgumentException if a size is unknown or negative
   */
  public static long elements(Shape shape) {
    long product = 1;
    for (long size : shape.getShape()) {
      checkArgument(size >= 0, "shape is %s, expected sizes of 0 or more", shape);
      product = Math.multiplyExact(product, size);
    }
    return product;
  }

  /** Returns the data type. */
  public DataType type() {
    return type;
  }

  /** Returns the shape. */
  public Shape shape() {
    return shape;
  }

  /** Returns the elements as read-only little-endian bytes, positioned at the first. */
  public ByteBuffer bytes() {
    return bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Returns the elements as float32; float64 and integers are rounded to the nearest float.
   *
   * @return a new array, row-major
   */
  public float[] toFloats() {
    int n = Math.toIntExact(shape.size());
    float[] values = new float[n];
    if (type == DataType.FLOAT32) {
      bytes().asFloatBuffer().get(values);
      return values;
    }
    for (int i = 0; i < n; i++) {
      values[i] = (float) doubleAt(i);
    }
    return values;
  }

  /**
   * Returns the elements as float64; exact for every type but 64-bit integers beyond 2^53.
   *
   * @return a new array, row-major
   */
  public double[] toDoubles() {
    double[] values = new double[Math.toIntExact(shape.size())];
    for (int i = 0; i < values.length; i++) {
      values[i] = doubleAt(i);
    }
    return values;
  }

  private double doubleAt(int index) {
    int at = index * type.getNumOfBytes();
    return switch (type) {
      case FLOAT32 -> bytes.getFloat(at);
      case FLOAT64 -> bytes.getDouble(at);
      case FLOAT16 -> halfToFloat(bytes.getShort(at));
      case BFLOAT16 -> Float.intBitsToFloat(bytes.getShort(at) << 16);
      case INT64 -> bytes.getLong(at);
      case INT32 -> bytes.getInt(at);
      case INT16 -> bytes.getShort(at);
      case INT8 -> bytes.get(at);
      case UINT8 -> bytes.get(at) & 0xff;
      case UINT16 -> bytes.getShort(at) & 0xffff;
      case UINT32 -> Integer.toUnsignedLong(bytes.getInt(at));
      case UINT64 -> UnsignedLong.fromLongBits(bytes.getLong(at)).doubleValue();
      case BOOLEAN -> bytes.get(at) == 0 ? 0 : 1;
      case COMPLEX64, STRING, UNKNOWN -> throw new AssertionError(type);
    };
  }

  /** IEEE 754 binary16 to binary32, exactly (Java has this only from 20 on). */
  private static float halfToFloat(short half) {
    int sign = (half & 0x8000) << 16;
    int exponent = (half >>> 10) & 0x1f;
    int fraction = half & 0x3ff;
    if (exponent == 0) {
      float magnitude = fraction * 0x1p-24f;
      return sign == 0 ? magnitude : -magnitude;
    }
    int wide = exponent == 31 ? 0xff : exponent + 112;
    return Float.intBitsToFloat(sign | wide << 23 | fraction << 13);
  }

  @Override
  public String toString() {
    // DJL's own text of a type depends on the default locale, which breaks it in Turkish.
    return type.name() + shape;
  }
}
