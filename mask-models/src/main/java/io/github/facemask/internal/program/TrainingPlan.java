package io.github.facemask.internal.program;

import static io.github.facemask.problem.InvalidArgumentException.check;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import io.github.facemask.network.Network;
import io.github.facemask.network.TensorSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The tensors of a network that are trained, with their learning rates. Norms, biases and
 * embeddings have no weight decay.
 *
 * @param groups the tensors to train
 * @param frozen the trainable tensors that are not changed; frozen norms keep their statistics
 */
public record TrainingPlan(ImmutableList<ParameterGroup> groups, ImmutableSet<String> frozen) {

  /**
   * Trains all tensors with the same learning rate.
   *
   * @param network the network
   * @return the plan
   */
  public static TrainingPlan all(Network network) {
    return of(network, 0, 1);
  }

  /**
   * Freezes the first stages and applies layer-wise learning rate decay (ELECTRA; layers as in
   * timm): the rate of a block is multiplied by {@code layerDecay} to the power of its distance
   * from the head.
   *
   * @param network the network
   * @param frozenStages 0 for none, 1 for the stem, 2 for the stem and the first stage, and so on;
   *     the head is always trained
   * @param layerDecay above 0, at most 1; 1 for the same rate everywhere
   * @return the plan
   * @throws IllegalArgumentException if the network has fewer stages before the head
   */
  public static TrainingPlan of(Network network, int frozenStages, double layerDecay) {
    return of(network, frozenStages, layerDecay, 1);
  }

  /**
   * As {@link #of(Network, int, double)}, with another rate for the head.
   *
   * @param network the network
   * @param frozenStages the number of frozen stages
   * @param layerDecay above 0, at most 1
   * @param headRate the factor of the head's learning rate
   * @return the plan
   * @throws IllegalArgumentException if the network has fewer stages before the head
   */
  static TrainingPlan of(Network network, int frozenStages, double layerDecay, double headRate) {
    ImmutableMap<String, Integer> stages = LayerGroups.STAGES.of(network);
    int head = stages.values().stream().max(Comparator.naturalOrder()).orElse(0);
    check(
        frozenStages >= 0 && frozenStages <= head,
        "frozenStages",
        frozenStages,
        "0 to " + head + " for " + network.architecture());
    check(layerDecay > 0 && layerDecay <= 1, "layerDecay", layerDecay, "above 0 to 1");
    ImmutableMap<String, Integer> blocks = LayerGroups.BLOCKS.of(network);
    int last = blocks.values().stream().max(Comparator.naturalOrder()).orElse(0);
    ImmutableSet.Builder<String> frozen = ImmutableSet.builder();
    ImmutableSet<String> headNames = network.headNames();
    // From the head backwards. Tensors with weight decay come first.
    Map<Integer, List<String>> byGroup = new TreeMap<>();
    for (TensorSpec spec : network.tensors()) {
      if (!spec.role().isTrainable()) {
        continue;
      }
      if (stages.get(spec.name()) < frozenStages) {
        frozen.add(spec.name());
        continue;
      }
      boolean ofHead = headRate != 1 && headNames.contains(spec.name());
      int distance = ofHead ? -1 : layerDecay == 1 ? 0 : last - blocks.get(spec.name());
      int group = 2 * distance + (spec.role().decays() ? 0 : 1);
      byGroup.computeIfAbsent(group, g -> new ArrayList<>()).add(spec.name());
    }
    ImmutableList.Builder<ParameterGroup> groups = ImmutableList.builder();
    byGroup.forEach(
        (group, names) ->
            groups.add(
                new ParameterGroup(
                    ImmutableList.copyOf(names),
                    group % 2 == 0,
                    group < 0 ? headRate : Math.pow(layerDecay, group / 2))));
    return new TrainingPlan(groups.build(), frozen.build());
  }
}
