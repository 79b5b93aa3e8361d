package io.github.facemask.evaluation;

import static com.google.common.base.Preconditions.checkArgument;
import static io.github.facemask.problem.InvalidArgumentException.check;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.Longs;
import io.github.facemask.problem.InvalidArgumentException;
import io.github.facemask.problem.Problem;
import java.util.List;

/**
 * How often each true class was predicted as each class. Rows are the truth, columns the
 * prediction, as in scikit-learn.
 *
 * @param classes the number of classes
 * @param cells the counts, row after row
 */
public record ConfusionMatrix(int classes, List<Long> cells) {

  /** Checks the size and the counts. */
  public ConfusionMatrix {
    check(classes >= 1, "classes", classes, "1 or more");
    checkArgument(
        cells.size() == classes * classes,
        "a matrix of %s classes has %s cells, expected %s",
        classes,
        cells.size(),
        classes * classes);
    checkArgument(cells.stream().allMatch(c -> c >= 0), "a count is negative, expected 0 or more");
  }

  /**
   * Counts predictions.
   *
   * @param truth the true classes
   * @param predicted the predicted classes, as many
   * @param classes the number of classes
   */
  public static ConfusionMatrix of(int[] truth, int[] predicted, int classes) {
    checkArgument(
        truth.length == predicted.length,
        "there are %s true and %s predicted classes, expected as many",
        truth.length,
        predicted.length);
    Builder builder = builder(classes);
    for (int i = 0; i < truth.length; i++) {
      builder.add(truth[i], predicted[i]);
    }
    return builder.build();
  }

  /**
   * Returns a builder that counts predictions.
   *
   * @param classes the number of classes
   */
  public static Builder builder(int classes) {
    check(classes >= 1, "classes", classes, "1 or more");
    return new Builder(classes);
  }

  /**
   * Returns a count.
   *
   * @param truth the true class
   * @param predicted the predicted class
   */
  public long count(int truth, int predicted) {
    checkClass(truth, classes);
    checkClass(predicted, classes);
    return cells.get(truth * classes + predicted);
  }

  /** Returns the number of samples of a true class. */
  public long support(int truth) {
    long sum = 0;
    for (int predicted = 0; predicted < classes; predicted++) {
      sum += count(truth, predicted);
    }
    return sum;
  }

  /** Returns the number of samples that were predicted as a class. */
  public long predicted(int predicted) {
    long sum = 0;
    for (int truth = 0; truth < classes; truth++) {
      sum += count(truth, predicted);
    }
    return sum;
  }

  /** Returns the number of samples. */
  public long total() {
    return cells.stream().mapToLong(Long::longValue).sum();
  }

  /** Returns the number of correct predictions. */
  public long correct() {
    long sum = 0;
    for (int i = 0; i < classes; i++) {
      sum += count(i, i);
    }
    return sum;
  }

  private static void checkClass(int id, int classes) {
    if (id < 0 || id >= classes) {
      throw new InvalidArgumentException(Problem.of("class", id, "0 to " + (classes - 1)));
    }
  }

  /**
   * Counts predictions. A matrix that was built does not change when more are added. Not
   * thread-safe.
   */
  public static final class Builder {

    private final int classes;
    private final long[] cells;

    private Builder(int classes) {
      this.classes = classes;
      this.cells = new long[classes * classes];
    }

    /**
     * Counts one prediction.
     *
     * @param truth the true class
     * @param predicted the predicted class
     */
    public Builder add(int truth, int predicted) {
      return add(truth, predicted, 1);
    }

    /**
     * Counts several equal predictions.
     *
     * @param truth the true class
     * @param predicted the predicted class
     * @param times the number of predictions
     */
    public Builder add(int truth, int predicted, long times) {
      checkClass(truth, classes);
      checkClass(predicted, classes);
      check(times >= 0, "times", times, "0 or more");
      cells[truth * classes + predicted] += times;
      return this;
    }

    /** Returns the counts so far. */
    public ConfusionMatrix build() {
      return new ConfusionMatrix(classes, ImmutableList.copyOf(Longs.asList(cells)));
    }
  }
}
