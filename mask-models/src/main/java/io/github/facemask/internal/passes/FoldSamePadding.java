package io.github.facemask.internal.passes;

import ai.djl.ndarray.types.Shape;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.facemask.network.Conv2d;
import io.github.facemask.network.SamePadding;
import io.github.facemask.preprocessing.Preprocessing;
import io.github.facemask.tensor.HostTensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Lets convolutions of stride 2 pad by themselves, as much on each side, instead of a pass over
 * their input. TensorFlow pads odd sizes so anyway. It pads even sizes one pixel less at the top
 * and left: there a kernel gets a row and a column of zeros, which costs depthwise kernels less
 * than the pass, and others more.
 */
final class FoldSamePadding implements Pass {

  private final Preprocessing preprocessing;

  /**
   * Makes the pass.
   *
   * @param preprocessing tells the size of the photos
   */
  FoldSamePadding(Preprocessing preprocessing) {
    this.preprocessing = preprocessing;
  }

  @Override
  public String description() {
    return "paddings inside convolutions";
  }

  @Override
  public Plan apply(Plan plan) {
    Map<String, HostTensor> weights = new LinkedHashMap<>(plan.weights());
    Rewriting rewriting = new Rewriting(weights);
    List<Step> steps = rewriting.rewrite(plan.steps(), FeatureSize.of(preprocessing));
    return new Plan(ImmutableList.copyOf(steps), ImmutableMap.copyOf(weights));
  }

  /** The size of the features as the steps are walked. */
  private static final class Rewriting {
    private final Map<String, HostTensor> weights;
    private FeatureSize size;

    Rewriting(Map<String, HostTensor> weights) {
      this.weights = weights;
    }

    List<Step> rewrite(List<Step> steps, FeatureSize from) {
      size = from;
      List<Step> result = new ArrayList<>();
      for (int i = 0; i < steps.size(); i++) {
        Step step = steps.get(i);
        if (step instanceof Step.Apply apply
            && apply.layer() instanceof SamePadding padding
            && i + 1 < steps.size()
            && steps.get(i + 1) instanceof Step.Apply next
            && next.layer() instanceof Conv2d conv
            && fits(padding, conv)) {
          Conv2d padded = padding(next.path(), conv);
          result.add(new Step.Apply(next.path(), padded, next.then()));
          size = size.after(padded);
          i++;
        } else {
          result.add(walk(step));
        }
      }
      return result;
    }

    private boolean fits(SamePadding padding, Conv2d conv) {
      boolean same = conv.kernel() == padding.kernel() && conv.stride() == padding.stride();
      boolean depthwise = conv.groups() == conv.in();
      return same
          && conv.padding() == 0
          && conv.stride() == 2
          && conv.kernel() % 2 == 1
          && padding.value() == 0
          && (size.isOdd() || (size.isEven() && depthwise));
    }

    private Conv2d padding(String path, Conv2d conv) {
      int kernel = conv.kernel() + (size.isEven() ? 1 : 0);
      if (size.isEven()) {
        weights.computeIfPresent(path + ".weight", (name, w) -> withZeros(w, conv.kernel()));
      }
      return new Conv2d(
          conv.name(),
          conv.in(),
          conv.out(),
          kernel,
          conv.stride(),
          conv.kernel() / 2,
          conv.groups(),
          conv.bias());
    }

    private Step walk(Step step) {
      if (step instanceof Step.Join join) {
        FeatureSize from = size;
        List<Step> shortcut = rewrite(join.shortcut(), from);
        List<Step> body = rewrite(join.body(), from);
        return new Step.Join(
            ImmutableList.copyOf(body), ImmutableList.copyOf(shortcut), join.then(), join.inside());
      } else if (step instanceof Step.Embed embed) {
        List<Step> patches = rewrite(embed.patches(), size);
        return new Step.Embed(embed.path(), ImmutableList.copyOf(patches), embed.embedding());
      } else if (step instanceof Step.Apply apply) {
        size = size.after(apply.layer());
      }
      return step;
    }
  }

  /** A row of zeros above and a column of zeros left of each kernel. */
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
