package io.github.facemask.network;

import static com.google.common.base.Preconditions.checkArgument;

import ai.djl.ndarray.types.Shape;
import com.google.common.collect.ImmutableList;
import io.github.facemask.network.Layer.Visitor;
import io.github.facemask.network.TensorSpec.Role;
import java.util.List;

/** Attention layers. */
public final class Attention {

  private Attention() {}

  /**
   * Attention of each token to all tokens (Vaswani et al., "Attention is all you need", 2017): (B,
   * N, C) to the same. Queries, keys and values come from one linear layer.
   *
   * @param name its part of the path
   * @param features C
   * @param heads the number of heads, a divisor of C
   */
  public record SelfAttention(String name, int features, int heads) implements Layer {

    /** Returns the map to queries, keys and values. */
    public Linear qkv() {
      return new Linear("qkv", features, 3 * features, false);
    }

    /** Returns the map after the attention. */
    public Linear projection() {
      return new Linear("proj", features, features, false);
    }

    @Override
    public List<Layer> children() {
      return ImmutableList.of(qkv(), projection());
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /**
   * Attention within windows, with a learned bias for each relative position (Liu et al., "Swin
   * transformer", 2021): (B, H, W, C) to the same. With a shift, the photo is rolled before and
   * rolled back after, and attention between pixels that became neighbours only by the roll is
   * masked. If the windows do not fit, the right and bottom are padded with zeros, which are
   * removed afterwards.
   *
   * @param name its part of the path
   * @param features C
   * @param heads the number of heads, a divisor of C
   * @param grid sizes and shift of the windows
   */
  public record WindowAttention(String name, int features, int heads, Grid grid) implements Layer {

    /** Returns the map to queries, keys and values. */
    public Linear qkv() {
      return new Linear("qkv", features, 3 * features, false);
    }

    /** Returns the map after the attention. */
    public Linear projection() {
      return new Linear("proj", features, features, false);
    }

    @Override
    public List<TensorSpec> tensors() {
      return ImmutableList.of(
          new TensorSpec(
              "relative_position_bias_table",
              new Shape(grid.relativePositions(), heads),
              Role.BIAS_TABLE));
    }

    @Override
    public List<Layer> children() {
      return ImmutableList.of(qkv(), projection());
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }

    /**
     * The layout of windows on features of a known size.
     *
     * @param height the features' height
     * @param width the features' width
     * @param windowHeight a window's height
     * @param windowWidth a window's width
     * @param shiftHeight by how many pixels the features are rolled upwards first
     * @param shiftWidth by how many pixels the features are rolled leftwards first
     */
    public record Grid(
        int height, int width, int windowHeight, int windowWidth, int shiftHeight, int shiftWidth) {

      /** Checks the sizes. */
      public Grid {
        checkArgument(
            windowHeight >= 1 && windowWidth >= 1 && windowHeight <= height && windowWidth <= width,
            "windows are %s x %s, expected to fit features of %s x %s",
            windowHeight,
            windowWidth,
            height,
            width);
        checkArgument(
            shiftHeight >= 0
                && shiftWidth >= 0
                && shiftHeight < windowHeight
                && shiftWidth < windowWidth,
            "shift is %s x %s, expected 0 or more and less than the window's %s x %s",
            shiftHeight,
            shiftWidth,
            windowHeight,
            windowWidth);
      }

      /**
       * Lays out windows as timm does: if the features are smaller than a window, the window
       * shrinks to them and is not shifted.
       *
       * @param height the features' height
       * @param width the features' width
       * @param window the requested side of the windows
       * @param shifted whether to shift by half a window
       * @return the grid
       */
      public static Grid of(int height, int width, int window, boolean shifted) {
        int shift = shifted ? window / 2 : 0;
        return new Grid(
            height,
            width,
            Math.min(height, window),
            Math.min(width, window),
            height <= window ? 0 : shift,
            width <= window ? 0 : shift);
      }

      /** Returns whether the features are rolled. */
      public boolean isShifted() {
        return shiftHeight > 0 || shiftWidth > 0;
      }

      /** Returns the number of windows from top to bottom. */
      public int rows() {
        return (height + windowHeight - 1) / windowHeight;
      }

      /** Returns the number of windows from left to right. */
      public int columns() {
        return (width + windowWidth - 1) / windowWidth;
      }

      /** Returns the height with padding. */
      public int paddedHeight() {
        return rows() * windowHeight;
      }

      /** Returns the width with padding. */
      public int paddedWidth() {
        return columns() * windowWidth;
      }

      /** Returns the number of pixels of a window. */
      public int area() {
        return windowHeight * windowWidth;
      }

      /** Returns the number of different relative positions of two pixels of a window. */
      public int relativePositions() {
        return (2 * windowHeight - 1) * (2 * windowWidth - 1);
      }

      /**
       * Returns the index of the relative position of each pair of pixels in a window.
       *
       * @return area * area numbers, the query pixel first
       */
      public long[] relativePositionIndex() {
        int area = area();
        long[] index = new long[area * area];
        for (int from = 0; from < area; from++) {
          for (int to = 0; to < area; to++) {
            int down = from / windowWidth - to / windowWidth + windowHeight - 1;
            int right = from % windowWidth - to % windowWidth + windowWidth - 1;
            index[from * area + to] = (long) down * (2 * windowWidth - 1) + right;
          }
        }
        return index;
      }

      /**
       * Returns the attention mask, which is added to the scores of each pair of pixels: 0 if they
       * were neighbours before the roll, otherwise -100.
       *
       * @return rows * columns * area * area numbers
       */
      public float[] shiftMask() {
        int area = area();
        float[] mask = new float[rows() * columns() * area * area];
        int at = 0;
        for (int window = 0; window < rows() * columns(); window++) {
          int[] regions = regions(window / columns(), window % columns());
          for (int from = 0; from < area; from++) {
            for (int to = 0; to < area; to++) {
              mask[at++] = regions[from] == regions[to] ? 0 : -100;
            }
          }
        }
        return mask;
      }

      /** The index of the part of the rolled photo, of nine, for each pixel of a window. */
      private int[] regions(int row, int column) {
        int[] regions = new int[area()];
        for (int pixel = 0; pixel < regions.length; pixel++) {
          int y = row * windowHeight + pixel / windowWidth;
          int x = column * windowWidth + pixel % windowWidth;
          regions[pixel] =
              3 * part(y, paddedHeight(), windowHeight, shiftHeight)
                  + part(x, paddedWidth(), windowWidth, shiftWidth);
        }
        return regions;
      }

      /** Before the last window, in it, or in the part that was rolled in from the other end. */
      private static int part(int at, int size, int window, int shift) {
        if (at < size - window) {
          return 0;
        }
        return at < size - shift ? 1 : 2;
      }
    }
  }
}
