package io.github.facemask.internal.program;

import ai.djl.ndarray.types.Shape;
import com.google.common.collect.ImmutableMap;
import io.github.facemask.network.Network;
import io.github.facemask.network.TensorSpec;
import io.github.facemask.network.TensorSpec.Role;
import io.github.facemask.random.RandomStream;
import io.github.facemask.tensor.HostTensor;
import java.util.Arrays;

/**
 * The initial weights of a network. Each tensor has its own named random stream, so a new layer
 * does not change the other tensors.
 */
public final class Initialization {

  private Initialization() {}

  /**
   * Samples the initial weights like timm: convolutions from He's normal distribution over fan-out;
   * linear layers, bias tables and position embeddings from N(0, 0.02); the head and patches
   * uniformly in +-1/sqrt(in); class tokens from N(0, 1e-6); norms at one and zero.
   *
   * @param network the network
   * @param seed the run's seed
   * @return all tensors of the network by name, in its order
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
    int n = Math.toIntExact(shape.size());
    if (spec.role() == Role.BATCH_COUNT) {
      return HostTensor.ofLongs(shape, 0);
    }
    float[] values = new float[n];
    RandomStream random = RandomStream.of(seed, "initialization " + spec.name());
    switch (spec.role()) {
      case WEIGHT -> normal(values, random, Math.sqrt(2.0 / (shape.get(0) * receptive(shape))));
      case DEPTHWISE_WEIGHT -> normal(values, random, Math.sqrt(2.0 / receptive(shape)));
      // timm truncates these at -2 and 2, which is a hundred standard deviations.
      case LINEAR_WEIGHT, POSITION_EMBEDDING, BIAS_TABLE -> normal(values, random, 0.02);
      case CLASS_TOKEN -> normal(values, random, 1e-6);
      case HEAD_WEIGHT -> uniform(values, random, 1 / Math.sqrt((double) shape.get(1)));
      case PATCH_WEIGHT ->
          uniform(values, random, 1 / Math.sqrt((double) shape.get(1) * receptive(shape)));
      case NORM_SCALE, RUNNING_VARIANCE -> Arrays.fill(values, 1f);
      default -> {}
    }
    return HostTensor.ofFloats(shape, values);
  }

  /** Returns the number of pixels of a kernel. */
  private static long receptive(Shape shape) {
    return shape.get(2) * shape.get(3);
  }

  private static void normal(float[] values, RandomStream random, double deviation) {
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextGaussian() * deviation);
    }
  }

  private static void uniform(float[] values, RandomStream random, double bound) {
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) ((2 * random.nextDouble() - 1) * bound);
    }
  }
}
