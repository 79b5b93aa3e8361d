package io.github.facemask.internal.passes;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.facemask.network.Activation.Kind;
import io.github.facemask.network.Layer;
import io.github.facemask.network.Network;
import io.github.facemask.network.Residual;
import io.github.facemask.network.Sequential;
import io.github.facemask.network.TokenLayer.TokenEmbedding;
import io.github.facemask.tensor.HostTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * A network as a list of operations with their weights. Immutable; passes create new plans.
 *
 * @param steps the operations in order
 * @param weights the tensors by dotted name
 */
public record Plan(ImmutableList<Step> steps, ImmutableMap<String, HostTensor> weights) {

  /**
   * Lists a network's operations.
   *
   * @param network the network
   * @param weights all its tensors by name
   * @return the plan before any pass
   */
  public static Plan of(Network network, Map<String, HostTensor> weights) {
    FeatureSize photo = FeatureSize.of(network.preprocessing());
    return new Plan(list(network.layers(), "", photo), ImmutableMap.copyOf(weights));
  }

  /** Adds the steps of a layer for an input size, and returns the size of its output. */
  private static FeatureSize add(List<Step> steps, Layer layer, String above, FeatureSize input) {
    String path = Network.join(above, layer.name());
    if (layer instanceof Sequential sequential) {
      FeatureSize size = input;
      for (Layer child : sequential.children()) {
        size = add(steps, child, path, size);
      }
      return size;
    } else if (layer instanceof Residual residual) {
      steps.add(
          new Step.Join(
              list(residual.body(), path, input),
              list(residual.shortcut(), path, input),
              residual.activation(),
              false));
    } else if (layer instanceof TokenEmbedding embedding) {
      steps.add(new Step.Embed(path, list(embedding.patchEmbedding(), path, input), embedding));
    } else {
      steps.add(new Step.Apply(path, layer, Kind.IDENTITY, input));
    }
    return input.after(layer);
  }

  private static ImmutableList<Step> list(Layer layer, String above, FeatureSize input) {
    List<Step> steps = new ArrayList<>();
    add(steps, layer, above, input);
    return ImmutableList.copyOf(steps);
  }

  /**
   * Visits every list of steps; branches first.
   *
   * @param visitor takes a list
   */
  void forEachList(Consumer<List<Step>> visitor) {
    forEachList(steps, visitor);
  }

  private static void forEachList(List<Step> steps, Consumer<List<Step>> visitor) {
    for (Step step : steps) {
      if (step instanceof Step.Join join) {
        forEachList(join.body(), visitor);
        forEachList(join.shortcut(), visitor);
      } else if (step instanceof Step.Embed embed) {
        forEachList(embed.patches(), visitor);
      }
    }
    visitor.accept(steps);
  }

  /**
   * Visits every layer; branches first.
   *
   * @param visitor takes the layer's step
   */
  void forEachLayer(Consumer<Step.Apply> visitor) {
    forEachList(
        list -> {
          for (Step step : list) {
            if (step instanceof Step.Apply apply) {
              visitor.accept(apply);
            }
          }
        });
  }

  /**
   * Rewrites every list of steps; branches first.
   *
   * @param rewriting from a list to a list
   * @return the steps, rewritten
   */
  ImmutableList<Step> rewritten(UnaryOperator<List<Step>> rewriting) {
    return rewritten(steps, rewriting);
  }

  private static ImmutableList<Step> rewritten(
      List<Step> steps, UnaryOperator<List<Step>> rewriting) {
    List<Step> inner = new ArrayList<>();
    for (Step step : steps) {
      if (step instanceof Step.Join join) {
        inner.add(
            new Step.Join(
                rewritten(join.body(), rewriting),
                rewritten(join.shortcut(), rewriting),
                join.activation(),
                join.fused()));
      } else if (step instanceof Step.Embed embed) {
        inner.add(
            new Step.Embed(embed.path(), rewritten(embed.patches(), rewriting), embed.embedding()));
      } else {
        inner.add(step);
      }
    }
    return ImmutableList.copyOf(rewriting.apply(inner));
  }
}
