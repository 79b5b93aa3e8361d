package io.github.facemask.export;

import ai.djl.Device;
import io.github.facemask.batch.BatchSource;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.facecrop.CropRun;
import io.github.facemask.facecrop.FaceDetector;
import io.github.facemask.label.FaceClass;
import io.github.facemask.loader.PhotoLoader;
import io.github.facemask.prediction.PhotoClassifier;
import io.github.facemask.prediction.PredictionOrigin;
import io.github.facemask.prediction.PredictionReader.Row;
import io.github.facemask.prediction.PredictionTable;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.IntConsumer;

/** Predicts labelled photos with exported programs. */
record ProgramPredictor(Optional<FaceDetector> detector, IntConsumer progress) {

  PredictionTable predict(ExportedModel model, PhotoSet photos) throws IOException {
    PhotoLoader.Builder loader = PhotoLoader.unlabelled(photos.photos(), model.preprocessing());
    if (model.faces().isPresent()) {
      loader.optCrops(CropRun.of(photos, model.faceCrop(detector).orElseThrow()).run());
    }
    BatchSource batches = loader.build();
    PredictionTable.Builder table =
        PredictionTable.builder(
            PredictionOrigin.unknown()
                .withAttributes(model.attributes())
                .withYears(model.answersYears()));
    try (PhotoClassifier classifier = model.load(Device.cpu())) {
      float[][] rows = classifier.classifyAll(batches, progress);
      for (int i = 0; i < rows.length; i++) {
        float[] classes = Arrays.copyOf(rows[i], FaceClass.COUNT);
        float years = model.answersYears() ? rows[i][FaceClass.COUNT] : Float.NaN;
        table.add(new Row(photos.get(i).photo().id(), classes, years));
      }
    }
    return table.build();
  }
}
