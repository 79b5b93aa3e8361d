package io.github.facemask.ensemble;

import static com.google.common.base.Preconditions.checkArgument;

import ai.djl.ndarray.types.DataType;
import io.github.facemask.tensor.HostTensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The mean of tensors with the same names and shapes; tensors that are not floating-point are taken
 * from the first model.
 */
final class WeightMean {

  private WeightMean() {}

  static Map<String, HostTensor> of(List<Map<String, HostTensor>> all) {
    Map<String, HostTensor> mean = new LinkedHashMap<>();
    for (Map.Entry<String, HostTensor> entry : all.get(0).entrySet()) {
      HostTensor first = entry.getValue();
      if (first.type() != DataType.FLOAT32 || all.size() == 1) {
        mean.put(entry.getKey(), first);
        continue;
      }
      double[] sums = new double[Math.toIntExact(first.shape().size())];
      for (Map<String, HostTensor> tensors : all) {
        HostTensor tensor = tensors.get(entry.getKey());
        checkArgument(
            tensor != null && tensor.shape().equals(first.shape()),
            "a part has no tensor %s of shape %s",
            entry.getKey(),
            first.shape());
        float[] values = tensor.toFloats();
        for (int i = 0; i < sums.length; i++) {
          sums[i] += values[i];
        }
      }
      float[] result = new float[sums.length];
      for (int i = 0; i < result.length; i++) {
        result[i] = (float) (sums[i] / all.size());
      }
      mean.put(entry.getKey(), HostTensor.ofFloats(first.shape(), result));
    }
    return mean;
  }
}
