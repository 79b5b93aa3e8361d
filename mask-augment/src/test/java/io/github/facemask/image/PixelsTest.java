package io.github.facemask.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class PixelsTest {

  @Test
  void valuesAreFoundByRowColumnAndChannel() {
    Pixels photo = Pixels.wrap(2, 2, new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, (byte) 200});
    assertThat(photo.at(0, 1, 0)).isEqualTo(4);
    assertThat(photo.at(1, 0, 2)).isEqualTo(9);
    assertThat(photo.at(1, 1, 2)).isEqualTo(200);
  }

  @Test
  void theArrayMustFitTheSize() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Pixels.wrap(2, 2, new byte[11]))
        .withMessageContaining("11 bytes for 2 x 2 pixels, expected 12");
  }

  @Test
  void cropCutsRowsAndColumns() {
    Pixels cut = TestFiles.ramp(11, 21).crop(2, 5, 3, 4);
    assertThat(cut.height()).isEqualTo(3);
    assertThat(cut.at(0, 0, 0)).isEqualTo(5 * 255 / 20);
    assertThat(cut.at(2, 3, 1)).isEqualTo(4 * 255 / 10);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TestFiles.ramp(11, 21).crop(9, 0, 3, 4))
        .withMessageContaining("does not lie within 11 x 21");
  }

  @Test
  void copyToWritesAtAnOffsetAndLeavesThePositionAlone() {
    ByteBuffer buffer = ByteBuffer.allocateDirect(20);
    buffer.position(3);
    Pixels.wrap(1, 2, new byte[] {1, 2, 3, 4, 5, 6}).copyTo(buffer, 10);
    assertThat(buffer.get(10)).isEqualTo((byte) 1);
    assertThat(buffer.get(15)).isEqualTo((byte) 6);
    assertThat(buffer.position()).isEqualTo(3);
  }

  @Test
  void boxesOverlapByTheirSharedArea() {
    Box a = new Box(0, 0, 10, 10);
    assertThat(a.overlap(a)).isEqualTo(1);
    assertThat(a.overlap(new Box(5, 0, 15, 10))).isEqualTo(50.0 / 150);
    assertThat(a.overlap(new Box(10, 0, 15, 10))).isZero();
    assertThatIllegalArgumentException().isThrownBy(() -> new Box(3, 0, 3, 1));
  }
}
