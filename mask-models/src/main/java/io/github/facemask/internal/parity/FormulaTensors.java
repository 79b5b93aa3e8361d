package io.github.facemask.internal.parity;

import ai.djl.ndarray.types.Shape;
import com.google.common.collect.ImmutableMap;
import io.github.facemask.network.Network;
import io.github.facemask.network.TensorSpec;
import io.github.facemask.network.TensorSpec.Role;
import io.github.facemask.tensor.HostTensor;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Tensors computed from their names, so that Python can compute the same ones: FNV-1a of the name,
 * then SplitMix64 of the element's index, then a scale by the role of the tensor. The reference
 * files were made with the same formula in Python.
 */
public final class FormulaTensors {

  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private FormulaTensors() {}

  /**
   * Computes all tensors of a network.
   *
   * @param network the network
   * @param seed any number
   * @param gain the factor of weights with two or more dimensions
   * @return the tensors by dotted name
   */
  public static Map<String, HostTensor> of(Network network, long seed, double gain) {
    ImmutableMap.Builder<String, HostTensor> tensors = ImmutableMap.builder();
    for (TensorSpec spec : network.tensors()) {
      tensors.put(
          spec.name(),
          spec.role() == Role.BATCH_COUNT
              ? HostTensor.ofLongs(spec.shape(), 0)
              : HostTensor.ofFloats(spec.shape(), values(spec.name(), spec.shape(), seed, gain)));
    }
    return tensors.buildOrThrow();
  }

  static float[] values(String name, Shape shape, long seed, double gain) {
    float[] values = uniform(name, Math.toIntExact(shape.size()), seed);
    String leaf = name.substring(name.lastIndexOf('.') + 1);
    float scale = 0.1f;
    float shift = 0;
    if (name.equals("input")) {
      scale = 2;
    } else if (leaf.equals("relative_position_bias_table")
        || leaf.equals("pos_embed")
        || leaf.equals("cls_token")) {
      scale = 0.5f;
    } else if (leaf.equals("weight") && shape.dimension() >= 2) {
      long fanIn = shape.size() / shape.get(0);
      scale = (float) (gain * Math.sqrt(3.0 / fanIn));
    } else if (leaf.equals("weight")) {
      scale = 0.25f;
      shift = 1;
    } else if (leaf.equals("running_var")) {
      scale = 0.5f;
      shift = 1;
    }
    for (int i = 0; i < values.length; i++) {
      values[i] = shift + scale * values[i];
    }
    return values;
  }

  /** Numbers in [-1, 1), exact in float32. */
  private static float[] uniform(String name, int n, long seed) {
    long hash = 0xCBF29CE484222325L;
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * 0x100000001B3L;
    }
    hash ^= seed * GOLDEN;
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      long z = hash + (i + 1) * GOLDEN;
      z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
      z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
      z = z ^ (z >>> 31);
      values[i] = (z >>> 40) * 0x1p-23f - 1;
    }
    return values;
  }
}
