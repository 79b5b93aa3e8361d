package io.github.facemask.internal.passes;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.facemask.network.ActivationKind;
import io.github.facemask.network.Layer;
import io.github.facemask.network.Network;
import io.github.facemask.network.Residual;
import io.github.facemask.network.Sequential;
import io.github.facemask.network.TokenEmbedding;
import io.github.facemask.tensor.HostTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * A network as the list of operations that run, with their weights. Immutable; passes make new
 * ones.
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
   * @return the plan, as the network describes it
   */
  public static Plan of(Network network, Map<String, HostTensor> weights) {
    List<Step> steps = new ArrayList<>();
    add(steps, network.layers(), "");
    return new Plan(ImmutableList.copyOf(steps), ImmutableMap.copyOf(weights));
  }

  private static void add(List<Step> steps, Layer layer, String above) {
    String path = Network.join(above, layer.name());
    if (layer instanceof Sequential sequential) {
      sequential.children().forEach(child -> add(steps, child, path));
    } else if (layer instanceof Residual residual) {
      steps.add(
          new Step.Join(
              list(residual.body(), path),
              list(residual.shortcut(), path),
              residual.activation(),
              false));
    } else if (layer instanceof TokenEmbedding embedding) {
      steps.add(new Step.Embed(path, list(embedding.patchEmbedding(), path), embedding));
    } else {
      steps.add(new Step.Apply(path, layer, ActivationKind.IDENTITY));
    }
  }

  private static ImmutableList<Step> list(Layer layer, String above) {
    List<Step> steps = new ArrayList<>();
    add(steps, layer, above);
    return ImmutableList.copyOf(steps);
  }

  /**
   * Rewrites every list of steps, those of branches first.
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
                join.then(),
                join.inside()));
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
