package io.github.facemask.training;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.metric.Metrics;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.Trainer;
import ai.djl.training.TrainingConfig;
import ai.djl.training.TrainingResult;
import ai.djl.training.dataset.Batch;
import ai.djl.training.listener.EarlyStoppingListener.EarlyStoppedException;
import ai.djl.training.listener.TrainingListener.BatchData;
import ai.djl.training.loss.Loss;
import io.github.facemask.batch.PhotoBatch;
import io.github.facemask.training.TrainableModel.StepOutput;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Forwards the events of a run to DJL training listeners. They get a {@link Trainer} whose model is
 * the network and whose result has the losses and scores of the last epoch, and each batch with its
 * targets and logits. A listener that stops early ({@link EarlyStoppedException}) ends the run
 * after the epoch. The trainer is read-only: it cannot train. For one run.
 */
final class DjlListeners implements TrainingListener {

  private final ai.djl.training.listener.TrainingListener[] listeners;
  private Told trainer;
  private RunPlan plan;
  private int batch;
  private boolean ended;

  private DjlListeners(ai.djl.training.listener.TrainingListener... listeners) {
    this.listeners = listeners;
  }

  /**
   * Wraps listeners.
   *
   * @param listeners for instance {@code TrainingListener.Defaults.logging()}
   * @return a listener for {@link Training.Builder#optListener}
   */
  static DjlListeners of(ai.djl.training.listener.TrainingListener... listeners) {
    return new DjlListeners(listeners.clone());
  }

  @Override
  public void onStart(RunPlan run) {
    plan = run;
    // The loss is computed in the program, but a trainer requires one.
    TrainingConfig config =
        new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
            .optDevices(new Device[] {run.model().getNDManager().getDevice()})
            .addTrainingListeners(listeners);
    trainer = new Told(run.model(), config);
    trainer.setMetrics(new Metrics());
    trainer.notifyListeners(listener -> listener.onTrainingBegin(trainer));
  }

  @Override
  public void onTrainStep(PhotoBatch photos, StepOutput result) {
    Device device = result.logits().getDevice();
    Map<Device, NDList> labels = Map.of(device, new NDList(photos.targets()));
    Map<Device, NDList> predictions = Map.of(device, new NDList(result.logits()));
    NDArray pixels = photos.pixels();
    Batch data =
        new Batch(
            pixels.getManager(),
            new NDList(pixels),
            new NDList(photos.targets()),
            photos.size(),
            null,
            null,
            batch++,
            plan.batchesPerEpoch());
    BatchData batchData = new BatchData(data, labels, predictions);
    trainer.notifyListeners(listener -> listener.onTrainingBatch(trainer, batchData));
  }

  @Override
  public void onEpoch(EpochMetrics metrics, boolean best) {
    batch = 0;
    trainer.last = metrics;
    try {
      trainer.notifyListeners(listener -> listener.onEpoch(trainer));
    } catch (EarlyStoppedException e) {
      ended = true;
    }
  }

  @Override
  public boolean endsRun() {
    return ended;
  }

  @Override
  public void onEnd() {
    trainer.notifyListeners(listener -> listener.onTrainingEnd(trainer));
  }

  /** A trainer whose result has the measurements of the loop. */
  private static final class Told extends Trainer {
    private EpochMetrics last;

    Told(Model model, TrainingConfig config) {
      super(model, config);
    }

    @Override
    public TrainingResult getTrainingResult() {
      TrainingResult result = new TrainingResult();
      if (last != null) {
        Map<String, Float> evaluations = new LinkedHashMap<>();
        evaluations.put("train_loss", (float) last.trainingLoss());
        evaluations.put("train_Accuracy", (float) last.trainingAccuracy());
        evaluations.put("validate_loss", (float) last.validationLoss());
        evaluations.put("validate_Accuracy", (float) last.accuracy());
        evaluations.put("validate_MacroF1", (float) last.macroF1());
        result.setEpoch(last.epoch());
        result.setEvaluations(evaluations);
      }
      return result;
    }

    /** The model belongs to the run. */
    @Override
    public void close() {}
  }
}
