package io.github.facemask.network;

import com.google.common.collect.ImmutableMap;
import io.github.facemask.random.RandomStream;
import io.github.facemask.tensor.HostTensor;
import io.github.facemask.tensor.Shape;

/**
 * The numbers that a network starts from. Each tensor has a random stream named by itself, so
 * adding a layer changes no other.
 */
public final class Initialization {

  private Initialization() {}

  /**
   * Draws starting weights as timm does: convolutions from He's normal distribution over fan-out,
   * the head uniformly in +-1/sqrt(in), norms at one and zero.
   *
   * @param network the network
   * @param seed the run's seed
   * @return every tensor of the network, by name, in its order
   */
  public static ImmutableMap<String, HostTensor> random(Network network, long seed) {
    ImmutableMap.Builder<String, HostTensor> tensors = ImmutableMap.builder();
    for (TensorSpec spec : network.tensors()) {
      tensors.put(spec.name(), initial(spec, seed));
    }
    return tensors.buildOrThrow();
  }

  private static HostTensor initial(TensorSpec spec, long seed) {
    Shape shape = spec.shape();
    int n = Math.toIntExact(shape.elements());
    if (spec.role() == TensorRole.BATCH_COUNT) {
      return HostTensor.ofLongs(shape, 0);
    }
    float[] values = new float[n];
    RandomStream random = RandomStream.of(seed, "initialization " + spec.name());
    switch (spec.role()) {
      case WEIGHT -> {
        long receptive = shape.rank() == 4 ? shape.size(2) * shape.size(3) : 1;
        double deviation = Math.sqrt(2.0 / (shape.size(0) * receptive));
        for (int i = 0; i < n; i++) {
          values[i] = (float) (random.nextGaussian() * deviation);
        }
      }
      case HEAD_WEIGHT -> {
        double bound = 1 / Math.sqrt((double) shape.size(1));
        for (int i = 0; i < n; i++) {
          values[i] = (float) ((2 * random.nextDouble() - 1) * bound);
        }
      }
      case NORM_SCALE, RUNNING_VARIANCE -> java.util.Arrays.fill(values, 1f);
      default -> {}
    }
    return HostTensor.ofFloats(shape, values);
  }
}
