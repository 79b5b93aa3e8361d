package io.github.facemask.training;

import ai.djl.Device;
import io.github.facemask.loss.TrainingLoss;
import io.github.facemask.optimizer.FusedOptimizer;
import io.github.facemask.schedule.ReduceOnPlateau;
import io.github.facemask.schedule.Schedule;
import io.github.facemask.tensor.MemoryLayout;
import io.github.facemask.tensor.Precision;
import io.github.facemask.training.TrainableNetwork.TrainingConfig;
import io.github.facemask.training.Training.Monitor;
import java.util.Map;
import java.util.Optional;

/**
 * The checked parameters of a run.
 *
 * @param threads the threads of the engine; 0 to follow what the machine has left
 */
record TrainingChoices(
    TrainableNetwork network,
    TrainingData data,
    TrainingLoss loss,
    FusedOptimizer optimizer,
    Schedule schedule,
    int epochs,
    int batchesPerStep,
    double normLimit,
    double averageDecay,
    Monitor monitor,
    int keptBest,
    int patience,
    Optional<ReduceOnPlateau> plateau,
    Precision precision,
    Device device,
    long seed,
    int threads,
    TrainingListener listener,
    String name,
    Map<String, Object> notes) {

  /** Returns how many photos at the end of each epoch are too few for a batch. */
  int photosLeftOut() {
    int rest = data.trainingBatches().photosPerEpoch() % data.trainingBatches().batchSize();
    return rest < network.smallestBatch() ? rest : 0;
  }

  /** Returns the number of batches in an epoch. */
  int batchesPerEpoch() {
    int photos = data.trainingBatches().photosPerEpoch() - photosLeftOut();
    int each = data.trainingBatches().batchSize();
    return (photos + each - 1) / each;
  }

  /** Returns the configuration of the network. */
  TrainingConfig config() {
    return new TrainingConfig(
        device,
        precision,
        loss,
        optimizer,
        normLimit,
        averageDecay,
        MemoryLayout.CHANNELS_LAST,
        seed,
        !data.training().complete() || network.learnsYears());
  }
}
