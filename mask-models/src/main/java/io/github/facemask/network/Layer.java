package io.github.facemask.network;

import com.google.common.collect.ImmutableList;
import io.github.facemask.network.Attention.SelfAttention;
import io.github.facemask.network.Attention.WindowAttention;
import io.github.facemask.network.Conv2d.SamePadding;
import io.github.facemask.network.Conv2d.StandardizedConv2d;
import io.github.facemask.network.Heads.JointLogits;
import io.github.facemask.network.Normalization.BatchNorm2d;
import io.github.facemask.network.Normalization.GroupNorm;
import io.github.facemask.network.Normalization.LayerNorm;
import io.github.facemask.network.Pooling.GlobalAveragePool;
import io.github.facemask.network.Pooling.MaxPool2d;
import io.github.facemask.network.TokenLayer.PatchMerging;
import io.github.facemask.network.TokenLayer.Rearrangement;
import io.github.facemask.network.TokenLayer.TokenEmbedding;
import java.util.List;

/**
 * A part of a network. Its name is its part of the dotted path; the empty name adds none. Features
 * are (B, C, H, W) unless a layer's documentation states another shape.
 */
public sealed interface Layer
    permits Activation,
        BatchNorm2d,
        Conv2d,
        GlobalAveragePool,
        GroupNorm,
        JointLogits,
        LayerNorm,
        Linear,
        MaxPool2d,
        PatchMerging,
        Rearrangement,
        Residual,
        SamePadding,
        SelfAttention,
        Sequential,
        SqueezeExcite,
        StandardizedConv2d,
        TokenEmbedding,
        WindowAttention {

  /**
   * Calls the visitor's method for this kind of layer.
   *
   * @param visitor the operation
   * @return what the operation returns
   */
  <R> R accept(Visitor<R> visitor);

  /** Returns the layer's part of the dotted path. */
  String name();

  /** Returns the tensors of this layer alone, in timm's order. */
  default List<TensorSpec> tensors() {
    return ImmutableList.of();
  }

  /** Returns the layers inside, in timm's order; their tensors follow those of the layer alone. */
  default List<Layer> children() {
    return ImmutableList.of();
  }

  /**
   * An operation on layers, with a method for each kind. It has no default method, so a new kind of
   * layer does not compile until every operation handles it.
   *
   * @param <R> what the operation returns
   */
  interface Visitor<R> {

    /** Visits an activation function. */
    R visit(Activation activation);

    /** Visits a batch norm. */
    R visit(BatchNorm2d norm);

    /** Visits a convolution. */
    R visit(Conv2d conv);

    /** Visits a global average pooling. */
    R visit(GlobalAveragePool pool);

    /** Visits a group norm. */
    R visit(GroupNorm norm);

    /** Visits the joint logits of several heads. */
    R visit(JointLogits joint);

    /** Visits a layer norm. */
    R visit(LayerNorm norm);

    /** Visits a linear layer. */
    R visit(Linear linear);

    /** Visits a max pooling. */
    R visit(MaxPool2d pool);

    /** Visits a merging of two by two pixels. */
    R visit(PatchMerging merging);

    /** Visits a rearrangement. */
    R visit(Rearrangement rearrangement);

    /** Visits a residual block. */
    R visit(Residual residual);

    /** Visits TensorFlow's padding. */
    R visit(SamePadding padding);

    /** Visits self-attention over all tokens. */
    R visit(SelfAttention attention);

    /** Visits a sequence of layers. */
    R visit(Sequential sequential);

    /** Visits a squeeze-and-excitation block. */
    R visit(SqueezeExcite squeeze);

    /** Visits a weight-standardized convolution. */
    R visit(StandardizedConv2d conv);

    /** Visits a patch embedding. */
    R visit(TokenEmbedding embedding);

    /** Visits attention within windows. */
    R visit(WindowAttention attention);
  }
}
