package io.github.facemask.overlay;

import io.github.facemask.facecrop.FaceDetector.Point;
import io.github.facemask.image.Box;
import java.util.List;

/**
 * Where a head is in a photo: a scaled orthographic camera, fitted to five landmarks, and a small
 * correction for the proportions of this face.
 *
 * <p>Points of a face have the distance between the eyes as their unit. The origin lies between the
 * eyes; x goes to the photo's right, y down and z out of the face. The proportions are means of
 * adults, after L. Farkas, "Anthropometry of the Head and Face", 1994.
 */
final class FacePose {

  /** Eyes, tip of the nose and corners of the mouth, in the order of a detection's landmarks. */
  private static final double[][] LANDMARKS = {
    {-0.5, 0, 0}, {0.5, 0, 0}, {0, 0.68, 0.42}, {-0.38, 1.13, 0.1}, {0.38, 1.13, 0.1}
  };

  private static final double CHIN = 1.87;
  private static final double MOUTH = 1.13;
  private static final double HALF_WIDTH = 1.1;
  private static final int STEPS = 12;
  private static final double SMALL = 1e-4;

  /** How far pitch, yaw and roll differ from 0 in a usual photo, for the fit; in radians. */
  private static final double[] SPREAD = {0.35, 0.6, 1.5};

  private final double[] rotation; // 3 x 3, row by row
  private final double scale;
  private final double left;
  private final double top;
  private final double[] bend; // 2 x 3: a correction that is affine in x and y
  private final double longer; // of the part below the mouth
  private final double wider;

  private FacePose(
      double[] rotation,
      double scale,
      double left,
      double top,
      double[] bend,
      double longer,
      double wider) {
    this.rotation = rotation;
    this.scale = scale;
    this.left = left;
    this.top = top;
    this.bend = bend;
    this.longer = longer;
    this.wider = wider;
  }

  /**
   * Fits a pose.
   *
   * @param box the face's box; its lower edge is about at the chin
   * @param landmarks five points, or none for a level face in the middle of the box
   */
  static FacePose of(Box box, List<Point> landmarks) {
    List<Point> points = landmarks.isEmpty() ? usual(box) : landmarks;
    double[] pose = fit(points);
    double[] rotation = rotation(pose[0], pose[1], pose[2]);
    FacePose plain =
        new FacePose(rotation, Math.exp(pose[3]), pose[4], pose[5], new double[6], 1, 1);
    FacePose bent =
        new FacePose(rotation, plain.scale, plain.left, plain.top, plain.correction(points), 1, 1);
    return landmarks.isEmpty() ? bent : bent.inBox(box);
  }

  /** The landmarks of a level face in a square box from the forehead to the chin. */
  private static List<Point> usual(Box box) {
    return List.of(
        at(box, 0.3, 0.4),
        at(box, 0.7, 0.4),
        at(box, 0.5, 0.63),
        at(box, 0.36, 0.8),
        at(box, 0.64, 0.8));
  }

  private static Point at(Box box, double x, double y) {
    return new Point(box.left() + x * box.width(), box.top() + y * box.height());
  }

  /** Levenberg's method over pitch, yaw, roll, the logarithm of the scale, and the place. */
  private static double[] fit(List<Point> points) {
    Point left = points.get(0);
    Point right = points.get(1);
    double eyes = Math.max(1, Math.hypot(right.x() - left.x(), right.y() - left.y()));
    double mouthX = (points.get(3).x() + points.get(4).x()) / 2;
    double mouthY = (points.get(3).y() + points.get(4).y()) / 2;
    double x = (left.x() + right.x()) / 2;
    double y = (left.y() + right.y()) / 2;
    double size = Math.max(eyes, Math.hypot(mouthX - x, mouthY - y) / MOUTH);
    double[] pose = {
      0, 0, Math.atan2(right.y() - left.y(), right.x() - left.x()), Math.log(size), x, y
    };
    double damping = 1e-3;
    double[] error = errors(pose, points, size);
    for (int step = 0; step < STEPS; step++) {
      double[][] slopes = new double[pose.length][];
      for (int i = 0; i < pose.length; i++) {
        double[] moved = pose.clone();
        double by = i >= 4 ? SMALL * size : SMALL;
        moved[i] += by;
        slopes[i] = errors(moved, points, size);
        for (int j = 0; j < error.length; j++) {
          slopes[i][j] = (slopes[i][j] - error[j]) / by;
        }
      }
      double[][] normal = new double[pose.length][pose.length];
      double[] side = new double[pose.length];
      for (int i = 0; i < pose.length; i++) {
        for (int k = 0; k < pose.length; k++) {
          normal[i][k] = dot(slopes[i], slopes[k]);
        }
        side[i] = -dot(slopes[i], error);
        normal[i][i] *= 1 + damping;
      }
      double[] by = LinearSystem.solve(normal, side);
      double[] next = pose.clone();
      for (int i = 0; i < next.length; i++) {
        next[i] += by[i];
      }
      double[] after = errors(next, points, size);
      if (dot(after, after) < dot(error, error)) {
        pose = next;
        error = after;
        damping /= 5;
      } else {
        damping *= 10;
      }
    }
    return pose;
  }

