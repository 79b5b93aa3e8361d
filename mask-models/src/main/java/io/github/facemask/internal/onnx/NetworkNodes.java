package io.github.facemask.internal.onnx;

import io.github.facemask.internal.passes.GraphPlan;
import io.github.facemask.internal.passes.Plan;
import io.github.facemask.internal.passes.Step;
import io.github.facemask.network.Activation;
import io.github.facemask.network.Attention.SelfAttention;
import io.github.facemask.network.Attention.WindowAttention;
import io.github.facemask.network.Conv2d;
import io.github.facemask.network.Conv2d.SamePadding;
import io.github.facemask.network.Conv2d.StandardizedConv2d;
import io.github.facemask.network.Heads.JointLogits;
import io.github.facemask.network.Layer;
import io.github.facemask.network.Layer.Visitor;
import io.github.facemask.network.Linear;
import io.github.facemask.network.Normalization.BatchNorm2d;
import io.github.facemask.network.Normalization.GroupNorm;
import io.github.facemask.network.Normalization.LayerNorm;
import io.github.facemask.network.Pooling.GlobalAveragePool;
import io.github.facemask.network.Pooling.MaxPool2d;
import io.github.facemask.network.Residual;
import io.github.facemask.network.Sequential;
import io.github.facemask.network.SqueezeExcite;
import io.github.facemask.network.TokenLayer.PatchMerging;
import io.github.facemask.network.TokenLayer.Rearrangement;
import io.github.facemask.network.TokenLayer.TokenEmbedding;
import java.util.List;
import java.util.Optional;

/** Writes a network as nodes of an ONNX graph. One instance writes one network. */
final class NetworkNodes {

  private final OnnxGraph graph;
  private final ImageNodes images;
  private final TokenNodes tokens;
  private final JointNodes joint;

  NetworkNodes(OnnxGraph graph, Plan plan) {
    this.graph = graph;
    GraphWeights weights = new GraphWeights(graph, plan.weights());
    images = new ImageNodes(graph, weights);
    tokens = new TokenNodes(graph, weights);
    joint = new JointNodes(graph);
  }

  /**
   * Writes steps.
   *
   * @param steps the steps in order
   * @param x the input of the first
   * @return the output of the last
   */
  String write(List<Step> steps, String x) {
    String y = x;
    for (Step step : steps) {
      y = write(step, y);
    }
    return y;
  }

  /** Returns the expected age (N, 1), if the written network answers it. */
  Optional<String> years() {
    return joint.years();
  }

  private String write(Step step, String x) {
    if (step instanceof Step.Join join) {
      String body = write(join.body(), x);
      String sum = graph.add("Add", "residual", body, write(join.shortcut(), x));
      return images.activation(join.activation(), "residual", sum);
    } else if (step instanceof Step.Embed embed) {
      return tokens.embed(embed.embedding(), embed.path(), write(embed.patches(), x));
    }
    Step.Apply apply = (Step.Apply) step;
    return apply.layer().accept(new At(apply, x));
  }

  /** Writes the layer of one step. */
  private final class At implements Visitor<String> {
    private final Step.Apply step;
    private final String path;
    private final String x;

    At(Step.Apply step, String x) {
      this.step = step;
      this.path = step.path();
      this.x = x;
    }

    @Override
    public String visit(Activation activation) {
      return images.activation(activation.kind(), path, x);
    }

    @Override
    public String visit(BatchNorm2d norm) {
      return images.batchNorm(norm, path, x);
    }

    @Override
    public String visit(Conv2d conv) {
      return images.conv(conv, path, x);
    }

    @Override
    public String visit(GlobalAveragePool pool) {
      return images.globalAverage(pool.channelsLast(), path, x);
    }

    @Override
    public String visit(GroupNorm norm) {
      return images.groupNorm(norm, path, step.input(), x);
    }

    @Override
    public String visit(JointLogits heads) {
      return joint.logits(heads, path, x);
    }

    @Override
    public String visit(LayerNorm norm) {
      return tokens.layerNorm(norm, path, x);
    }

    @Override
    public String visit(Linear linear) {
      return tokens.linear(linear, path, x);
    }

    @Override
    public String visit(MaxPool2d pool) {
      return images.maxPool(pool, path, x);
    }

    @Override
    public String visit(PatchMerging merging) {
      return tokens.mergePatches(merging, path, x);
    }

    @Override
    public String visit(Rearrangement rearrangement) {
      return tokens.rearrange(rearrangement, path, x);
    }

    @Override
    public String visit(SamePadding padding) {
      return images.samePadding(padding, path, step.input(), x);
    }

    @Override
    public String visit(SelfAttention attention) {
      return tokens.selfAttention(attention, path, x);
    }

    @Override
    public String visit(SqueezeExcite squeeze) {
      return images.squeezeExcite(squeeze, path, x);
    }

    @Override
    public String visit(WindowAttention attention) {
      return tokens.windowAttention(attention, path, GraphPlan.windowBias(path), x);
    }

    @Override
    public String visit(StandardizedConv2d conv) {
      throw isNoStep(conv);
    }

    @Override
    public String visit(Sequential sequential) {
      throw isNoStep(sequential);
    }

    @Override
    public String visit(Residual residual) {
      throw isNoStep(residual);
    }

    @Override
    public String visit(TokenEmbedding embedding) {
      throw isNoStep(embedding);
    }

    private IllegalStateException isNoStep(Layer layer) {
      return new IllegalStateException(
          path + " is " + layer.getClass().getSimpleName() + ", which a plan has as other steps");
    }
  }
}
