package io.github.facemask.network;

import io.github.facemask.network.Attention.SelfAttention;
import io.github.facemask.network.Attention.WindowAttention;
import io.github.facemask.network.Attention.WindowAttention.Grid;
import io.github.facemask.network.Conv2d.SamePadding;
import io.github.facemask.network.Conv2d.StandardizedConv2d;
import io.github.facemask.network.Heads.JointLogits;
import io.github.facemask.network.Layer.Visitor;
import io.github.facemask.network.Normalization.BatchNorm2d;
import io.github.facemask.network.Normalization.GroupNorm;
import io.github.facemask.network.Normalization.LayerNorm;
import io.github.facemask.network.Pooling.GlobalAveragePool;
import io.github.facemask.network.Pooling.MaxPool2d;
import io.github.facemask.network.TokenLayer.PatchMerging;
import io.github.facemask.network.TokenLayer.Rearrangement;
import io.github.facemask.network.TokenLayer.TokenEmbedding;

/**
 * Counts the multiply-adds (MACs) of convolutions, linear layers and attention for one photo, as
 * PyTorch's flop counter does (half of its FLOPs). Norms, activations and sums are not counted.
 */
final class MultiplyAdds {

  private long count;

  private MultiplyAdds() {}

  static long of(Network network) {
    MultiplyAdds counter = new MultiplyAdds();
    Features photo =
        new Features(network.preprocessing().height(), network.preprocessing().width());
    network.layers().accept(counter.new Counting(photo));
    return counter.count;
  }

  /** The size of intermediate features; tokens count as one row of pixels. */
  private record Features(long height, long width) {
    long area() {
      return height * width;
    }

    Features strided(int kernel, int stride, int padding) {
      return new Features(
          (height + 2L * padding - kernel) / stride + 1,
          (width + 2L * padding - kernel) / stride + 1);
    }

    Features padded(SamePadding padding) {
      return new Features(covered(padding, height), covered(padding, width));
    }

    private static long covered(SamePadding padding, long size) {
      long windows = (size + padding.stride() - 1) / padding.stride();
      long border = Math.max((windows - 1) * padding.stride() + padding.kernel() - size, 0);
      return size + border;
    }
  }

  /** Counts a layer for such features, and returns the size of its output. */
  private final class Counting implements Visitor<Features> {
    private final Features in;

    Counting(Features in) {
      this.in = in;
    }

    @Override
    public Features visit(Sequential sequential) {
      Features at = in;
      for (Layer child : sequential.children()) {
        at = child.accept(new Counting(at));
      }
      return at;
    }

    @Override
    public Features visit(Residual residual) {
      residual.shortcut().accept(this);
      return residual.body().accept(this);
    }

    @Override
    public Features visit(TokenEmbedding embedding) {
      embedding.patchEmbedding().accept(this);
      return new Features(1, 1L + embedding.patches());
    }

    @Override
    public Features visit(Conv2d conv) {
      Features out = in.strided(conv.kernel(), conv.stride(), conv.padding());
      return convolution(out, conv.out(), conv.in() / conv.groups(), conv.kernel());
    }

    @Override
    public Features visit(StandardizedConv2d conv) {
      Features out = in.strided(conv.kernel(), conv.stride(), conv.padding());
      return convolution(out, conv.out(), conv.in(), conv.kernel());
    }

    private Features convolution(Features out, long outChannels, long inChannels, long kernel) {
      count += out.area() * outChannels * inChannels * kernel * kernel;
      return out;
    }

    @Override
    public Features visit(SqueezeExcite squeeze) {
      count += 2L * squeeze.channels() * squeeze.reduced();
      return in;
    }

    @Override
    public Features visit(Linear linear) {
      count += in.area() * linear.in() * linear.out();
      return in;
    }

    @Override
    public Features visit(SelfAttention attention) {
      count += 4 * in.area() * attention.features() * attention.features();
      count += 2 * in.area() * in.area() * attention.features();
      return in;
    }

    /** Windows that extend beyond the edge count with their padding. */
    @Override
    public Features visit(WindowAttention attention) {
      Grid grid = attention.grid();
      long pixels = (long) grid.paddedHeight() * grid.paddedWidth();
      count += 4 * pixels * attention.features() * attention.features();
      count += 2 * pixels * grid.area() * attention.features();
      return in;
    }

    @Override
    public Features visit(MaxPool2d pool) {
      return in.strided(pool.kernel(), pool.stride(), pool.padding());
    }

    @Override
    public Features visit(SamePadding padding) {
      return in.padded(padding);
    }

    @Override
    public Features visit(PatchMerging merging) {
      return new Features((merging.height() + 1) / 2, (merging.width() + 1) / 2);
    }

    @Override
    public Features visit(GlobalAveragePool pool) {
      return new Features(1, 1);
    }

    @Override
    public Features visit(Rearrangement rearrangement) {
      return switch (rearrangement.kind()) {
        case FIRST_TOKEN -> new Features(1, 1);
        case IMAGE_TO_TOKENS, IMAGE_TO_CHANNELS_LAST -> in;
      };
    }

    @Override
    public Features visit(Activation activation) {
      return in;
    }

    @Override
    public Features visit(BatchNorm2d norm) {
      return in;
    }

    @Override
    public Features visit(GroupNorm norm) {
      return in;
    }

    @Override
    public Features visit(LayerNorm norm) {
      return in;
    }

    @Override
    public Features visit(JointLogits joint) {
      return in;
    }
  }
}
