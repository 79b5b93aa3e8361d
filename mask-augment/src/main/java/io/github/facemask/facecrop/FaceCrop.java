package io.github.facemask.facecrop;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.errorprone.annotations.CheckReturnValue;
import io.github.facemask.image.Box;
import io.github.facemask.image.Pixels;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * How photos are cut to the face: a detector, the rule of the {@linkplain PrimarySubject primary
 * subject}, margins around its box, and the crop's aspect. Where no face is found, or only faces in
 * the background, the median of the person's other crops is used, then the centre. Immutable and
 * safe to share between threads.
 */
@CheckReturnValue
public final class FaceCrop {

  private static final double CENTRE_SHARE = 0.75;

  private final FaceDetector detector;
  private final double sides;
  private final double above;
  private final double below;
  private final boolean square;
  private final double lowestScore;
  private final double lowestWeight;

  private FaceCrop(
      FaceDetector detector,
      double sides,
      double above,
      double below,
      boolean square,
      double lowestScore,
      double lowestWeight) {
    this.detector = detector;
    this.sides = sides;
    this.above = above;
    this.below = below;
    this.square = square;
    this.lowestScore = lowestScore;
    this.lowestWeight = lowestWeight;
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
    return new FaceCrop(detector, 0.3, 0.35, 0.35, true, 0.3, PrimarySubject.LIKELY);
  }

  /**
   * Returns the same crop with equal margins.
   *
   * @param share the margin on each side over the face box's side, 0 to 5
   * @return the changed crop
   */
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
  public FaceCrop withMargins(double beside, double over, double under) {
    checkArgument(
        beside >= 0 && beside <= 5 && over >= 0 && over <= 5 && under >= 0 && under <= 5,
        "margins are %s, %s and %s, expected 0 to 5",
        beside,
        over,
        under);
    return new FaceCrop(detector, beside, over, under, square, lowestScore, lowestWeight);
  }

  /**
   * Returns the same crop with or without a fixed aspect.
   *
   * @param makesSquare whether the shorter side is widened to the longer one, as far as the photo
   *     reaches
   * @return the changed crop
   */
  public FaceCrop withSquare(boolean makesSquare) {
    return new FaceCrop(detector, sides, above, below, makesSquare, lowestScore, lowestWeight);
  }

  /**
   * Returns the same crop with another threshold.
   *
   * @param score faces with a lower score are not used, 0 to 1, but recorded
   * @return the changed crop
   */
  public FaceCrop withLowestScore(double score) {
    checkArgument(score >= 0 && score <= 1, "lowest score is %s, expected 0 to 1", score);
    return new FaceCrop(detector, sides, above, below, square, score, lowestWeight);
  }

  /**
   * Returns the same crop with another threshold of {@link PrimarySubject#weight}. A face below it
   * is taken for somebody in the background, even where it is the only one that was found.
   *
   * @param weight 0 to 1; {@link PrimarySubject#LIKELY} unless told, for portraits; 0 takes any
   *     face
   * @return the changed crop
   */
  public FaceCrop withLowestWeight(double weight) {
    checkArgument(weight >= 0 && weight <= 1, "lowest weight is %s, expected 0 to 1", weight);
    return new FaceCrop(detector, sides, above, below, square, lowestScore, weight);
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
    return decide(photoId, digest, photo.height(), photo.width(), detector.detect(photo));
  }

  /** Decides by the faces that the detector found before. */
  CropDecision decide(String photoId, String digest, int height, int width, List<Detection> faces) {
    List<Detection> usable = faces.stream().filter(f -> f.score() >= lowestScore).toList();
    Optional<Detection> subject =
        PrimarySubject.choose(usable, height, width)
            .filter(face -> PrimarySubject.weight(face, height, width) >= lowestWeight);
    if (subject.isEmpty()) {
      return new CropDecision(
          photoId,
          digest,
          height,
          width,
          centre(height, width),
          CropDecision.Rule.CENTER,
          whyNone(faces, usable, height, width) + ": centre",
          -1,
          faces,
          settings());
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
            PrimarySubject.weight(face, height, width),
            usable.size()),
        faces.indexOf(face),
        faces,
        settings());
  }

  private String whyNone(List<Detection> faces, List<Detection> usable, int height, int width) {
    if (faces.isEmpty()) {
      return "no face found";
    }
    if (usable.isEmpty()) {
      return faces.size() + " faces found, none with a score of " + lowestScore;
    }
    double most =
        usable.stream()
            .mapToDouble(face -> PrimarySubject.weight(face, height, width))
            .max()
            .orElseThrow();
    return String.format(
        Locale.ROOT,
        "%d faces found, all in the background (weight at most %.3f, expected %s)",
        usable.size(),
        most,
        lowestWeight);
  }

  /** Returns the detector, margins and aspect in words; the same words mean the same decisions. */
  public String settings() {
    return String.format(
        Locale.ROOT,
        "%s; margins %s beside, %s above, %s below; %s; lowest score %s; lowest weight %s",
        detector.name(),
        sides,
        above,
        below,
        square ? "square" : "any aspect",
        lowestScore,
        lowestWeight);
  }

  /** Returns the choices for a run's record; plain JSON values. */
  public Map<String, Object> parameters() {
    return Map.of("settings", settings());
  }

  /** Adds the margins, makes the aspect, and moves or cuts what reaches over the photo's edge. */
  Box region(Box face, int height, int width) {
    double left = face.left() - sides * face.width();
    double right = face.right() + sides * face.width();
    double top = face.top() - above * face.height();
    double bottom = face.bottom() + below * face.height();
    if (square) {
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

  /** Moves a box into the photo; what is larger than the photo is cut. */
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
