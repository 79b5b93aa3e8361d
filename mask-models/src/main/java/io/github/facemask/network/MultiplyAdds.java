package io.github.facemask.network;

/**
 * Counts the multiplications with additions of convolutions, linear maps and attention for one
 * photo, as PyTorch's flop counter does (half of its operations). Norms, activations and sums are
 * not counted.
 */
final class MultiplyAdds {

  private long count;

  private MultiplyAdds() {}

  /** Features on their way: pixels of some channels, or tokens as one row of pixels. */
  private record Features(long height, long width) {
    long area() {
      return height * width;
    }

    Features strided(int kernel, int stride, int padding) {
      return new Features(
          (height + 2L * padding - kernel) / stride + 1,
          (width + 2L * padding - kernel) / stride + 1);
    }
  }

  static long of(Network network) {
    MultiplyAdds counter = new MultiplyAdds();
    counter.visit(
        network.layers(),
        new Features(network.preprocessing().height(), network.preprocessing().width()));
    return counter.count;
  }

  private Features visit(Layer layer, Features in) {
    if (layer instanceof Sequential sequential) {
      Features at = in;
      for (Layer child : sequential.children()) {
        at = visit(child, at);
      }
      return at;
    } else if (layer instanceof Residual residual) {
      visit(residual.shortcut(), in);
      return visit(residual.body(), in);
    } else if (layer instanceof TokenEmbedding embedding) {
      visit(embedding.patchEmbedding(), in);
      return new Features(1, 1L + embedding.patches());
    } else if (layer instanceof SqueezeExcite squeeze) {
      count += 2L * squeeze.channels() * squeeze.reduced();
      return in;
    }
    return single(layer, in);
  }

  private Features single(Layer layer, Features in) {
    if (layer instanceof Conv2d conv) {
      Features out = in.strided(conv.kernel(), conv.stride(), conv.padding());
      return convolution(out, conv.out(), conv.in() / conv.groups(), conv.kernel());
    } else if (layer instanceof StandardizedConv2d conv) {
      Features out = in.strided(conv.kernel(), conv.stride(), conv.padding());
      return convolution(out, conv.out(), conv.in(), conv.kernel());
    } else if (layer instanceof MaxPool2d pool) {
      return in.strided(pool.kernel(), pool.stride(), pool.padding());
    } else if (layer instanceof SamePadding padding) {
      return new Features(covered(padding, in.height), covered(padding, in.width));
    } else if (layer instanceof Linear linear) {
      count += in.area() * linear.in() * linear.out();
    } else if (layer instanceof SelfAttention attention) {
      count += 4 * in.area() * attention.features() * attention.features();
      count += 2 * in.area() * in.area() * attention.features();
    } else if (layer instanceof WindowAttention attention) {
      windows(attention);
    } else if (layer instanceof PatchMerging merging) {
      return new Features((merging.height() + 1) / 2, (merging.width() + 1) / 2);
    } else if (layer instanceof GlobalAveragePool || isFirstToken(layer)) {
      return new Features(1, 1);
    }
    return in;
  }

  private static boolean isFirstToken(Layer layer) {
    return layer instanceof Rearrangement rearrangement
        && rearrangement.kind() == Rearrangement.Kind.FIRST_TOKEN;
  }

  private Features convolution(Features out, long outChannels, long inChannels, long kernel) {
    count += out.area() * outChannels * inChannels * kernel * kernel;
    return out;
  }

  /** Windows that reach over the edge count with their padding. */
  private void windows(WindowAttention attention) {
    WindowGrid grid = attention.grid();
    long pixels = (long) grid.paddedHeight() * grid.paddedWidth();
    count += 4 * pixels * attention.features() * attention.features();
    count += 2 * pixels * grid.area() * attention.features();
  }

  private static long covered(SamePadding padding, long size) {
    long border =
        Math.max(
            ((size + padding.stride() - 1) / padding.stride() - 1) * padding.stride()
                + padding.kernel()
                - size,
            0);
    return size + border;
  }
}
