package io.github.facemask.internal.passes;

import io.github.facemask.network.Activation;
import io.github.facemask.network.Activation.Kind;
import io.github.facemask.network.Attention.SelfAttention;
import io.github.facemask.network.Attention.WindowAttention;
import io.github.facemask.network.Conv2d;
import io.github.facemask.network.Conv2d.SamePadding;
import io.github.facemask.network.Conv2d.StandardizedConv2d;
import io.github.facemask.network.Heads.JointLogits;
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

/**
 * Records what can be quantized in a layer. The result is whether the layer may be part of a
 * network with only quantized features: a convolution with ReLU, a pooling or the head.
 */
final class QuantizableLayer implements Visitor<Boolean> {

  private final Step.Apply step;
  private final List<String> convolutions;
  private final List<String> linears;

  /**
   * Creates a visitor for one layer.
   *
   * @param step the layer with its path and activation
   * @param convolutions receives the paths of convolutions
   * @param linears receives the paths of linear layers
   */
  QuantizableLayer(Step.Apply step, List<String> convolutions, List<String> linears) {
    this.step = step;
    this.convolutions = convolutions;
    this.linears = linears;
  }

  @Override
  public Boolean visit(Conv2d conv) {
    convolutions.add(step.path());
    return conv.groups() == 1
        && (step.activation() == Kind.IDENTITY || step.activation() == Kind.RELU);
  }

  @Override
  public Boolean visit(Linear linear) {
    if (!linear.head()) {
      linears.add(step.path());
    }
    return linear.head();
  }

  @Override
  public Boolean visit(SelfAttention attention) {
    return attention();
  }

  @Override
  public Boolean visit(WindowAttention attention) {
    return attention();
  }

  private boolean attention() {
    linears.add(step.path() + ".qkv");
    linears.add(step.path() + ".proj");
    return false;
  }

  @Override
  public Boolean visit(MaxPool2d pool) {
    return true;
  }

  @Override
  public Boolean visit(GlobalAveragePool pool) {
    return true;
  }

  @Override
  public Boolean visit(JointLogits joint) {
    return true;
  }

  @Override
  public Boolean visit(Activation activation) {
    return false;
  }

  @Override
  public Boolean visit(BatchNorm2d norm) {
    return false;
  }

  @Override
  public Boolean visit(GroupNorm norm) {
    return false;
  }

  @Override
  public Boolean visit(LayerNorm norm) {
    return false;
  }

  @Override
  public Boolean visit(PatchMerging merging) {
    return false;
  }

  @Override
  public Boolean visit(Rearrangement rearrangement) {
    return false;
  }

  @Override
  public Boolean visit(Residual residual) {
    return false;
  }

  @Override
  public Boolean visit(SamePadding padding) {
    return false;
  }

  @Override
  public Boolean visit(Sequential sequential) {
    return false;
  }

  @Override
  public Boolean visit(SqueezeExcite squeeze) {
    return false;
  }

  @Override
  public Boolean visit(StandardizedConv2d conv) {
    return false;
  }

  @Override
  public Boolean visit(TokenEmbedding embedding) {
    return false;
  }
}
