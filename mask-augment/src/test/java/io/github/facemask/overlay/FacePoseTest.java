package io.github.facemask.overlay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.facemask.facecrop.FaceDetector.Point;
import io.github.facemask.image.Box;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class FacePoseTest {

  /** Turns a head by yaw, pitch and roll in degrees, with matrices written out one by one. */
  private static List<Point> landmarks(double yaw, double pitch, double roll, double scale) {
    double[][] head = {
      {-0.5, 0, 0}, {0.5, 0, 0}, {0, 0.68, 0.42}, {-0.38, 1.13, 0.1}, {0.38, 1.13, 0.1}
    };
    List<Point> points = new ArrayList<>();
    for (double[] p : head) {
      double y = Math.toRadians(yaw);
      double x1 = Math.cos(y) * p[0] + Math.sin(y) * p[2];
      double z1 = -Math.sin(y) * p[0] + Math.cos(y) * p[2];
      double t = Math.toRadians(pitch);
      double y2 = Math.cos(t) * p[1] - Math.sin(t) * z1;
      double r = Math.toRadians(roll);
      points.add(
          new Point(
              300 + scale * (Math.cos(r) * x1 - Math.sin(r) * y2),
              200 + scale * (Math.sin(r) * x1 + Math.cos(r) * y2)));
    }
    return points;
  }

  @Property(tries = 300)
  void theFittedPosePutsTheLandmarksWhereTheyWere(
      @ForAll @DoubleRange(min = -40, max = 40) double yaw,
      @ForAll @DoubleRange(min = -25, max = 25) double pitch,
      @ForAll @DoubleRange(min = -60, max = 60) double roll,
      @ForAll @DoubleRange(min = 8, max = 400) double scale) {
    List<Point> points = landmarks(yaw, pitch, roll, scale);
    FacePose pose = FacePose.of(new Box(0, 0, 600, 600), points);
    assertThat(pose.x(0, 0.68, 0.42)).isCloseTo(points.get(2).x(), within(0.06 * scale));
    assertThat(pose.y(0, 0.68, 0.42)).isCloseTo(points.get(2).y(), within(0.06 * scale));
    assertThat(pose.x(-0.5, 0, 0)).isCloseTo(points.get(0).x(), within(0.12 * scale));
    assertThat(pose.y(0.5, 0, 0)).isCloseTo(points.get(1).y(), within(0.06 * scale));
    assertThat(pose.scale()).isCloseTo(scale, within(0.12 * scale));
  }

  @Test
  void theSideThatTurnsAwayIsFurtherBack() {
    FacePose right = FacePose.of(new Box(0, 0, 600, 600), landmarks(30, 0, 0, 80));
    FacePose left = FacePose.of(new Box(0, 0, 600, 600), landmarks(-30, 0, 0, 80));
    assertThat(right.depth(-0.9, 1, -0.5)).isGreaterThan(right.depth(0.9, 1, -0.5));
    assertThat(left.depth(-0.9, 1, -0.5)).isLessThan(left.depth(0.9, 1, -0.5));
    assertThat(right.facing()).isBetween(0.75, 0.95);
  }

  @Test
  void aLongChinIsFollowedByTheBox() {
    List<Point> points = landmarks(0, 0, 0, 100);
    FacePose usual = FacePose.of(new Box(190, 100, 410, 387), points);
    FacePose longer = FacePose.of(new Box(190, 100, 410, 397), points);
    assertThat(longer.y(0, 1.87, 0.1)).isCloseTo(usual.y(0, 1.87, 0.1) + 10, within(4.0));
    assertThat(longer.y(0, 1, 0.1)).isCloseTo(usual.y(0, 1, 0.1), within(1e-6));
  }
}
