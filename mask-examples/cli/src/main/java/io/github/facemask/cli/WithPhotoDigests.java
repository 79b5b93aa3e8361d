package io.github.facemask.cli;

import io.github.facemask.batch.PhotoBatch;
import io.github.facemask.dataset.PhotoDigests;
import io.github.facemask.training.EpochMetrics;
import io.github.facemask.training.StepOutput;
import io.github.facemask.training.TrainingListener;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Writes the photos' digests into the run's folder before its first step. */
record WithPhotoDigests(TrainingListener told, PhotoDigests photos) implements TrainingListener {

  @Override
  public void onStart(RunPlan run) {
    try {
      photos.write(run.folder().resolve(PhotoDigests.FILE));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    told.onStart(run);
  }

  @Override
  public void onBatch(BatchProgress progress) {
    told.onBatch(progress);
  }

  @Override
  public void onTrainStep(PhotoBatch batch, StepOutput result) {
    told.onTrainStep(batch, result);
  }

  @Override
  public void onEpoch(EpochMetrics metrics, boolean best) {
    told.onEpoch(metrics, best);
  }

  @Override
  public boolean endsRun() {
    return told.endsRun();
  }

  @Override
  public void onEnd() {
    told.onEnd();
  }
}
