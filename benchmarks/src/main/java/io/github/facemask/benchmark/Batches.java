package io.github.facemask.benchmark;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.facemask.label.FaceClass;
import io.github.facemask.random.RandomStream;
import java.nio.ByteBuffer;

/** Batches of noise, the same in every run. */
final class Batches {

  private Batches() {}

  /** Returns count * side * side * 3 bytes. */
  static ByteBuffer bytes(int count, int side) {
    RandomStream random = RandomStream.of(7, "pixels");
    ByteBuffer bytes = ByteBuffer.allocateDirect(count * side * side * 3);
    while (bytes.remaining() >= 8) {
      bytes.putLong(random.nextLong());
    }
    while (bytes.hasRemaining()) {
      bytes.put((byte) random.nextInt(256));
    }
    return bytes.flip();
  }

  /** Returns uint8 (count, side, side, 3). */
  static NDArray pixels(NDManager manager, int count, int side) {
    return manager.create(bytes(count, side), new Shape(count, side, side, 3), DataType.UINT8);
  }

  /** Returns soft targets as CutMix makes them: (count, 18), two classes a photo. */
  static NDArray targets(NDManager manager, int count) {
    float[] targets = new float[count * FaceClass.COUNT];
    for (int b = 0; b < count; b++) {
      targets[b * FaceClass.COUNT + (5 * b + 3) % FaceClass.COUNT] = 0.7f;
      targets[b * FaceClass.COUNT + (7 * b + 12) % FaceClass.COUNT] += 0.3f;
    }
    return manager.create(targets, new Shape(count, FaceClass.COUNT));
  }
}
