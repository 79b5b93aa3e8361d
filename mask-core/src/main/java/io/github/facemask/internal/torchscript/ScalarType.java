package io.github.facemask.internal.torchscript;

import io.github.facemask.tensor.Precision;

/**
 * libtorch's data types. TorchScript writes them as the numbers in {@code c10/core/ScalarType.h}.
 */
public enum ScalarType {
  UINT8(0),
  FLOAT32(6),
  /** Quantized to unsigned 8 bits. */
  QUINT8(13),
  BFLOAT16(15);

  private final int code;

  ScalarType(int code) {
    this.code = code;
  }

  /**
   * Returns the type of the features in a precision.
   *
   * @param precision the precision
   */
  public static ScalarType of(Precision precision) {
    return switch (precision) {
      case FLOAT32 -> FLOAT32;
      case BFLOAT16 -> BFLOAT16;
      case INT8 ->
          throw new IllegalArgumentException(
              "INT8 is no type of features, which are quantized one by one");
    };
  }

  /** Returns libtorch's number of the type. */
  public int code() {
    return code;
  }

  /**
   * Returns the expression that converts a tensor to this type.
   *
   * @param expression the tensor
   * @return TorchScript source
   */
  public String cast(String expression) {
    return "torch.to(" + expression + ", " + code + ")";
  }
}
