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
 * Which tensors of a network are trained, and how fast. Norms, biases and embeddings are not
 * decayed.
 *
 * @param groups what is trained
 * @param frozen the trainable tensors that stay as they are; norms among them keep their statistics
 */
public record TrainingPlan(ImmutableList<ParameterGroup> groups, ImmutableSet<String> frozen) {

  /**
   * Everything is trained at the same rate.
   *
   * @param network the network
   * @return the plan
   */
  public static TrainingPlan all(Network network) {
    return of(network, 0, 1);
  }

  /**
   * Freezes the first stages, and slows the layers the more the further they are from the head
   * (ELECTRA's layer-wise decay, as timm counts layers): a block's rate is {@code layerDecay} to
   * the power of its distance from the head.
   *
   * @param network the network
   * @param frozenStages 0 for none, 1 for the stem, 2 for the stem and the first stage, and so on;
   *     the head is always trained
   * @param layerDecay above 0, at most 1; 1 for one rate
   * @return the plan
   * @throws IllegalArgumentException if there are not so many stages before the head
   */
  public static TrainingPlan of(Network network, int frozenStages, double layerDecay) {
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
    // From the head backwards, decaying tensors before the others.
    Map<Integer, List<String>> byGroup = new TreeMap<>();
    for (TensorSpec spec : network.tensors()) {
      if (!spec.role().isTrainable()) {
        continue;
      }
      if (stages.get(spec.name()) < frozenStages) {
        frozen.add(spec.name());
        continue;
      }
      int distance = layerDecay == 1 ? 0 : last - blocks.get(spec.name());
      int group = 2 * distance + (spec.role().decays() ? 0 : 1);
      byGroup.computeIfAbsent(group, g -> new ArrayList<>()).add(spec.name());
    }
    ImmutableList.Builder<ParameterGroup> groups = ImmutableList.builder();
    byGroup.forEach(
        (group, names) ->
            groups.add(
                new ParameterGroup(
                    ImmutableList.copyOf(names), group % 2 == 0, Math.pow(layerDecay, group / 2))));
    return new TrainingPlan(groups.build(), frozen.build());
  }
}
