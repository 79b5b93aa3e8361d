package io.github.facemask.internal.passes;

import ai.djl.ndarray.types.DataType;
import io.github.facemask.tensor.HostTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Rounds float32 to bfloat16 like PyTorch: to nearest, ties to even. */
final class Rounding {

  private Rounding() {}

  static HostTensor toBfloat16(HostTensor tensor) {
    if (tensor.type() != DataType.FLOAT32) {
      return tensor;
    }
    float[] values = tensor.toFloats();
    ByteBuffer bytes = ByteBuffer.allocate(2 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      int bits = Float.floatToRawIntBits(value);
      int rounded = Float.isNaN(value) ? bits : bits + 0x7fff + ((bits >>> 16) & 1);
      bytes.putShort((short) (rounded >>> 16));
    }
    return HostTensor.of(DataType.BFLOAT16, tensor.shape(), bytes.flip());
  }
}
