package io.github.facemask.combination;

import io.github.facemask.dataset.FacePhoto;
import io.github.facemask.dataset.Photo;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.label.FaceClass;
import io.github.facemask.prediction.PredictionOrigin;
import io.github.facemask.prediction.PredictionTable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Predictions of photos p0, p1 and so on. */
final class Tables {

  private Tables() {}

  static PredictionTable of(float[]... rows) {
    PredictionTable.Builder table = PredictionTable.builder(PredictionOrigin.unknown());
    for (int i = 0; i < rows.length; i++) {
      table.add("p" + i, rows[i]);
    }
    return table.build();
  }

  /** Three photos a person. */
  static PhotoSet truth(int... classes) {
    List<FacePhoto> photos = new ArrayList<>();
    for (int i = 0; i < classes.length; i++) {
      Photo photo = new Photo("p" + i, Path.of("p" + i + ".jpg"));
      photos.add(new FacePhoto(photo, "person" + i / 3, 40, FaceClass.ofId(classes[i])));
    }
    return PhotoSet.of(photos);
  }

  /** Rows that lean to the truth by some strength. */
  static PredictionTable leaning(PhotoSet truth, double strength, long seed) {
    Random random = new Random(seed);
    float[][] rows = new float[truth.size()][FaceClass.COUNT];
    for (int i = 0; i < rows.length; i++) {
      double sum = 0;
      double[] values = new double[FaceClass.COUNT];
      for (int c = 0; c < values.length; c++) {
        double lean = c == truth.get(i).label().id() ? strength : 0;
        values[c] = Math.exp(1.5 * random.nextGaussian() + lean);
        sum += values[c];
      }
      for (int c = 0; c < values.length; c++) {
        rows[i][c] = (float) (values[c] / sum);
      }
    }
    return of(rows);
  }

  static PhotoSet randomTruth(int photos, long seed) {
    Random random = new Random(seed);
    return truth(random.ints(photos, 0, FaceClass.COUNT).toArray());
  }
}
