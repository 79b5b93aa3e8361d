package io.github.facemask.internal.passes;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.common.collect.ImmutableMap;
import io.github.facemask.network.Conv2d;
import io.github.facemask.preprocessing.Preprocessing;
import io.github.facemask.tensor.HostTensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Quantizes weights to int8 with one scale for each output channel: {@code <path>.weight} int8,
 * {@code <path>.weight_scales} float32 (out) and {@code <path>.weight_zeros} int8 (out). The first
 * convolution reads the uint8 photo; the normalisation is folded into its weights.
 */
final class QuantizeWeights implements Pass {

  private final QuantizedLayers layers;
  private final Preprocessing preprocessing;

  QuantizeWeights(QuantizedLayers layers, Preprocessing preprocessing) {
    this.layers = layers;
    this.preprocessing = preprocessing;
  }

  static String scales(String path) {
    return path + ".weight_scales";
  }

  static String zeros(String path) {
    return path + ".weight_zeros";
  }

  /**
   * Returns the parameters of the uint8 photo. The padding value is the level nearest to the mean
   * of the channels' means.
   */
  static QuantizationParameters photoParameters(Preprocessing preprocessing) {
    double mean = preprocessing.mean().stream().mapToDouble(m -> m).average().orElseThrow();
    return new QuantizationParameters(1, (int) Math.round(255 * mean));
  }

  @Override
  public String description() {
    return "weights in int8, a scale for each output channel";
  }

  @Override
  public Plan apply(Plan plan) {
    Map<String, HostTensor> weights = new LinkedHashMap<>(plan.weights());
    layers.linears().forEach(path -> quantize(path, weights));
    return new Plan(
        plan.rewritten(steps -> quantizeConvolutions(steps, weights)),
        ImmutableMap.copyOf(weights));
  }

  private List<Step> quantizeConvolutions(List<Step> steps, Map<String, HostTensor> weights) {
    List<Step> result = new ArrayList<>();
    for (Step step : steps) {
      Step rewritten = step;
      if (step instanceof Step.Apply apply && layers.convolutions().contains(apply.path())) {
        if (layers.isStem(apply.path())) {
          rewritten = normalise(apply, (Conv2d) apply.layer(), weights);
        }
        quantize(apply.path(), weights);
      }
      result.add(rewritten);
    }
    return result;
  }

  /**
   * Folds the normalisation of uint8 values p into the weights, weight / (255 std) * (p - zero
   * point), and the rest into the bias.
   */
  private Step normalise(Step.Apply step, Conv2d conv, Map<String, HostTensor> weights) {
    HostTensor kernels = weights.get(step.path() + ".weight");
    float[] values = kernels.toFloats();
    double[] bias =
        conv.bias() ? weights.get(step.path() + ".bias").toDoubles() : new double[conv.out()];
    int zero = photoParameters(preprocessing).zeroPoint();
    int area = conv.kernel() * conv.kernel();
    for (int i = 0; i < values.length; i++) {
      int channel = i / area % 3;
      double scaled = values[i] / (255 * preprocessing.std().get(channel));
      values[i] = (float) scaled;
      bias[i / (3 * area)] += scaled * (zero - 255 * preprocessing.mean().get(channel));
    }
    float[] rounded = new float[bias.length];
    for (int o = 0; o < rounded.length; o++) {
      rounded[o] = (float) bias[o];
    }
    weights.put(step.path() + ".weight", HostTensor.ofFloats(kernels.shape(), values));
    weights.put(step.path() + ".bias", HostTensor.ofFloats(new Shape(rounded.length), rounded));
    return step.withLayer(conv.withBias());
  }

  private static void quantize(String path, Map<String, HostTensor> weights) {
    HostTensor floats = weights.get(path + ".weight");
    float[] values = floats.toFloats();
    int out = Math.toIntExact(floats.shape().get(0));
    int each = values.length / out;
    float[] scales = new float[out];
    ByteBuffer bytes = ByteBuffer.allocate(values.length);
    for (int o = 0; o < out; o++) {
      float largest = 0;
      for (int i = o * each; i < (o + 1) * each; i++) {
        largest = Math.max(largest, Math.abs(values[i]));
      }
      scales[o] = Math.max(largest / 127, Float.MIN_NORMAL);
      for (int i = o * each; i < (o + 1) * each; i++) {
        bytes.put((byte) Math.rint(values[i] / scales[o]));
      }
    }
    weights.put(path + ".weight", HostTensor.of(DataType.INT8, floats.shape(), bytes.flip()));
    weights.put(scales(path), HostTensor.ofFloats(new Shape(out), scales));
    weights.put(
        zeros(path), HostTensor.of(DataType.INT8, new Shape(out), ByteBuffer.allocate(out)));
  }
}
