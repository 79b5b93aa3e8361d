package io.github.facemask.internal.passes;

import static io.github.facemask.internal.torchscript.ScriptModule.reference;

import com.google.common.collect.ImmutableSet;
import io.github.facemask.internal.program.ImageOperations;
import io.github.facemask.internal.program.LayerWriter;
import io.github.facemask.internal.program.Statements;
import io.github.facemask.internal.program.TokenOperations;
import io.github.facemask.network.Activation;
import io.github.facemask.network.Conv2d;
import io.github.facemask.network.Layer;
import io.github.facemask.network.Linear;
import io.github.facemask.network.Pooling.GlobalAveragePool;
import io.github.facemask.network.Pooling.MaxPool2d;
import io.github.facemask.network.Residual;
import io.github.facemask.network.Sequential;
import io.github.facemask.network.SqueezeExcite;
import io.github.facemask.network.TokenLayer.Rearrangement;
import io.github.facemask.network.TokenLayer.TokenEmbedding;
import io.github.facemask.tensor.MemoryLayout;
import java.util.List;

/** Writes a plan's operations as statements. One instance writes one plan. Not thread-safe. */
final class PlanWriter {

  private final Statements statements;
  private final Kernels kernels;
  private final ImageOperations images;
  private final TokenOperations tokens;

  /**
   * Creates the writer.
   *
   * @param statements receives the code
   * @param kernels writes convolutions, linear layers and attention
   */
  PlanWriter(Statements statements, Kernels kernels) {
    this.statements = statements;
    this.kernels = kernels;
    images = new ImageOperations(statements, MemoryLayout.CHANNELS_LAST, ImmutableSet.of());
    tokens = new TokenOperations(statements, kernels);
  }

  /**
   * Writes steps.
   *
   * @param steps the steps in order
   * @param x the input of the first
   * @return the output of the last
   */
  Value write(List<Step> steps, Value x) {
    Value y = x;
    for (Step step : steps) {
      y = write(step, y);
    }
    return y;
  }

  private Value write(Step step, Value x) {
    if (step instanceof Step.Join join) {
      return join(join, x);
    } else if (step instanceof Step.Embed embed) {
      String patches = write(embed.patches(), x).dequantized(statements);
      return Value.ofFloats(tokens.embed(embed.path(), patches));
    }
    Step.Apply apply = (Step.Apply) step;
    return apply.layer().accept(new At(apply, x));
  }

  private Value join(Step.Join join, Value x) {
    PostOp postOp = PostOp.of(join.activation());
    Value shortcut = write(join.shortcut(), x);
    if (!join.fused()) {
      Value body = write(join.body(), x);
      String sum =
          statements.set(
              "torch.add(%s, %s)", body.dequantized(statements), shortcut.dequantized(statements));
      return Value.ofFloats(postOp.write(statements, sum));
    }
    int last = join.body().size() - 1;
    Value before = write(join.body().subList(0, last), x);
    Step.Apply end = (Step.Apply) join.body().get(last);
    PlacedConv conv = new PlacedConv((Conv2d) end.layer(), end.path(), end.input());
    return kernels.convAndSum(conv, before, shortcut, postOp);
  }

  /** Writes the layer of one step. */
  private final class At extends LayerWriter<Value> {
    private final Step.Apply step;
    private final Value x;

    At(Step.Apply step, Value x) {
      super(images, tokens, step.path());
      this.step = step;
      this.x = x;
    }

    @Override
    protected String input() {
      return x.dequantized(statements);
    }

    @Override
    protected Value output(String variable) {
      return Value.ofFloats(variable);
    }

    @Override
    public Value visit(Conv2d conv) {
      return kernels.conv(
          new PlacedConv(conv, path(), step.input()), x, PostOp.of(step.activation()));
    }

    @Override
    public Value visit(Linear linear) {
      return kernels.linear(linear, path(), x, PostOp.of(step.activation()));
    }

    @Override
    public Value visit(Activation activation) {
      return output(PostOp.of(activation.kind()).write(statements, input()));
    }

    @Override
    public Value visit(MaxPool2d pool) {
      return kernels.maxPool(pool, x);
    }

    @Override
    public Value visit(GlobalAveragePool pool) {
      return output(
          pool.channelsLast()
              ? statements.set("torch.mean(%s, [1, 2])", input())
              : statements.set("torch.flatten(%s, 1)", images.spatialMean(input())));
    }

    @Override
    public Value visit(SqueezeExcite squeeze) {
      return output(squeezeExcite(squeeze, path(), input()));
    }

    @Override
    public Value visit(Rearrangement rearrangement) {
      return output(tokens.rearrange(rearrangement, input()));
    }

    @Override
    public Value visit(Sequential sequential) {
      throw isSeveralSteps(sequential);
    }

    @Override
    public Value visit(Residual residual) {
      throw isSeveralSteps(residual);
    }

    @Override
    public Value visit(TokenEmbedding embedding) {
      throw isSeveralSteps(embedding);
    }

    private IllegalStateException isSeveralSteps(Layer layer) {
      return new IllegalStateException(
          path() + " is " + layer.getClass().getSimpleName() + ", which a plan has as other steps");
    }
  }

  private String squeezeExcite(SqueezeExcite layer, String path, String x) {
    PlacedConv reduce = ofPixel(layer.reduce(), path);
    PlacedConv expand = ofPixel(layer.expand(), path);
    String weights;
    if (statements.rounds()) {
      Value mean = Value.ofFloats(images.spatialMean(x));
      Value few = kernels.conv(reduce, mean, PostOp.SILU);
      weights = kernels.conv(expand, few, PostOp.SIGMOID).dequantized(statements);
    } else {
      String mean = statements.set("torch.flatten(%s, 1)", spatialMean(x));
      String few = product(reduce, mean, PostOp.SILU);
      String all = product(expand, few, PostOp.SIGMOID);
      weights = statements.set("torch.unsqueeze(torch.unsqueeze(%s, 2), 3)", all);
    }
    return statements.set("torch.mul_(%s, %s)", x, weights);
  }

  private static PlacedConv ofPixel(Conv2d conv, String path) {
    return new PlacedConv(conv, path + "." + conv.name(), FeatureSize.PIXEL);
  }

  /**
   * Writes a convolution of one pixel as a matrix product in float32, (B, C) to (B, D). A oneDNN
   * convolution takes 90 microseconds to begin, which is longer than the product.
   */
  private String product(PlacedConv conv, String x, PostOp postOp) {
    String product =
        statements.set(
            "torch.linear(%s, torch.flatten(%s, 1), %s)",
            x, reference(conv.path() + ".weight"), FloatKernels.bias(conv));
    return postOp.write(statements, product);
  }

  /** Averages over rows first. Pooling one photo to one pixel at once would use a single thread. */
  private String spatialMean(String x) {
    String rows = statements.set("torch.avg_pool2d(%1$s, [1, torch.size(%1$s, 3)])", x);
    return statements.set("torch.avg_pool2d(%1$s, [torch.size(%1$s, 2), 1])", rows);
  }
}
