package io.github.facemask.internal.passes;

import com.google.common.collect.ImmutableList;
import io.github.facemask.network.Activation.Kind;
import io.github.facemask.network.Layer;
import io.github.facemask.network.TokenLayer.TokenEmbedding;

/** One operation of a {@link Plan}. Its input is the output of the previous one. */
public sealed interface Step permits Step.Apply, Step.Join, Step.Embed {

  /**
   * A single layer.
   *
   * @param path its dotted path, the prefix of its weights' names
   * @param layer the layer
   * @param activation the fused activation; always the identity except for convolutions and linear
   *     layers
   * @param input height and width of its input; for tokens, those of the image that they come from
   */
  record Apply(String path, Layer layer, Kind activation, FeatureSize input) implements Step {

    /**
     * Returns this step with another layer.
     *
     * @param newLayer the layer
     */
    Apply withLayer(Layer newLayer) {
      return new Apply(path, newLayer, activation, input);
    }

    /**
     * Returns this step with an activation.
     *
     * @param newActivation the activation
     */
    Apply withActivation(Kind newActivation) {
      return new Apply(path, layer, newActivation, input);
    }
  }

  /**
   * Two branches of the input, added.
   *
   * @param body one branch
   * @param shortcut the other; empty for the input itself
   * @param activation computed on the sum
   * @param fused whether the last convolution of the body adds the shortcut and computes the
   *     activation
   */
  record Join(
      ImmutableList<Step> body, ImmutableList<Step> shortcut, Kind activation, boolean fused)
      implements Step {}

  /**
   * Turns patches into tokens.
   *
   * @param path its dotted path
   * @param patches how the patches are computed
   * @param embedding the embedding that is added to them
   */
  record Embed(String path, ImmutableList<Step> patches, TokenEmbedding embedding)
      implements Step {}
}
