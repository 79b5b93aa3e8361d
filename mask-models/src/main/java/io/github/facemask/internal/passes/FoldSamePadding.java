package io.github.facemask.internal.passes;

import ai.djl.ndarray.types.Shape;
import com.google.common.collect.ImmutableMap;
import io.github.facemask.network.Conv2d;
import io.github.facemask.network.Conv2d.SamePadding;
import io.github.facemask.tensor.HostTensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Replaces TensorFlow's padding before convolutions of stride 2 by symmetric padding in the
 * convolution. For odd sizes both are the same. For even sizes TensorFlow pads one pixel less at
 * the top and left, so the kernel gets a row and a column of zeros. For depthwise kernels this is
 * faster than a separate padding, for other kernels slower.
 */
final class FoldSamePadding implements Pass {

  @Override
  public String description() {
    return "paddings inside convolutions";
  }

  @Override
  public Plan apply(Plan plan) {
    Map<String, HostTensor> weights = new LinkedHashMap<>(plan.weights());
    return new Plan(plan.rewritten(steps -> rewrite(steps, weights)), ImmutableMap.copyOf(weights));
  }

  private static List<Step> rewrite(List<Step> steps, Map<String, HostTensor> weights) {
    List<Step> result = new ArrayList<>();
    for (Step step : steps) {
      int last = result.size() - 1;
      if (step instanceof Step.Apply apply
          && apply.layer() instanceof Conv2d conv
          && last >= 0
          && result.get(last) instanceof Step.Apply before
          && before.layer() instanceof SamePadding padding
          && fits(padding, conv, before.input())) {
        Conv2d padded = padded(apply.path(), conv, before.input().isEven(), weights);
        result.set(last, new Step.Apply(apply.path(), padded, apply.activation(), before.input()));
      } else {
        result.add(step);
      }
    }
    return result;
  }

  private static boolean fits(SamePadding padding, Conv2d conv, FeatureSize size) {
    boolean same = conv.kernel() == padding.kernel() && conv.stride() == padding.stride();
    boolean depthwise = conv.groups() == conv.in();
    return same
        && conv.padding() == 0
        && conv.stride() == 2
        && conv.kernel() % 2 == 1
        && padding.value() == 0
        && (size.isOdd() || (size.isEven() && depthwise));
  }

  private static Conv2d padded(
      String path, Conv2d conv, boolean even, Map<String, HostTensor> weights) {
    int side = conv.kernel();
    if (even) {
      weights.computeIfPresent(path + ".weight", (name, w) -> withZeros(w, side));
    }
    return conv.withKernel(even ? side + 1 : side, side / 2);
  }

  /** Adds a row of zeros above and a column of zeros to the left of each kernel. */
  private static HostTensor withZeros(HostTensor kernels, int side) {
    float[] values = kernels.toFloats();
    int count = values.length / (side * side);
    float[] wider = new float[count * (side + 1) * (side + 1)];
    for (int i = 0; i < values.length; i++) {
      int kernel = i / (side * side);
      int y = i / side % side + 1;
      int x = i % side + 1;
      wider[(kernel * (side + 1) + y) * (side + 1) + x] = values[i];
    }
    Shape shape = new Shape(kernels.shape().get(0), kernels.shape().get(1), side + 1L, side + 1L);
    return HostTensor.ofFloats(shape, wider);
  }
}
