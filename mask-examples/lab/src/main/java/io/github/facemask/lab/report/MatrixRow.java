package io.github.facemask.lab.report;

import io.github.facemask.evaluation.ConfusionMatrix;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A row of a confusion matrix for display.
 *
 * @param label the true class's name
 * @param support the number of photos of the class
 * @param cells the predictions of each class
 */
public record MatrixRow(String label, long support, List<Cell> cells) {

  /**
   * A cell.
   *
   * @param count the number of photos
   * @param share the share of the row, as a number for a style
   * @param right whether truth and prediction are the same
   * @param words the cell in words
   */
  public record Cell(long count, String share, boolean right, String words) {}

  static List<MatrixRow> of(Section.Matrix matrix) {
    ConfusionMatrix confusion = matrix.confusion();
    List<MatrixRow> rows = new ArrayList<>();
    for (int truth = 0; truth < confusion.classes(); truth++) {
      long support = confusion.support(truth);
      List<Cell> cells = new ArrayList<>();
      for (int predicted = 0; predicted < confusion.classes(); predicted++) {
        long count = confusion.count(truth, predicted);
        // The square root makes small shares visible against the page's colour.
        double share = support == 0 ? 0 : Math.sqrt(count / (double) support);
        cells.add(
            new Cell(
                count,
                String.format(Locale.ROOT, "%.2f", share),
                truth == predicted,
                matrix.labels().get(truth)
                    + " predicted as "
                    + matrix.labels().get(predicted)
                    + ": "
                    + count
                    + " of "
                    + support));
      }
      rows.add(new MatrixRow(matrix.labels().get(truth), support, List.copyOf(cells)));
    }
    return rows;
  }
}
