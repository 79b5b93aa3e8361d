package io.github.facemask.internal.passes;

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
import io.github.facemask.preprocessing.Preprocessing;

/**
 * Height and width of features.
 *
 * @param height in pixels
 * @param width in pixels
 */
public record FeatureSize(int height, int width) {

  /** One pixel: the size after global average pooling. */
  static final FeatureSize PIXEL = new FeatureSize(1, 1);

  /** Returns the size of a network's photos. */
  static FeatureSize of(Preprocessing preprocessing) {
    return new FeatureSize(preprocessing.height(), preprocessing.width());
  }

  /** Returns the size of a layer's output for features of this size. */
  public FeatureSize after(Layer layer) {
    return layer.accept(new After());
  }

  private FeatureSize after(int kernel, int stride, int padding) {
    return new FeatureSize(
        (height + 2 * padding - kernel) / stride + 1, (width + 2 * padding - kernel) / stride + 1);
  }

  private static int border(int size, SamePadding padding) {
    int last = (size - 1) / padding.stride() * padding.stride();
    return Math.max(0, last + padding.kernel() - size);
  }

  boolean isEven() {
    return height % 2 == 0 && width % 2 == 0;
  }

  boolean isOdd() {
    return height % 2 == 1 && width % 2 == 1;
  }

  /**
   * Computes the size of features through a layer. Tokens keep the size of the image that they come
   * from.
   */
  private final class After implements Visitor<FeatureSize> {

    @Override
    public FeatureSize visit(Conv2d conv) {
      return after(conv.kernel(), conv.stride(), conv.padding());
    }

    @Override
    public FeatureSize visit(StandardizedConv2d conv) {
      return after(conv.kernel(), conv.stride(), conv.padding());
    }

    @Override
    public FeatureSize visit(MaxPool2d pool) {
      return after(pool.kernel(), pool.stride(), pool.padding());
    }

    @Override
    public FeatureSize visit(SamePadding padding) {
      return new FeatureSize(height + border(height, padding), width + border(width, padding));
    }

    @Override
    public FeatureSize visit(Sequential sequential) {
      FeatureSize size = FeatureSize.this;
      for (Layer child : sequential.children()) {
        size = size.after(child);
      }
      return size;
    }

    @Override
    public FeatureSize visit(Residual residual) {
      return after(residual.body());
    }

    @Override
    public FeatureSize visit(TokenEmbedding embedding) {
      return after(embedding.patchEmbedding());
    }

    @Override
    public FeatureSize visit(Activation activation) {
      return FeatureSize.this;
    }

    @Override
    public FeatureSize visit(BatchNorm2d norm) {
      return FeatureSize.this;
    }

    @Override
    public FeatureSize visit(GlobalAveragePool pool) {
      return FeatureSize.this;
    }

    @Override
    public FeatureSize visit(GroupNorm norm) {
      return FeatureSize.this;
    }

    @Override
    public FeatureSize visit(JointLogits joint) {
      return FeatureSize.this;
    }

    @Override
    public FeatureSize visit(LayerNorm norm) {
      return FeatureSize.this;
    }

    @Override
    public FeatureSize visit(Linear linear) {
      return FeatureSize.this;
    }

    @Override
    public FeatureSize visit(PatchMerging merging) {
      return FeatureSize.this;
    }

    @Override
    public FeatureSize visit(Rearrangement rearrangement) {
      return FeatureSize.this;
    }

    @Override
    public FeatureSize visit(SelfAttention attention) {
      return FeatureSize.this;
    }

    @Override
    public FeatureSize visit(SqueezeExcite squeeze) {
      return FeatureSize.this;
    }

    @Override
    public FeatureSize visit(WindowAttention attention) {
      return FeatureSize.this;
    }
  }
}
