package io.github.facemask.internal.passes;

import com.google.common.collect.ImmutableSet;
import io.github.facemask.internal.passes.Kernels.Then;
import io.github.facemask.internal.program.ImageOperations;
import io.github.facemask.internal.program.Statements;
import io.github.facemask.internal.program.TokenOperations;
import io.github.facemask.network.Activation;
import io.github.facemask.network.BatchNorm2d;
import io.github.facemask.network.Conv2d;
import io.github.facemask.network.GlobalAveragePool;
import io.github.facemask.network.GroupNorm;
import io.github.facemask.network.JointLogits;
import io.github.facemask.network.Layer;
import io.github.facemask.network.LayerNorm;
import io.github.facemask.network.Linear;
import io.github.facemask.network.MaxPool2d;
import io.github.facemask.network.PatchMerging;
import io.github.facemask.network.Rearrangement;
import io.github.facemask.network.SamePadding;
import io.github.facemask.network.SelfAttention;
import io.github.facemask.network.SqueezeExcite;
import io.github.facemask.network.StandardizedConv2d;
import io.github.facemask.network.WindowAttention;
import io.github.facemask.tensor.MemoryLayout;
import java.util.List;

/** Writes a plan's operations as statements. For one plan; not for several threads. */
final class PlanWriter {

  private final Statements statements;
  private final Kernels kernels;
  private final ImageOperations images;
  private final TokenOperations tokens;
  private FeatureSize size;

  /**
   * Begins to write.
   *
   * @param statements where to
   * @param kernels how convolutions, linear maps and attention are written
   * @param input the size of the photos
   */
  PlanWriter(Statements statements, Kernels kernels, FeatureSize input) {
    this.statements = statements;
    this.kernels = kernels;
    size = input;
    images = new ImageOperations(statements, MemoryLayout.CHANNELS_LAST, ImmutableSet.of());
    tokens = new TokenOperations(statements, kernels);
  }

  /** Returns the statements written so far. */
  String code() {
    return statements.code();
  }

  /** Writes steps and returns the variable of their output. */
  String write(List<Step> steps, String x) {
    String y = x;
    for (Step step : steps) {
      y = write(step, y);
    }
    return y;
  }

  private String write(Step step, String x) {
    if (step instanceof Step.Join join) {
      return join(join, x);
    } else if (step instanceof Step.Embed embed) {
      return tokens.embed(embed.path(), write(embed.patches(), x));
    } else if (step instanceof Step.Apply apply) {
      String y = apply(apply, x);
      size = size.after(apply.layer());
      return y;
    }
    throw new AssertionError(step);
  }

  private String join(Step.Join join, String x) {
    Then then = Then.of(join.then());
    FeatureSize from = size;
    String shortcut = write(join.shortcut(), x);
    size = from;
    if (!join.inside()) {
      String body = write(join.body(), x);
      return kernels.activate(then, statements.set("torch.add(%s, %s)", body, shortcut));
    }
    int last = join.body().size() - 1;
    String before = write(join.body().subList(0, last), x);
    Step.Apply end = (Step.Apply) join.body().get(last);
    PlacedConv conv = placed((Conv2d) end.layer(), end.path());
    size = size.after(conv.layer());
    return kernels.convAndSum(conv, before, shortcut, then);
  }

  private String apply(Step.Apply step, String x) {
    Layer layer = step.layer();
    String path = step.path();
    if (layer instanceof Conv2d conv) {
      return kernels.conv(placed(conv, path), x, Then.of(step.then()));
    } else if (layer instanceof Linear linear) {
      return kernels.linear(linear, path, x, Then.of(step.then()));
    } else if (layer instanceof Activation activation) {
      return kernels.activate(Then.of(activation.kind()), x);
    } else if (layer instanceof SqueezeExcite squeeze) {
      return squeezeExcite(squeeze, path, x);
    } else if (layer instanceof GlobalAveragePool pool) {
      return pool.channelsLast()
          ? statements.set("torch.mean(%s, [1, 2])", x)
          : statements.set("torch.flatten(%s, 1)", images.spatialMean(kernels.exact(x)));
    }
    return other(layer, path, x);
  }

  private PlacedConv placed(Conv2d conv, String path) {
    return new PlacedConv(conv, path, size);
  }

  private String other(Layer layer, String path, String x) {
    if (layer instanceof BatchNorm2d norm) {
      return images.batchNorm(norm, path, x);
    } else if (layer instanceof StandardizedConv2d conv) {
      return images.standardizedConv(conv, path, x);
    } else if (layer instanceof GroupNorm norm) {
      return images.groupNorm(norm, path, x);
    } else if (layer instanceof MaxPool2d pool) {
      return kernels.maxPool(pool, x);
    } else if (layer instanceof SamePadding padding) {
      return images.samePadding(padding, x);
    } else if (layer instanceof LayerNorm norm) {
      return tokens.layerNorm(norm, path, x);
    } else if (layer instanceof SelfAttention attention) {
      return tokens.selfAttention(attention, path, x);
    } else if (layer instanceof WindowAttention attention) {
      return tokens.windowAttention(attention, path, x);
    } else if (layer instanceof PatchMerging merging) {
      return tokens.mergePatches(merging, x);
    } else if (layer instanceof JointLogits joint) {
      return tokens.jointLogits(joint, x);
    } else if (layer instanceof Rearrangement rearrangement) {
      return tokens.rearrange(rearrangement, x);
    }
    throw new AssertionError(layer);
  }

  private String squeezeExcite(SqueezeExcite layer, String path, String x) {
    PlacedConv reduce = ofPixel(layer.reduce(), path);
    PlacedConv expand = ofPixel(layer.expand(), path);
    String weights;
    if (statements.rounds()) {
      String few = kernels.conv(reduce, images.spatialMean(x), Then.SILU);
      weights = kernels.conv(expand, few, Then.SIGMOID);
    } else {
      String mean = statements.set("torch.flatten(%s, 1)", spatialMean(x));
      String few = kernels.pixel(reduce, mean, Then.SILU);
      String all = kernels.pixel(expand, few, Then.SIGMOID);
      weights = statements.set("torch.unsqueeze(torch.unsqueeze(%s, 2), 3)", all);
    }
    return statements.set("torch.mul_(%s, %s)", x, weights);
  }

  private static PlacedConv ofPixel(Conv2d conv, String path) {
    return new PlacedConv(conv, path + "." + conv.name(), FeatureSize.PIXEL);
  }

  /** Rows first: the pooling of one photo to one pixel would run on a single thread. */
  private String spatialMean(String x) {
    String rows = statements.set("torch.avg_pool2d(%1$s, [1, torch.size(%1$s, 3)])", x);
    return statements.set("torch.avg_pool2d(%1$s, [torch.size(%1$s, 2), 1])", rows);
  }
}
