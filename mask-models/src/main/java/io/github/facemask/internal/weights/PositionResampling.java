package io.github.facemask.internal.weights;

import ai.djl.ndarray.types.Shape;
import io.github.facemask.network.TensorSpec;
import io.github.facemask.tensor.HostTensor;
import java.util.Arrays;

/**
 * Resamples position tables for another input size like timm 1.0.31. ViT's position embeddings use
 * bicubic interpolation with antialiasing ({@code resample_abs_pos_embed}). Swin's relative
 * position bias uses linear interpolation between positions whose spacing grows geometrically from
 * the centre ({@code resize_rel_pos_bias_table}). Both process one axis after the other with a
 * matrix (new size, old size).
 */
final class PositionResampling {

  private static final double CUBIC = -0.5;

  private PositionResampling() {}

  /**
   * Resamples a table.
   *
   * @param spec the network's tensor
   * @param found the file's tensor, float32
   * @param height the network's input height
   * @param width the network's input width
   * @return the tensor in the network's shape, or null if it is not a position table
   */
  static HostTensor resampled(TensorSpec spec, HostTensor found, int height, int width) {
    Shape from = found.shape();
    Shape to = spec.shape();
    int rank = to.dimension();
    if (from.dimension() != rank || rank < 2 || from.get(rank - 1) != to.get(rank - 1)) {
      return null;
    }
    if (spec.name().endsWith("relative_position_bias_table") && rank == 2) {
      return biasTable(found, to);
    }
    boolean embedding = spec.name().equals("pos_embed") && rank == 3 && from.get(0) == 1;
    return embedding ? embedding(found, to, height, width) : null;
  }

  private static HostTensor biasTable(HostTensor found, Shape to) {
    int side = side(found.shape().get(0));
    int newSide = side(to.get(0));
    if (side < 3 || newSide < 1 || side % 2 == 0 || newSide % 2 == 0) {
      return null;
    }
    double[][] axis = relativePositions(side, newSide);
    int heads = (int) to.get(1);
    return HostTensor.ofFloats(to, resample(found.toFloats(), axis, axis, heads));
  }

  private static HostTensor embedding(HostTensor found, Shape to, int height, int width) {
    for (int prefix : new int[] {1, 0, 2}) {
      int side = side(found.shape().get(1) - prefix);
      long tokens = to.get(1) - prefix;
      int rows = (int) Math.round(Math.sqrt((double) tokens * height / width));
      if (side > 0
          && rows > 0
          && tokens % rows == 0
          && tokens / rows * height == (long) rows * width) {
        return embedding(
            found, to, prefix, bicubic(side, rows), bicubic(side, (int) tokens / rows));
      }
    }
    return null;
  }

  private static HostTensor embedding(
      HostTensor found, Shape to, int prefix, double[][] rows, double[][] columns) {
    int channels = (int) to.get(2);
    float[] old = found.toFloats();
    float[] grid = Arrays.copyOfRange(old, prefix * channels, old.length);
    float[] resampled = resample(grid, rows, columns, channels);
    float[] all = Arrays.copyOf(old, prefix * channels + resampled.length);
    System.arraycopy(resampled, 0, all, prefix * channels, resampled.length);
    return HostTensor.ofFloats(to, all);
  }

  /** Returns the side of a square with this number of cells, or -1 if there is none. */
  private static int side(long cells) {
    int side = (int) Math.round(Math.sqrt((double) Math.max(0, cells)));
    return (long) side * side == cells ? side : -1;
  }

  /** Applies a matrix to the rows and one to the columns of a grid (rows, columns, channels). */
  private static float[] resample(float[] grid, double[][] rows, double[][] columns, int channels) {
    int oldRows = rows[0].length;
    int oldColumns = columns[0].length;
    double[] wide = new double[oldRows * columns.length * channels];
    for (int y = 0; y < oldRows; y++) {
      for (int x = 0; x < columns.length; x++) {
        for (int k = 0; k < oldColumns; k++) {
          for (int c = 0; c < channels && columns[x][k] != 0; c++) {
            wide[(y * columns.length + x) * channels + c] +=
                columns[x][k] * grid[(y * oldColumns + k) * channels + c];
          }
        }
      }
    }
    int row = columns.length * channels;
    float[] out = new float[rows.length * row];
    for (int y = 0; y < rows.length; y++) {
      for (int i = 0; i < row; i++) {
        double sum = 0;
        for (int k = 0; k < oldRows; k++) {
          sum += rows[y][k] * wide[k * row + i];
        }
        out[y * row + i] = (float) sum;
      }
    }
    return out;
  }

  /** PyTorch's bicubic interpolation with antialias=True and align_corners=False. */
  private static double[][] bicubic(int from, int to) {
    double[][] matrix = new double[to][from];
    double scale = (double) from / to;
    double stretch = Math.max(scale, 1);
    for (int i = 0; i < to; i++) {
      double center = scale * (i + 0.5);
      int begin = Math.max((int) (center - 2 * stretch + 0.5), 0);
      int end = Math.min((int) (center + 2 * stretch + 0.5), from);
      double sum = 0;
      for (int j = begin; j < end; j++) {
        matrix[i][j] = cubic((j - center + 0.5) / stretch);
        sum += matrix[i][j];
      }
      for (int j = begin; j < end; j++) {
        matrix[i][j] /= sum;
      }
    }
    return matrix;
  }

  private static double cubic(double distance) {
    double x = Math.abs(distance);
    if (x < 1) {
      return ((CUBIC + 2) * x - (CUBIC + 3)) * x * x + 1;
    }
    return x < 2 ? CUBIC * (((x - 5) * x + 8) * x - 4) : 0;
  }

  /** Linear interpolation at -n..n between old positions in geometric steps. */
  private static double[][] relativePositions(int from, int to) {
    float[] positions = geometricPositions(from, to);
    double[][] matrix = new double[to][from];
    for (int i = 0; i < to; i++) {
      float x = i - to / 2;
      int right = 0;
      while (right < from - 1 && positions[right] < x) {
        right++;
      }
      int left = Math.max(right - 1, 0);
      float toLeft = Math.max(x - positions[left], 0);
      float toRight = Math.max(positions[right] - x, 0);
      if (toLeft == 0 && toRight == 0) {
        toLeft = 1;
        toRight = 1;
      }
      matrix[i][right] += toLeft / ((double) toLeft + toRight);
      matrix[i][left] += toRight / ((double) toLeft + toRight);
    }
    return matrix;
  }

  private static float[] geometricPositions(int from, int to) {
    int half = from / 2;
    int newHalf = to / 2;
    double low = 1.01;
    double high = 1.5;
    double ratio = low;
    while (high - low > 1e-6) {
      ratio = (low + high) / 2;
      if ((1 - Math.pow(ratio, half)) / (1 - ratio) > newHalf) {
        high = ratio;
      } else {
        low = ratio;
      }
    }
    float[] positions = new float[from];
    double at = 1;
    for (int i = 1; i <= half; i++) {
      positions[half + i] = (float) at;
      positions[half - i] = (float) -at;
      at += Math.pow(ratio, i);
    }
    return positions;
  }
}
