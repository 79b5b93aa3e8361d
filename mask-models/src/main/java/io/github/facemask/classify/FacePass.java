package io.github.facemask.classify;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.Lists;
import com.google.common.primitives.Doubles;
import io.github.facemask.classify.OpenEnsemble.OpenNetwork;
import io.github.facemask.image.Pixels;
import io.github.facemask.internal.cropping.CroppedPhoto;
import io.github.facemask.label.FaceClass;
import io.github.facemask.prediction.PhotoClassifier.NonFiniteAnswerException;
import io.github.facemask.preprocessing.Preprocessing;
import io.github.facemask.preprocessing.View;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.Semaphore;

/** Runs the networks on subjects and combines their answers. Thread-safe. */
final class FacePass {

  private final OpenEnsemble opened;
  private final double unsureBelow;
  private final ImmutableList<View> views;
  private final int batchSize;
  private final Semaphore permits;

  FacePass(
      OpenEnsemble opened,
      double unsureBelow,
      ImmutableList<View> views,
      int batchSize,
      int callsAtOnce) {
    this.opened = opened;
    this.unsureBelow = unsureBelow;
    this.views = views;
    this.batchSize = batchSize;
    this.permits = new Semaphore(callsAtOnce);
  }

  /** What each network sees of a face or a photo. */
  @FunctionalInterface
  interface Subject {
    Pixels seenBy(OpenNetwork network);
  }

  /** Returns the prediction of each subject, in batches. */
  List<FacePrediction> predict(List<Subject> subjects) {
    permits.acquireUninterruptibly();
    try {
      List<FacePrediction> predictions = new ArrayList<>();
      for (List<Subject> batch : Lists.partition(subjects, batchSize)) {
        predictions.addAll(predictBatch(batch));
      }
      return predictions;
    } finally {
      permits.release();
    }
  }

  private List<FacePrediction> predictBatch(List<Subject> subjects) {
    List<double[][]> rows = new ArrayList<>();
    for (OpenNetwork network : opened.networks()) {
      byte[] frames = frames(subjects, network, views);
      double[][] answers = run(network, frames, subjects.size() * views.size());
      double[][] means = new double[subjects.size()][answers[0].length];
      for (int i = 0; i < answers.length; i++) {
        for (int id = 0; id < answers[i].length; id++) {
          means[i / views.size()][id] += answers[i][id] / views.size();
        }
      }
      rows.add(means);
    }
    List<FacePrediction> predictions = new ArrayList<>();
    for (int i = 0; i < subjects.size(); i++) {
      int subject = i;
      predictions.add(prediction(rows.stream().map(r -> r[subject]).toList()));
    }
    return predictions;
  }

  private FacePrediction prediction(List<double[]> rows) {
    ImmutableList<Double> own = voted(rows);
    List<double[]> corrected = new ArrayList<>();
    for (int m = 0; m < rows.size(); m++) {
      corrected.add(opened.networks().get(m).corrected(rows.get(m)));
    }
    return FacePrediction.of(
        own,
        corrected.equals(rows) ? own : voted(corrected),
        opened.attributes(),
        years(rows),
        opened.temperatures(),
        unsureBelow);
  }

  private ImmutableList<Double> voted(List<double[]> rows) {
    return ImmutableList.copyOf(
        Doubles.asList(
            opened
                .vote()
                .probabilities(
                    rows.stream().map(r -> Arrays.copyOf(r, FaceClass.COUNT)).toList())));
  }

  private OptionalDouble years(List<double[]> rows) {
    List<Float> years =
        rows.stream()
            .map(r -> r.length > FaceClass.COUNT ? (float) r[FaceClass.COUNT] : Float.NaN)
            .toList();
    float mean = opened.vote().years(years);
    return Float.isNaN(mean) ? OptionalDouble.empty() : OptionalDouble.of(mean);
  }

  static byte[] frames(List<Subject> subjects, OpenNetwork network, ImmutableList<View> views) {
    Preprocessing input = network.preprocessing();
    int each = input.height() * input.width() * 3;
    byte[] all = new byte[each * subjects.size() * views.size()];
    ByteBuffer into = ByteBuffer.wrap(all);
    for (Subject subject : subjects) {
      Pixels seen = subject.seenBy(network);
      for (View view : views) {
        CroppedPhoto.frame(seen, input, view, into);
      }
    }
    return all;
  }

  static double[][] run(OpenNetwork network, byte[] frames, int count) {
    Preprocessing input = network.preprocessing();
    Shape shape = new Shape(count, input.height(), input.width(), 3);
    try (NDManager scope = network.classifier().manager().newSubManager()) {
      NDArray photos = scope.create(ByteBuffer.wrap(frames), shape, DataType.UINT8);
      float[] values =
          NonFiniteAnswerException.check(
              network.classifier().classify(photos).toFloatArray(), List.of());
      int columns = values.length / count;
      double[][] answers = new double[count][columns];
      for (int i = 0; i < values.length; i++) {
        answers[i / columns][i % columns] = values[i];
      }
      return answers;
    }
  }
}
