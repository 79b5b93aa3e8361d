package io.github.facemask.internal.weights;

import ai.djl.ndarray.types.Shape;
import io.github.facemask.tensor.HostTensor;
import java.util.List;

/** How the numbers of one tensor of a network are arranged in a file. */
enum Arrangement {
  /** One tensor of the same shape. */
  SAME,
  /** One or more tensors, one after the other as vectors. */
  FLAT,
  /** One or more matrices or vectors, one below the other. */
  STACKED,
  /** JAX's kernel of a convolution: (height, width, in, out). */
  CONV_KERNEL,
  /** JAX's kernel of a linear layer: (..., out). */
  DENSE_KERNEL,
  /** JAX's kernels of an attention: (in, heads, features) each, one below the other. */
  HEADS_KERNEL;

  /**
   * Arranges tensors as the network has them.
   *
   * @param sources the file's tensors, one or more
   * @return the tensor in its natural shape, or null if they have other ranks, sizes or types
   */
  HostTensor arranged(List<HostTensor> sources) {
    if (this == SAME) {
      return sources.get(0);
    }
    long total = 0;
    for (HostTensor source : sources) {
      total += source.shape().size();
      if (!source.type().isFloating()
          || source.shape().size() == 0
          || source.shape().dimension() < leastRank()
          || !source.shape().equals(sources.get(0).shape())) {
        return null;
      }
    }
    if (total > Integer.MAX_VALUE / 4) {
      return null;
    }
    float[] out = new float[(int) total];
    int at = 0;
    for (HostTensor source : sources) {
      float[] values = source.toFloats();
      write(values, source.shape(), out, at);
      at += values.length;
    }
    return HostTensor.ofFloats(shape(sources, total), out);
  }

  private int leastRank() {
    return switch (this) {
      case CONV_KERNEL -> 4;
      case DENSE_KERNEL, HEADS_KERNEL -> 2;
      case STACKED -> 1;
      default -> 0;
    };
  }

  private Shape shape(List<HostTensor> sources, long total) {
    Shape first = sources.get(0).shape();
    int rank = first.dimension();
    return switch (this) {
      case CONV_KERNEL -> new Shape(first.get(3), first.get(2), first.get(0), first.get(1));
      case DENSE_KERNEL -> new Shape(first.get(rank - 1), total / first.get(rank - 1));
      case HEADS_KERNEL -> matrix(total, first.get(0));
      case STACKED -> rank == 1 ? new Shape(total) : matrix(total, first.get(rank - 1));
      default -> new Shape(total);
    };
  }

  private static Shape matrix(long total, long columns) {
    return new Shape(total / columns, columns);
  }

  private void write(float[] values, Shape shape, float[] out, int at) {
    int rank = shape.dimension();
    switch (this) {
      case CONV_KERNEL ->
          transpose(values, (int) (shape.get(0) * shape.get(1)), (int) shape.get(2), out);
      case DENSE_KERNEL -> transpose(values, values.length / (int) shape.get(rank - 1), out, at);
      case HEADS_KERNEL -> transpose(values, (int) shape.get(0), out, at);
      default -> System.arraycopy(values, 0, out, at, values.length);
    }
  }

  /** A matrix (rows, columns) to (columns, rows). */
  private static void transpose(float[] values, int rows, float[] out, int at) {
    int columns = values.length / rows;
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        out[at + c * rows + r] = values[r * columns + c];
      }
    }
  }

  /** (pixels, in, out) to (out, in, pixels). */
  private static void transpose(float[] values, int pixels, int in, float[] out) {
    int outs = values.length / (pixels * in);
    for (int p = 0; p < pixels; p++) {
      for (int i = 0; i < in; i++) {
        for (int o = 0; o < outs; o++) {
          out[(o * in + i) * pixels + p] = values[(p * in + i) * outs + o];
        }
      }
    }
  }
}
