package io.github.facemask.internal.numbers;

import ai.djl.ndarray.types.DataType;
import io.github.facemask.problem.InvalidFileException;
import io.github.facemask.problem.Problem;
import io.github.facemask.tensor.HostTensor;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.file.Path;
import java.util.Map;

/** Finds NaN and infinite numbers, so that they are never a score, an answer or a model. */
public final class FiniteNumbers {

  private static final int CHUNK = 1 << 13;

  /** Added to a number without its sign, it overflows if all bits of the exponent are set. */
  private static final int EXPONENT_STEP = 0x00800000;

  private FiniteNumbers() {}

  /**
   * Counts the numbers that are NaN or infinite.
   *
   * @param tensor a tensor; whole numbers are always finite
   */
  public static long notFinite(HostTensor tensor) {
    if (tensor.type() != DataType.FLOAT32) {
      return tensor.type().isFloating() ? count(tensor.toFloats()) : 0;
    }
    IntBuffer bits = tensor.bytes().asIntBuffer();
    int[] chunk = new int[Math.min(CHUNK, bits.remaining())];
    boolean finite = true;
    while (bits.hasRemaining() && finite) {
      int n = Math.min(chunk.length, bits.remaining());
      bits.get(chunk, 0, n);
      finite = allFinite(chunk, n);
    }
    return finite ? 0 : count(tensor.bytes().asFloatBuffer());
  }

  /**
   * Checks the weights of a model.
   *
   * @param file the file that they are read from or written to
   * @param weights the tensors by name
   * @return the weights
   * @throws IOException if one is NaN or infinite; the message names the tensor
   */
  public static Map<String, HostTensor> checkedWeights(Path file, Map<String, HostTensor> weights)
      throws IOException {
    for (Map.Entry<String, HostTensor> tensor : weights.entrySet()) {
      long count = notFinite(tensor.getValue());
      if (count > 0) {
        throw new InvalidFileException(
            file,
            Problem.saying(
                    String.format(
                        "%d of the %d numbers of %s are NaN or infinite",
                        count, tensor.getValue().shape().size(), tensor.getKey()))
                .withRemedy("train the model again, with a lower learning rate"));
      }
    }
    return weights;
  }

  /** A loop that the virtual machine turns into vector instructions. */
  private static boolean allFinite(int[] bits, int n) {
    int overflow = 0;
    for (int i = 0; i < n; i++) {
      overflow |= (bits[i] & 0x7fffffff) + EXPONENT_STEP;
    }
    return overflow >= 0;
  }

  private static long count(FloatBuffer values) {
    long found = 0;
    while (values.hasRemaining()) {
      found += Float.isFinite(values.get()) ? 0 : 1;
    }
    return found;
  }

  private static long count(float[] values) {
    return count(FloatBuffer.wrap(values));
  }
}
