package io.github.facemask.facecrop;

import static io.github.facemask.problem.InvalidArgumentException.check;

import com.google.errorprone.annotations.CheckReturnValue;
import io.github.facemask.facecrop.FaceCropSettings.PrimarySubject;
import io.github.facemask.facecrop.FaceDetector.Detection;
import io.github.facemask.image.Box;
import io.github.facemask.image.Pixels;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Crops photos to the face: a detector, the rule of the {@linkplain PrimarySubject primary
 * subject}, margins around its box, and the crop's aspect. If no face is found, or only faces in
 * the background, the median of the person's other crops is used, and without other crops the
 * centre. Immutable and thread-safe.
 */
public final class FaceCrop {

  private static final double CENTRE_SHARE = 0.75;

  private final FaceDetector detector;
  private final FaceCropSettings settings;

  private FaceCrop(FaceDetector detector, FaceCropSettings settings) {
    this.detector = detector;
    this.settings = settings;
  }

  /** Returns the crop by OpenCV's cascades, square, with margins for hair and chin. */
  public static FaceCrop cascade() {
    return by(CascadeDetector.create());
  }

  /**
   * Returns the crop by a detector, square, with margins for hair and chin.
   *
   * @param detector finds the faces
   * @return the crop
   */
  public static FaceCrop by(FaceDetector detector) {
    return new FaceCrop(detector, FaceCropSettings.of(detector.settings()));
  }

  /**
   * Returns the crop with some settings.
   *
   * @param settings how to crop
   * @param detector the detector of the settings
   * @return the crop
   * @throws FaceDetectors.UnavailableException if the detector is another one
   */
  public static FaceCrop of(FaceCropSettings settings, FaceDetector detector)
      throws FaceDetectors.UnavailableException {
    if (!settings.detector().equals(detector.settings())) {
      throw new FaceDetectors.UnavailableException(
          settings.detector(), "the one at hand is " + detector.settings());
    }
    return new FaceCrop(detector, settings);
  }

  /**
   * Returns the same crop with equal margins.
   *
   * @param share the margin on each side over the face box's side, 0 to 5
   * @return the changed crop
   */
  @CheckReturnValue
  public FaceCrop withMargin(double share) {
    return withMargins(share, share, share);
  }

  /**
   * Returns the same crop with other margins.
   *
   * @param beside the margin to the left and to the right over the face box's width, 0 to 5
   * @param over the margin above over its height, for hair, 0 to 5
   * @param under the margin below over its height, for chin or clothes, 0 to 5
   * @return the changed crop
   */
  @CheckReturnValue
  public FaceCrop withMargins(double beside, double over, double under) {
    return new FaceCrop(detector, settings.withMargins(beside, over, under));
  }

  /**
   * Returns the same crop with or without a fixed aspect.
   *
   * @param makesSquare whether the shorter side is widened to the longer one, as far as the photo
   *     reaches
   * @return the changed crop
   */
  @CheckReturnValue
  public FaceCrop withSquare(boolean makesSquare) {
    return new FaceCrop(detector, settings.withSquare(makesSquare));
  }

  /**
   * Returns the same crop, upright or not: turned around the middle of the face so that the eyes
   * are level. By default nothing is turned.
   *
   * @param turnsUpright whether it is turned
   * @return the changed crop
   * @throws IllegalArgumentException if it is to be turned, and the detector finds no landmarks
   */
  @CheckReturnValue
  public FaceCrop withAligned(boolean turnsUpright) {
    check(
        !turnsUpright || detector.findsLandmarks(),
        "aligned",
        "true with the face detector " + settings.detector().name(),
        "a detector that finds eyes, such as YuNet");
    return new FaceCrop(detector, settings.withAligned(turnsUpright));
  }

  /**
   * Returns the same crop with another rule of the subject.
   *
   * @param subject which face is the subject of a photo
   * @return the changed crop
   */
  @CheckReturnValue
  public FaceCrop withSubject(PrimarySubject subject) {
    return new FaceCrop(detector, settings.withSubject(subject));
  }

  /**
   * Returns the same crop with another threshold.
   *
   * @param score faces with a lower score are recorded but not used, 0 to 1
   * @return the changed crop
   */
  @CheckReturnValue
  public FaceCrop withLowestScore(double score) {
    PrimarySubject rule = settings.subject();
    return withSubject(rule.withThresholds(score, rule.sureScore(), rule.lowestWeight()));
  }

  /**
   * Returns the same crop with another threshold of {@link PrimarySubject#weight}. A face below it
   * that is not sure counts as a person in the background, even if it is the only one.
   *
   * @param weight 0 to 1; 0 takes any face
   * @return the changed crop
   */
  @CheckReturnValue
  public FaceCrop withLowestWeight(double weight) {
    PrimarySubject rule = settings.subject();
    return withSubject(rule.withThresholds(rule.lowestScore(), rule.sureScore(), weight));
  }

  /**
   * Decides on one photo by itself; without a usable face the centre is used.
   *
   * @param photoId the photo's name
   * @param digest the SHA-256 of its file
   * @param photo the decoded photo
   * @return the decision
   */
  public CropDecision decide(String photoId, String digest, Pixels photo) {
    return decide(photoId, digest, photo, detector.detect(photo));
  }

