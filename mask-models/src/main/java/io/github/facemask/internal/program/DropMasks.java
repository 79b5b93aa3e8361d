package io.github.facemask.internal.program;

import static io.github.facemask.problem.InvalidArgumentException.check;

import com.google.common.collect.ImmutableList;
import io.github.facemask.network.Layer;
import io.github.facemask.network.Linear;
import io.github.facemask.network.Network;
import io.github.facemask.network.Residual;
import io.github.facemask.random.RandomStream;

/**
 * Dropout before the head (timm's {@code drop_rate}) and stochastic depth (timm's {@code
 * drop_path_rate}) as factors that are drawn on the host, so that they do not depend on the device.
 * A batch has a row of factors for each photo: one for each branch that may be dropped, then one
 * for each input of the head. A factor is 0, or 1 / (1 - rate).
 *
 * @param branches the rate of each branch in the order of the network
 * @param rate the rate of dropout
 * @param features the number of inputs of the head; 0 without dropout
 */
record DropMasks(ImmutableList<Double> branches, double rate, int features) {

  /** No dropout and no stochastic depth. */
  static final DropMasks NONE = new DropMasks(ImmutableList.of(), 0, 0);

  /**
   * Returns the masks of a network.
   *
   * @param network the network
   * @param dropRate 0 to below 1
   * @param dropPathRate 0 to below 1: the rate of the last branch
   * @throws IllegalArgumentException if a rate is out of its range, or no branch of the network may
   *     be dropped
   */
  static DropMasks of(Network network, double dropRate, double dropPathRate) {
    check(dropRate >= 0 && dropRate < 1, "dropRate", dropRate, "0 to below 1");
    check(dropPathRate >= 0 && dropPathRate < 1, "dropPathRate", dropPathRate, "0 to below 1");
    ImmutableList.Builder<Double> branches = ImmutableList.builder();
    if (dropPathRate > 0) {
      collect(network.layers(), dropPathRate, branches);
    }
    ImmutableList<Double> rates = branches.build();
    check(
        dropPathRate == 0 || !rates.isEmpty(),
        "dropPathRate",
        dropPathRate,
        "0 for " + network.architecture() + ", which has no branches to drop");
    return new DropMasks(rates, dropRate, dropRate > 0 ? features(network.layers()) : 0);
  }

  private static void collect(
      Layer layer, double dropPathRate, ImmutableList.Builder<Double> rates) {
    if (layer instanceof Residual residual && residual.dropPath() > 0) {
      rates.add(dropPathRate * residual.dropPath());
    }
    layer.children().forEach(child -> collect(child, dropPathRate, rates));
  }

  private static int features(Layer layer) {
    if (layer instanceof Linear linear && linear.head()) {
      return linear.in();
    }
    return layer.children().stream().mapToInt(DropMasks::features).max().orElse(0);
  }

  boolean isEmpty() {
    return branches.isEmpty() && features == 0;
  }

  int columns() {
    return branches.size() + features;
  }

  /** Draws the factors of a batch, row-major (photos, columns). */
  float[] draw(long seed, int epoch, int batch, int photos) {
    RandomStream random = RandomStream.of(seed, "drop", epoch, batch);
    float[] factors = new float[photos * columns()];
    int at = 0;
    for (int photo = 0; photo < photos; photo++) {
      for (double branch : branches) {
        factors[at++] = factor(random, branch);
      }
      for (int i = 0; i < features; i++) {
        factors[at++] = factor(random, rate);
      }
    }
    return factors;
  }

  private static float factor(RandomStream random, double dropped) {
    return random.nextDouble() < dropped ? 0 : (float) (1 / (1 - dropped));
  }
}
