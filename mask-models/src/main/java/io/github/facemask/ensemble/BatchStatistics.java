package io.github.facemask.ensemble;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import io.github.facemask.batch.BatchSource;
import io.github.facemask.batch.BatchSource.BatchStream;
import io.github.facemask.batch.PhotoBatch;
import io.github.facemask.internal.passes.SmallestBatch;
import io.github.facemask.internal.program.ProgramModel;
import io.github.facemask.internal.program.TrainingPlan;
import io.github.facemask.loss.CrossEntropy;
import io.github.facemask.network.Network;
import io.github.facemask.network.Normalization.BatchNorm2d;
import io.github.facemask.optimizer.AdamW;
import io.github.facemask.tensor.HostTensor;
import io.github.facemask.tensor.MemoryLayout;
import io.github.facemask.tensor.Precision;
import io.github.facemask.training.TrainableModel;
import io.github.facemask.training.TrainableNetwork.TrainingConfig;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The statistics of batch norms over one pass: the mean over all batches, as PyTorch's {@code
 * torch.optim.swa_utils.update_bn}. The training program updates its running statistics with a
 * share of each batch's statistics; the batch's statistics are computed from the values before and
 * after.
 */
final class BatchStatistics {

  private final Map<String, Double> momenta = new LinkedHashMap<>();
  private final Map<String, double[]> sums = new LinkedHashMap<>();
  private int batches;

  private BatchStatistics(Network network) {
    network.forEachLayer(
        (layer, path) -> {
          if (layer instanceof BatchNorm2d norm) {
            momenta.put(path + ".running_mean", norm.momentum());
            momenta.put(path + ".running_var", norm.momentum());
          }
        });
  }

  /** Returns the tensors with new statistics; the same ones if there is no batch norm. */
  static Map<String, HostTensor> recompute(
      Network network, Map<String, HostTensor> weights, BatchSource photos) throws IOException {
    BatchStatistics statistics = new BatchStatistics(network);
    if (statistics.momenta.isEmpty()) {
      return weights;
    }
    int smallest = SmallestBatch.of(network, Set.of());
    try (TrainableModel model =
            ProgramModel.load(
                network, weights, setup(), TrainingPlan.of(network, 0, 1), List.of());
        NDManager scope = model.manager().newSubManager();
        BatchStream stream = photos.open(scope, 0)) {
      Map<String, HostTensor> before = model.weights();
      for (Optional<PhotoBatch> next = stream.next(); next.isPresent(); next = stream.next()) {
        try (PhotoBatch batch = next.get()) {
          if (batch.size() < smallest) {
            continue;
          }
          model.trainStep(batch, 1).close();
        }
        Map<String, HostTensor> after = model.weights();
        statistics.add(before, after);
        before = after;
      }
    }
    return statistics.laidOver(weights);
  }

  private static TrainingConfig setup() {
    return new TrainingConfig(
        Device.cpu(),
        Precision.FLOAT32,
        CrossEntropy.plain(),
        AdamW.of(1e-3, 0),
        Double.POSITIVE_INFINITY,
        0,
        MemoryLayout.CHANNELS_LAST,
        0);
  }

  private void add(Map<String, HostTensor> before, Map<String, HostTensor> after) {
    batches++;
    momenta.forEach(
        (name, momentum) -> {
          float[] was = before.get(name).toFloats();
          float[] is = after.get(name).toFloats();
          double[] sum = sums.computeIfAbsent(name, key -> new double[was.length]);
          for (int i = 0; i < sum.length; i++) {
            sum[i] += (is[i] - (1 - momentum) * was[i]) / momentum;
          }
        });
  }

  private Map<String, HostTensor> laidOver(Map<String, HostTensor> weights) {
    Map<String, HostTensor> result = new LinkedHashMap<>(weights);
    sums.forEach(
        (name, sum) -> {
          float[] mean = new float[sum.length];
          for (int i = 0; i < mean.length; i++) {
            // Rounding must not make a variance near zero negative.
            double value = sum[i] / batches;
            mean[i] = (float) (name.endsWith("var") ? Math.max(value, 0) : value);
          }
          result.put(name, HostTensor.ofFloats(weights.get(name).shape(), mean));
        });
    return result;
  }
}