  private static double[] errors(double[] pose, List<Point> points, double size) {
    double[] rotation = rotation(pose[0], pose[1], pose[2]);
    double scale = Math.exp(pose[3]);
    double[] errors = new double[2 * LANDMARKS.length + SPREAD.length];
    for (int i = 0; i < LANDMARKS.length; i++) {
      double[] p = LANDMARKS[i];
      double x = rotation[0] * p[0] + rotation[1] * p[1] + rotation[2] * p[2];
      double y = rotation[3] * p[0] + rotation[4] * p[1] + rotation[5] * p[2];
      errors[2 * i] = (pose[4] + scale * x - points.get(i).x()) / size;
      errors[2 * i + 1] = (pose[5] + scale * y - points.get(i).y()) / size;
    }
    for (int i = 0; i < SPREAD.length; i++) {
      errors[2 * LANDMARKS.length + i] = 0.05 * pose[i] / SPREAD[i];
    }
    return errors;
  }

  private static double[] rotation(double pitch, double yaw, double roll) {
    double a = Math.cos(pitch);
    double b = Math.sin(pitch);
    double c = Math.cos(yaw);
    double d = Math.sin(yaw);
    double e = Math.cos(roll);
    double f = Math.sin(roll);
    // First the yaw around y, then the pitch around x, then the roll in the photo.
    double[] turned = {c, 0, d, b * d, a, -b * c, -a * d, b, a * c};
    double[] all = new double[9];
    for (int i = 0; i < 3; i++) {
      all[i] = e * turned[i] - f * turned[3 + i];
      all[3 + i] = f * turned[i] + e * turned[3 + i];
      all[6 + i] = turned[6 + i];
    }
    return all;
  }

  /** What is left between the model and the landmarks, as an affine map with a ridge. */
  private double[] correction(List<Point> points) {
    double[] bends = new double[6];
    for (int axis = 0; axis < 2; axis++) {
      double[][] normal = new double[3][3];
      double[] side = new double[3];
      for (int i = 0; i < LANDMARKS.length; i++) {
        double[] p = LANDMARKS[i];
        double[] row = {p[0], p[1] - 0.6, 1};
        double seen = axis == 0 ? points.get(i).x() : points.get(i).y();
        double rest = seen - (axis == 0 ? x(p[0], p[1], p[2]) : y(p[0], p[1], p[2]));
        for (int j = 0; j < 3; j++) {
          for (int k = 0; k < 3; k++) {
            normal[j][k] += row[j] * row[k];
          }
          side[j] += row[j] * rest;
        }
      }
      for (int j = 0; j < 3; j++) {
        normal[j][j] += 0.4;
      }
      System.arraycopy(LinearSystem.solve(normal, side), 0, bends, 3 * axis, 3);
    }
    return bends;
  }

  /** The proportions of the jaw, by the box, as far as it can be trusted. */
  private FacePose inBox(Box box) {
    double facing = facing();
    double down = y(0, CHIN, 0.1) - y(0, MOUTH, 0.1);
    double room = box.bottom() - y(0, MOUTH, 0.1);
    double level = Math.max(0, rotation[4]) * facing;
    double tall = 1 + level * (clamp(room / Math.max(1e-6, down), 0.88, 1.18) - 1);
    double width = x(HALF_WIDTH, 0.6, -0.5) - x(-HALF_WIDTH, 0.6, -0.5);
    double wide = 1 + level * (clamp(box.width() / Math.max(1e-6, width), 0.9, 1.08) - 1);
    return new FacePose(rotation, scale, left, top, bend, tall, wide);
  }

  private static double clamp(double value, double least, double most) {
    return Math.max(least, Math.min(most, value));
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  /** Returns the column of a point of the face in the photo, in pixels. */
  double x(double px, double py, double pz) {
    double qx = wider * px;
    double qy = lengthened(py);
    return left
        + scale * (rotation[0] * qx + rotation[1] * qy + rotation[2] * pz)
        + bend[0] * qx
        + bend[1] * (qy - 0.6)
        + bend[2];
  }

  /** Returns the row of a point of the face in the photo, in pixels. */
  double y(double px, double py, double pz) {
    double qx = wider * px;
    double qy = lengthened(py);
    return top
        + scale * (rotation[3] * qx + rotation[4] * qy + rotation[5] * pz)
        + bend[3] * qx
        + bend[4] * (qy - 0.6)
        + bend[5];
  }

  /** Returns how near a point is to the viewer, in pixels. */
  double depth(double px, double py, double pz) {
    return scale * (rotation[6] * px + rotation[7] * py + rotation[8] * pz);
  }

  private double lengthened(double y) {
    return y <= MOUTH ? y : MOUTH + longer * (y - MOUTH);
  }

  /** Returns the pixels between the eyes of a face that looks at the viewer. */
  double scale() {
    return scale;
  }

  /** Returns how much the face looks at the viewer: 1 for straight, 0 for a profile. */
  double facing() {
    return Math.max(0, rotation[8]);
  }
}
