package io.github.facemask.internal.passes;

/**
 * Writes the operations of a vote in the language of a program. Variables hold float32 tensors with
 * a row for each photo.
 */
public interface VoteOperations {

  /** Writes a change of the shape; a size may be -1 once, for the number of photos. */
  String reshape(String x, long... sizes);

  /** Writes the softmax along the second dimension. */
  String softmax(String x);

  /** Writes the natural logarithm of each number. */
  String log(String x);

  /** Writes the product with a constant. */
  String scale(String x, double factor);

  /** Writes the sum of two tensors, broadcast. */
  String add(String x, String y);

  /** Writes the product of two tensors, broadcast. */
  String multiply(String x, String y);

  /** Writes the quotient of two tensors, broadcast. */
  String divide(String x, String y);

  /** Writes the sum along dimensions, which keep the size 1. */
  String sum(String x, long... dimensions);

  /** Writes the larger one of each number and a bound. */
  String atLeast(String x, double bound);

  /** Writes 1 for the first largest number of each row of 18, and 0 for the others. */
  String largest(String x);

  /** Repeats dimensions of size 1: to (photos, sizes). */
  String spread(String x, long... sizes);
}
