package io.github.facemask.preprocessing;

import static com.google.common.base.Preconditions.checkArgument;
import static io.github.facemask.problem.InvalidArgumentException.check;

import com.google.common.collect.ImmutableList;

/**
 * One view of a photo for test-time augmentation, within the region that evaluation uses.
 *
 * @param zoom the visible share of the region's sides, above 0 to 1
 * @param x the horizontal position of the visible part, 0 (left) to 1 (right)
 * @param y its vertical position, 0 (top) to 1 (bottom)
 * @param mirrored whether left and right are exchanged
 */
public record View(double zoom, double x, double y, boolean mirrored) {

  /** The whole region that evaluation uses. */
  public static final View WHOLE = new View(1, 0.5, 0.5, false);

  /** The whole region, with left and right exchanged. */
  public static final View FLIPPED = WHOLE.mirror();

  /** Checks the shares. */
  public View {
    check(zoom > 0 && zoom <= 1, "zoom", zoom, "above 0 to 1");
    checkArgument(x >= 0 && x <= 1 && y >= 0 && y <= 1, "place is (%s, %s), expected 0 to 1", x, y);
  }

  /** Returns the same part of the photo with left and right exchanged. */
  public View mirror() {
    return new View(zoom, x, y, !mirrored);
  }

  /** Returns the photo and its mirror image. */
  public static ImmutableList<View> flip() {
    return ImmutableList.of(WHOLE, FLIPPED);
  }

  /**
   * Returns the four corners and the centre, each with its mirror image (Krizhevsky et al., 2012).
   *
   * @param zoom the visible share of the sides in each view, for instance 0.875
   */
  public static ImmutableList<View> tenCrops(double zoom) {
    ImmutableList.Builder<View> views = ImmutableList.builder();
    double[][] places = {{0, 0}, {1, 0}, {0, 1}, {1, 1}, {0.5, 0.5}};
    for (double[] place : places) {
      View view = new View(zoom, place[0], place[1], false);
      views.add(view, view.mirror());
    }
    return views.build();
  }
}
