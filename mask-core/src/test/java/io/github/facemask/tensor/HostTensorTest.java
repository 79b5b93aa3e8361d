package io.github.facemask.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class HostTensorTest {

  @Test
  void halfPrecisionIsReadExactly() {
    short[] halves = {0x3C00, (short) 0xC000, 0x0001, 0x7BFF, 0x7C00, (short) 0x8000, 0x3555};
    ByteBuffer bytes = ByteBuffer.allocate(14).order(ByteOrder.LITTLE_ENDIAN);
    for (short half : halves) {
      bytes.putShort(half);
    }
    HostTensor tensor = HostTensor.of(DataType.FLOAT16, new Shape(7), bytes.flip());

    assertThat(tensor.toDoubles())
        .containsExactly(
            1.0, -2.0, 0x1p-24, 65504.0, Double.POSITIVE_INFINITY, -0.0, 0.333251953125);
  }

  @Test
  void bfloat16IsTheUpperHalfOfAFloat() {
    ByteBuffer bytes = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putShort((short) (Float.floatToIntBits(-1.5f) >>> 16)).putShort((short) 0x4049).flip();

    assertThat(HostTensor.of(DataType.BFLOAT16, new Shape(2), bytes).toFloats())
        .containsExactly(-1.5f, 3.140625f);
  }

  @Test
  void unsignedBytesAndBooleansAreNotNegative() {
    ByteBuffer bytes = ByteBuffer.wrap(new byte[] {0, 127, (byte) 255});

    assertThat(HostTensor.of(DataType.UINT8, new Shape(3), bytes).toDoubles())
        .containsExactly(0, 127, 255);
    assertThat(HostTensor.of(DataType.BOOLEAN, new Shape(3), bytes).toDoubles())
        .containsExactly(0, 1, 1);
    assertThat(HostTensor.of(DataType.INT8, new Shape(3), bytes).toDoubles())
        .containsExactly(0, 127, -1);
  }

  @Property
  void floatsComeBackAsTheyWere(@ForAll float[] values) {
    HostTensor tensor = HostTensor.ofFloats(new Shape(values.length), values);

    assertThat(tensor.toFloats()).containsExactly(values);
  }

  @Test
  void laterChangesOfTheSourceAreNotSeen() {
    float[] values = {1, 2};
    HostTensor tensor = HostTensor.ofFloats(new Shape(2), values);
    values[0] = 9;

    assertThat(tensor.toFloats()).containsExactly(1, 2);
  }

  @Test
  void bytesThatDoNotFitTheShapeAreRefused() {
    assertThatThrownBy(
            () -> HostTensor.of(DataType.FLOAT32, new Shape(2, 3), ByteBuffer.allocate(23)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("23 bytes, expected 24");
    assertThatThrownBy(() -> HostTensor.ofFloats(new Shape(2, -1), new float[2]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0 or more");
  }

  @Test
  void dataTypesThatAreNoNumbersAreRefused() {
    assertThatThrownBy(
            () -> HostTensor.of(DataType.COMPLEX64, new Shape(1), ByteBuffer.allocate(8)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("COMPLEX64, expected integers");
  }

  @Test
  void aShapeTooLargeToCountIsAnError() {
    Shape shape = new Shape(4_000_000_000L, 4_000_000_000L);

    assertThatThrownBy(() -> HostTensor.elements(shape)).isInstanceOf(ArithmeticException.class);
  }
}
