package io.github.facemask.internal.program;

import ai.djl.ndarray.types.Shape;
import com.google.common.collect.ImmutableMap;
import io.github.facemask.network.Attention.WindowAttention;
import io.github.facemask.network.Attention.WindowAttention.Grid;
import io.github.facemask.network.Network;
import io.github.facemask.tensor.HostTensor;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Tensors that depend only on the sizes of windows. A program holds each once. They are not part of
 * a network's weights.
 */
final class WindowConstants {

  private static final String PREFIX = "window_constants.";

  private WindowConstants() {}

  /** Returns all constants that a network needs, by their names in a program. */
  static ImmutableMap<String, HostTensor> of(Network network) {
    Map<String, HostTensor> constants = new LinkedHashMap<>();
    network.forEachLayer(
        (layer, path) -> {
          if (layer instanceof WindowAttention attention) {
            Grid grid = attention.grid();
            constants.computeIfAbsent(indexName(grid), name -> index(grid));
            if (grid.isShifted()) {
              constants.computeIfAbsent(maskName(grid), name -> mask(grid));
            }
          }
        });
    return ImmutableMap.copyOf(constants);
  }

  /** Returns the name of the bias table's row for each pair of pixels: int64 (area * area). */
  static String indexName(Grid grid) {
    return String.format(
        Locale.ROOT, "%sindex_%dx%d", PREFIX, grid.windowHeight(), grid.windowWidth());
  }

  /** Returns the name of the mask of shifted windows: float32 (windows, 1, area, area). */
  static String maskName(Grid grid) {
    return String.format(
        Locale.ROOT,
        "%smask_%dx%d_%dx%d_%dx%d",
        PREFIX,
        grid.height(),
        grid.width(),
        grid.windowHeight(),
        grid.windowWidth(),
        grid.shiftHeight(),
        grid.shiftWidth());
  }

  private static HostTensor index(Grid grid) {
    long[] index = grid.relativePositionIndex();
    return HostTensor.ofLongs(new Shape(index.length), index);
  }

  private static HostTensor mask(Grid grid) {
    long windows = (long) grid.rows() * grid.columns();
    return HostTensor.ofFloats(new Shape(windows, 1, grid.area(), grid.area()), grid.shiftMask());
  }
}
