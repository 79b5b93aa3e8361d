package io.github.facemask.tensor;

import static io.github.facemask.problem.InvalidArgumentException.check;

import com.google.common.primitives.ImmutableLongArray;
import java.util.stream.Collectors;

/**
 * The sizes of an array's dimensions, outermost first; none for a single number.
 *
 * @param sizes the sizes, each 0 or more
 */
public record Shape(ImmutableLongArray sizes) {

  /** Checks the sizes. */
  public Shape {
    check(sizes.stream().allMatch(s -> s >= 0), "shape", sizes, "sizes of 0 or more");
  }

  /**
   * Makes a shape.
   *
   * @param sizes the sizes, outermost first
   * @return the shape
   */
  public static Shape of(long... sizes) {
    return new Shape(ImmutableLongArray.copyOf(sizes));
  }

  /** Returns the number of dimensions. */
  public int rank() {
    return sizes.length();
  }

  /**
   * Returns the size of one dimension.
   *
   * @param dimension which one, from 0
   * @return its size
   */
  public long size(int dimension) {
    return sizes.get(dimension);
  }

  /**
   * Returns the number of elements.
   *
   * @throws ArithmeticException if it does not fit a long
   */
  public long elements() {
    long product = 1;
    for (int i = 0; i < sizes.length(); i++) {
      product = Math.multiplyExact(product, sizes.get(i));
    }
    return product;
  }

  @Override
  public String toString() {
    return sizes.stream().mapToObj(Long::toString).collect(Collectors.joining(", ", "(", ")"));
  }
}
