package io.github.facemask.network;

import io.github.facemask.network.Conv2d.StandardizedConv2d;
import io.github.facemask.network.Conv2d.SamePadding;
import io.github.facemask.network.Attention.WindowAttention;
import io.github.facemask.network.Attention.SelfAttention;
import io.github.facemask.network.TokenLayer.Rearrangement;
import io.github.facemask.network.TokenLayer.TokenEmbedding;
import io.github.facemask.network.TokenLayer.PatchMerging;
import io.github.facemask.network.Pooling.GlobalAveragePool;
import io.github.facemask.network.Pooling.MaxPool2d;
import io.github.facemask.network.Normalization.LayerNorm;
import io.github.facemask.network.Normalization.GroupNorm;
import io.github.facemask.network.Normalization.BatchNorm2d;
import io.github.facemask.network.Heads.JointLogits;
import com.google.common.collect.ImmutableList;
import java.util.List;

/**
 * A part of a network. Its name is its part of the dotted path; the empty name adds none. Features
 * are (B, C, H, W) unless a layer says otherwise.
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
  <R> R accept(LayerVisitor<R> visitor);

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
}
