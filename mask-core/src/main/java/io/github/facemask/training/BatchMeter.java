package io.github.facemask.training;

import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.github.facemask.batch.PhotoBatch;
import io.github.facemask.dataset.Photo;
import io.github.facemask.training.TrainableModel.StepOutput;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Sums the results of the batches of an epoch. Reading a number from a GPU waits for all queued
 * work, so losses stay on the device and are read several at a time.
 */
final class BatchMeter implements AutoCloseable {

  private final int epoch;
  private final int window;
  private final NDManager manager;
  private final List<Photo> photos;
  private final Path run;
  private final List<Pending> pending = new ArrayList<>();
  private final long start = System.nanoTime();
  private int batches;
  private long seen;
  private long read;
  private double lossSum;
  private double correct;

  /** The unread result of a batch. */
  private record Pending(int batch, List<Integer> indices, StepOutput result) {}

  /**
   * Starts an epoch.
   *
   * @param epoch the epoch, from 1
   * @param window the number of batches to read at a time, 1 or more
   * @param manager owns results until they are read
   * @param photos the photos of the batches
   * @param run the run's folder
   */
  BatchMeter(int epoch, int window, NDManager manager, List<Photo> photos, Path run) {
    this.epoch = epoch;
    this.window = window;
    this.manager = manager;
    this.photos = photos;
    this.run = run;
  }

  /**
   * Counts a batch.
   *
   * @param batch the batch
   * @param result its result, which is closed here later
   * @throws NonFiniteLossException if a loss that is read now is not finite
   */
  void add(PhotoBatch batch, StepOutput result) {
    batches++;
    seen += batch.size();
    result.loss().attach(manager);
    result.correct().attach(manager);
    result.logits().close();
    pending.add(new Pending(batches, batch.indices(), result));
    if (pending.size() >= window) {
      read();
    }
  }

  /**
   * Reads the remaining results.
   *
   * @throws NonFiniteLossException if a loss is not finite
   */
  void read() {
    if (pending.isEmpty()) {
      return;
    }
    NDList values = new NDList();
    pending.forEach(p -> values.add(p.result.loss()));
    pending.forEach(p -> values.add(p.result.correct()));
    float[] numbers;
    try (var stacked = NDArrays.stack(values)) {
      numbers = stacked.toFloatArray();
    }
    for (int i = 0; i < pending.size(); i++) {
      Pending next = pending.get(i);
      if (!Float.isFinite(numbers[i])) {
        List<String> ids = next.indices.stream().map(n -> photos.get(n).id()).toList();
        throw new NonFiniteLossException(epoch, next.batch, numbers[i], ids, run);
      }
      lossSum += (double) numbers[i] * next.indices.size();
      correct += numbers[pending.size() + i];
      read += next.indices.size();
    }
    close();
  }

  int batches() {
    return batches;
  }

  double meanLoss() {
    return lossSum / read;
  }

  double accuracy() {
    return correct / read;
  }

  double photosPerSecond() {
    return seen / ((System.nanoTime() - start) / 1e9);
  }

  TrainingListener.BatchProgress progress(double rate) {
    return new TrainingListener.BatchProgress(epoch, batches, meanLoss(), rate, photosPerSecond());
  }

  @Override
  public void close() {
    pending.forEach(p -> p.result.close());
    pending.clear();
  }
}
