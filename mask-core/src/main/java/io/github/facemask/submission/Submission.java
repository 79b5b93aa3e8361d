package io.github.facemask.submission;

import static com.google.common.base.Preconditions.checkArgument;

import io.github.facemask.dataset.Photo;
import io.github.facemask.internal.files.AtomicFile;
import io.github.facemask.label.FaceClass;
import io.github.facemask.prediction.PredictionTable;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** The answers to the photos of info.csv: a class for each, in that order. */
public final class Submission {

  private final List<Photo> photos;
  private final int[] answers;

  private Submission(List<Photo> photos, int[] answers) {
    this.photos = photos;
    this.answers = answers;
  }

  /**
   * Answers each photo with its most probable class.
   *
   * @param photos the photos, in the order of info.csv
   * @param predictions the predictions of these photos and no others, in any order
   * @return the answers
   * @throws IllegalArgumentException if a photo has no prediction or a prediction no photo
   */
  public static Submission of(List<Photo> photos, PredictionTable predictions) {
    List<Photo> order = List.copyOf(photos);
    int[] answers = new int[order.size()];
    List<String> missing = new ArrayList<>();
    for (int i = 0; i < answers.length; i++) {
      String id = order.get(i).id();
      OptionalInt row = predictions.row(id);
      if (row.isPresent()) {
        answers[i] = predictions.argmax(row.getAsInt());
      } else {
        missing.add(id);
      }
    }
    checkArgument(
        missing.isEmpty(),
        "%s of %s photos of info.csv have no prediction, the first is '%s'; predict them all",
        missing.size(),
        answers.length,
        missing.isEmpty() ? "" : missing.get(0));
    checkArgument(
        predictions.size() == answers.length,
        "there are %s predictions for %s photos of info.csv; predict these photos only",
        predictions.size(),
        answers.length);
    return new Submission(order, answers);
  }

  /** Returns how many photos were answered with each class, at the index of its id. */
  public int[] classCounts() {
    int[] counts = new int[FaceClass.COUNT];
    Arrays.stream(answers).forEach(id -> counts[id]++);
    return counts;
  }

  /** Returns the number of photos. */
  public int size() {
    return answers.length;
  }

  /**
   * Writes {@code ImageID,ans}.
   *
   * @param file the file, replaced whole
   * @throws IOException if it cannot be written; the file is then as it was
   */
  public void write(Path file) throws IOException {
    AtomicFile.write(
        file,
        out -> {
          BufferedWriter writer =
              new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
          CSVFormat format =
              CSVFormat.RFC4180
                  .builder()
                  .setHeader("ImageID", "ans")
                  .setRecordSeparator('\n')
                  .get();
          CSVPrinter printer = new CSVPrinter(writer, format);
          for (int i = 0; i < answers.length; i++) {
            printer.printRecord(photos.get(i).id(), answers[i]);
          }
          printer.flush();
        });
  }
}
