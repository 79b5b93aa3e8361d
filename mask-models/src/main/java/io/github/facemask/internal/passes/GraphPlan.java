package io.github.facemask.internal.passes;

import io.github.facemask.network.Network;
import io.github.facemask.tensor.HostTensor;
import java.util.List;
import java.util.Map;

/** Plans for graphs whose runtime fuses operations itself: only weights are computed ahead. */
public final class GraphPlan {

  private static final List<Pass> PASSES =
      List.of(
          new FoldBatchNorm(),
          new StandardizeKernels(),
          new FoldWindowBias(),
          new FoldAttentionScale());

  private GraphPlan() {}

  /**
   * Lists a network's operations: batch norms are folded into convolutions, kernels standardized,
   * biases of windows looked up, and scales of attention folded into the maps to queries.
   *
   * @param network the network
   * @param weights all its tensors by name
   * @return the plan
   */
  public static Plan of(Network network, Map<String, HostTensor> weights) {
    Plan plan = Plan.of(network, weights);
    for (Pass pass : PASSES) {
      plan = pass.apply(plan);
    }
    return plan;
  }

  /**
   * Returns the name of the biases of an attention within windows: float32 (1, lanes, area, area)
   * with a lane for each head, and for each window if they are shifted.
   *
   * @param path the dotted path of the attention
   */
  public static String windowBias(String path) {
    return FoldWindowBias.constant(path);
  }
}
