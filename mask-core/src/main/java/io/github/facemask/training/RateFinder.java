package io.github.facemask.training;

import ai.djl.ndarray.NDManager;
import com.google.common.collect.ImmutableList;
import io.github.facemask.batch.BatchSource;
import io.github.facemask.batch.BatchSource.BatchStream;
import io.github.facemask.batch.PhotoBatch;
import io.github.facemask.training.TrainableModel.StepOutput;
import io.github.facemask.training.Training.RateCurve;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;

/**
 * The learning rate range test of Smith ("Cyclical learning rates for training neural networks",
 * 2017): one run whose rate rises by the same factor in each step, until the loss explodes. Losses
 * are smoothed, and the suggestion is found, as in fastai: in the middle of the longest fall.
 */
final class RateFinder {

  /** The weight of earlier losses in the smoothed one. */
  private static final double SMOOTHING = 0.98;

  /** The loss has exploded at this multiple of the lowest one. */
  private static final double EXPLOSION = 4;

  /** The share of the first loss below which it has fallen. */
  private static final double FALL = 0.98;

  private RateFinder() {}

  static RateCurve find(
      TrainingChoices choices, double from, double to, int steps, IntConsumer progress)
      throws IOException {
    List<RateCurve.Point> points = new ArrayList<>();
    BatchSource batches = choices.data().trainingBatches();
    try (ComputeThreads threads = ComputeThreads.of(choices);
        TrainableModel model = choices.network().prepare(choices.config())) {
      threads.begin(0);
      double average = 0;
      double lowest = Double.POSITIVE_INFINITY;
      boolean exploded = false;
      for (int pass = 1; points.size() < steps && !exploded; pass++) {
        int left = choices.batchesPerEpoch();
        model.startEpoch(1);
        try (NDManager scope = model.manager().newSubManager();
            BatchStream stream = batches.open(scope, pass - 1)) {
          Optional<PhotoBatch> next = stream.next();
          while (next.isPresent() && left-- > 0 && points.size() < steps && !exploded) {
            int step = points.size();
            double rate = from * Math.pow(to / from, step / (double) (steps - 1));
            double loss = learn(model, next.get(), rate, choices.optimizer().momentum());
            average = SMOOTHING * average + (1 - SMOOTHING) * loss;
            double smooth = average / (1 - Math.pow(SMOOTHING, step + 1));
            exploded = !Double.isFinite(smooth) || smooth > EXPLOSION * lowest;
            if (Double.isFinite(smooth)) {
              lowest = Math.min(lowest, smooth);
              points.add(new RateCurve.Point(rate, loss, smooth));
            }
            progress.accept(step + 1);
            next = exploded ? Optional.empty() : stream.next();
          }
        }
      }
    }
    return new RateCurve(ImmutableList.copyOf(points), suggestion(points));
  }

  private static double learn(
      TrainableModel model, PhotoBatch photos, double rate, double momentum) {
    try (PhotoBatch batch = photos;
        StepOutput result = model.trainStep(batch, 1)) {
      double loss = result.loss().getFloat();
      model.optimizerStep(rate, momentum);
      return loss;
    }
  }

  /**
   * Returns the suggested rate: half the length of the longest falling subsequence of the losses
   * before its end; NaN if the loss does not fall.
   */
  static double suggestion(List<RateCurve.Point> points) {
    int[] length = new int[points.size()];
    int end = 0;
    for (int i = 0; i < length.length; i++) {
      length[i] = 1;
      for (int j = 0; j < i; j++) {
        if (points.get(i).smoothedLoss() < points.get(j).smoothedLoss()) {
          length[i] = Math.max(length[i], length[j] + 1);
        }
      }
      end = length[i] > length[end] ? i : end;
    }
    // A loss that stays where it began has fallen by chance alone.
    boolean fell =
        !points.isEmpty() && points.get(end).smoothedLoss() < FALL * points.get(0).smoothedLoss();
    return !fell ? Double.NaN : points.get(end - length[end] / 2).rate();
  }
}
