package io.github.facemask.internal.passes;

import com.google.common.collect.ImmutableList;
import io.github.facemask.network.Activation.Kind;
import io.github.facemask.network.Layer;
import io.github.facemask.network.TokenLayer.TokenEmbedding;

/** One operation of a {@link Plan}; its input is the output of the one before. */
public sealed interface Step permits Step.Apply, Step.Join, Step.Embed {

  /**
   * A layer without layers that run one after the other inside.
   *
   * @param path its dotted path, under which its weights are found
   * @param layer what it computes
   * @param activation computed with it; other than the identity for convolutions and linear maps
   *     only
   * @param input height and width of its input; of tokens, those of the image they were cut from
   */
  record Apply(String path, Layer layer, Kind activation, FeatureSize input) implements Step {

    /**
     * Returns a step that computes another layer at the same place.
     *
     * @param newLayer the layer
     */
    Apply withLayer(Layer newLayer) {
      return new Apply(path, newLayer, activation, input);
    }

    /**
     * Returns a step that computes an activation with the layer.
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
   * Patches made tokens.
   *
   * @param path its dotted path
   * @param patches how the patches are computed
   * @param embedding what is added to them
   */
  record Embed(String path, ImmutableList<Step> patches, TokenEmbedding embedding)
      implements Step {}
}
