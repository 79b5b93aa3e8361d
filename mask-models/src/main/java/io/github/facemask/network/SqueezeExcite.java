package io.github.facemask.network;

import com.google.common.collect.ImmutableList;
import io.github.facemask.network.Layer.Visitor;
import java.util.List;

/**
 * Scales each channel by a function of all channels' means (Hu et al., "Squeeze-and-excitation
 * networks", 2017): {@code x * sigmoid(expand(silu(reduce(mean(x)))))}.
 *
 * @param name its part of the path
 * @param channels the number of channels
 * @param reduced the number of channels between the two convolutions
 */
public record SqueezeExcite(String name, int channels, int reduced) implements Layer {

  /** Returns the convolution that reduces the channel means. */
  public Conv2d reduce() {
    return Conv2d.ofPixels("conv_reduce", channels, reduced);
  }

  /** Returns the convolution that expands them to channel weights. */
  public Conv2d expand() {
    return Conv2d.ofPixels("conv_expand", reduced, channels);
  }

  @Override
  public List<Layer> children() {
    return ImmutableList.of(reduce(), expand());
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }
}