  /**
   * Decides on one photo by faces that were found before.
   *
   * @param photoId the photo's name
   * @param digest the SHA-256 of its file
   * @param photo the decoded photo
   * @param faces the faces that {@link #detector} found on it
   * @return the decision
   */
  public CropDecision decide(String photoId, String digest, Pixels photo, List<Detection> faces) {
    List<Detection> measured =
        settings.subject().needsSharpness(faces)
            ? faces.stream()
                .map(face -> face.withSharpness(Sharpness.of(photo, face.box())))
                .toList()
            : faces;
    return decide(photoId, digest, photo.height(), photo.width(), measured);
  }

  /**
   * Cuts one face out of a photo, whichever the main subject is.
   *
   * @param photo the decoded photo
   * @param face a face on it
   * @return a copy of the part: the face with the margins of the settings, turned upright if they
   *     say so
   */
  public Pixels cut(Pixels photo, Detection face) {
    return Upright.cut(
        photo,
        region(face.box(), photo.height(), photo.width()),
        settings.aligned() ? face.roll() : 0);
  }

  /** Decides by faces whose sharpness was measured before, if the rule needs it. */
  CropDecision decide(String photoId, String digest, int height, int width, List<Detection> faces) {
    PrimarySubject rule = settings.subject();
    List<Detection> usable = rule.usable(faces);
    Optional<Detection> best = rule.choose(faces, height, width);
    Optional<Detection> subject = best.filter(face -> rule.accepts(face, height, width));
    if (subject.isEmpty()) {
      return new CropDecision(
          photoId,
          digest,
          height,
          width,
          fallback(faces, centre(height, width), height, width),
          CropDecision.Rule.CENTER,
          whyNone(faces, usable, height, width),
          -1,
          faces,
          settings);
    }
    Detection face = subject.get();
    return new CropDecision(
        photoId,
        digest,
        height,
        width,
        region(face.box(), height, width),
        CropDecision.Rule.PRIMARY_SUBJECT,
        String.format(
            Locale.ROOT,
            "%s face, score %.2f, weight %.3f, first of %d",
            face.source(),
            face.score(),
            rule.weight(face, height, width),
            usable.size()),
        faces.indexOf(face),
        faces,
        settings);
  }

  private String whyNone(List<Detection> faces, List<Detection> usable, int height, int width) {
    PrimarySubject rule = settings.subject();
    if (faces.isEmpty()) {
      return "no face found";
    }
    if (usable.isEmpty()) {
      return faces.size() + " faces found, none with a score of " + rule.lowestScore();
    }
    double most =
        usable.stream().mapToDouble(face -> rule.weight(face, height, width)).max().orElseThrow();
    return String.format(
        Locale.ROOT,
        "%d faces found, all in the background (weight at most %.3f, expected %s)",
        usable.size(),
        most,
        rule.lowestWeight());
  }

  /** Returns a crop, widened so that it holds the largest face seen, whatever its score. */
  Box fallback(List<Detection> faces, Box crop, int height, int width) {
    Optional<Detection> largest =
        faces.stream().max(Comparator.comparingDouble(face -> face.box().area()));
    if (!settings.subject().holdsSeen() || largest.isEmpty()) {
      return crop;
    }
    Box face = region(largest.get().box(), height, width);
    Box both =
        new Box(
            Math.min(crop.left(), face.left()),
            Math.min(crop.top(), face.top()),
            Math.max(crop.right(), face.right()),
            Math.max(crop.bottom(), face.bottom()));
    double side = Math.max(both.width(), both.height());
    return settings.square()
        ? within(
            new Box(
                both.centerX() - side / 2,
                both.centerY() - side / 2,
                both.centerX() + side / 2,
                both.centerY() + side / 2),
            height,
            width)
        : both;
  }

  /** Returns how faces are found and cut; equal settings make equal decisions. */
  public FaceCropSettings settings() {
    return settings;
  }

  /** Returns the face detector. */
  public FaceDetector detector() {
    return detector;
  }

  /** Adds the margins, makes the aspect, and moves or cuts the box at the photo's edge. */
  Box region(Box face, int height, int width) {
    double left = face.left() - settings.beside() * face.width();
    double right = face.right() + settings.beside() * face.width();
    double top = face.top() - settings.above() * face.height();
    double bottom = face.bottom() + settings.below() * face.height();
    if (settings.square()) {
      double side = Math.max(right - left, bottom - top);
      double x = (left + right) / 2;
      double y = (top + bottom) / 2;
      left = x - side / 2;
      right = x + side / 2;
      top = y - side / 2;
      bottom = y + side / 2;
    }
    return within(new Box(left, top, right, bottom), height, width);
  }

  /** Moves a box into the photo; a box larger than the photo is cut. */
  static Box within(Box box, int height, int width) {
    double w = Math.min(box.width(), width);
    double h = Math.min(box.height(), height);
    double left = Math.max(0, Math.min(width - w, box.centerX() - w / 2));
    double top = Math.max(0, Math.min(height - h, box.centerY() - h / 2));
    return new Box(left, top, left + w, top + h);
  }

  static Box centre(int height, int width) {
    double side = CENTRE_SHARE * Math.min(height, width);
    double left = (width - side) / 2;
    double top = Math.max(0, 0.45 * height - side / 2);
    return within(new Box(left, top, left + side, top + side), height, width);
  }
}
