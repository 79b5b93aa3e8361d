package io.github.facemask.internal.passes;

import ai.djl.ndarray.types.Shape;
import com.google.common.collect.ImmutableMap;
import io.github.facemask.network.Attention.WindowAttention;
import io.github.facemask.network.Attention.WindowAttention.Grid;
import io.github.facemask.tensor.HostTensor;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Precomputes the bias of each pair of pixels in a window, plus the mask of shifted windows, as
 * {@code <path>.window_bias} of shape (1, windows or 1 times heads, area, area).
 */
final class FoldWindowBias implements Pass {

  @Override
  public String description() {
    return "biases and masks of windows looked up once";
  }

  /** Returns the name of the constant of the attention at a path. */
  static String constant(String path) {
    return path + ".window_bias";
  }

  @Override
  public Plan apply(Plan plan) {
    Map<String, HostTensor> weights = new LinkedHashMap<>(plan.weights());
    plan.forEachLayer(
        step -> {
          if (step.layer() instanceof WindowAttention attention) {
            HostTensor table = weights.remove(step.path() + ".relative_position_bias_table");
            weights.put(constant(step.path()), bias(attention, table));
          }
        });
    return new Plan(plan.steps(), ImmutableMap.copyOf(weights));
  }

  private static HostTensor bias(WindowAttention attention, HostTensor table) {
    Grid grid = attention.grid();
    int heads = attention.heads();
    int pairs = grid.area() * grid.area();
    int windows = grid.isShifted() ? grid.rows() * grid.columns() : 1;
    float[] rows = table.toFloats();
    long[] index = grid.relativePositionIndex();
    float[] mask = grid.isShifted() ? grid.shiftMask() : new float[pairs];
    float[] all = new float[windows * heads * pairs];
    for (int w = 0; w < windows; w++) {
      for (int h = 0; h < heads; h++) {
        int to = (w * heads + h) * pairs;
        for (int p = 0; p < pairs; p++) {
          all[to + p] = rows[(int) index[p] * heads + h] + mask[w * pairs + p];
        }
      }
    }
    return HostTensor.ofFloats(new Shape(1, (long) windows * heads, grid.area(), grid.area()), all);
  }
}
