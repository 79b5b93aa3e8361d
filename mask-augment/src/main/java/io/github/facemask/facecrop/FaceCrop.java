package io.github.facemask.facecrop;

import com.google.errorprone.annotations.CheckReturnValue;
import io.github.facemask.facecrop.FaceDetector.Detection;
import io.github.facemask.image.Box;
import io.github.facemask.image.Pixels;
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
    return with(
        new FaceCropSettings(
            settings.detector(),
            beside,
            over,
            under,
            settings.square(),
            settings.aligned(),
            settings.lowestScore(),
            settings.lowestWeight()));
  }

  private FaceCrop with(FaceCropSettings changed) {
    return new FaceCrop(detector, changed);
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
    return withShape(makesSquare, settings.aligned());
  }

  /**
   * Returns the same crop, upright or not: turned around the middle of the face so that the eyes
   * are level. Faces without landmarks are not turned. By default nothing is turned.
   *
   * @param turnsUpright whether it is turned
   * @return the changed crop
   */
  @CheckReturnValue
  public FaceCrop withAligned(boolean turnsUpright) {
    return withShape(settings.square(), turnsUpright);
  }

  private FaceCrop withShape(boolean square, boolean aligned) {
    return with(
        new FaceCropSettings(
            settings.detector(),
            settings.beside(),
            settings.above(),
            settings.below(),
            square,
            aligned,
            settings.lowestScore(),
            settings.lowestWeight()));
  }

  /**
   * Returns the same crop with another threshold.
   *
   * @param score faces with a lower score are recorded but not used, 0 to 1
   * @return the changed crop
   */
  @CheckReturnValue
  public FaceCrop withLowestScore(double score) {
    return withThresholds(score, settings.lowestWeight());
  }

  /**
   * Returns the same crop with another threshold of {@link PrimarySubject#weight}. A face below it
   * counts as a person in the background, even if it is the only one that was found.
   *
   * @param weight 0 to 1; by default {@link PrimarySubject#LIKELY}, for portraits; 0 takes any face
   * @return the changed crop
   */
  @CheckReturnValue
  public FaceCrop withLowestWeight(double weight) {
    return withThresholds(settings.lowestScore(), weight);
  }

  private FaceCrop withThresholds(double score, double weight) {
    return with(
        new FaceCropSettings(
            settings.detector(),
            settings.beside(),
            settings.above(),
            settings.below(),
            settings.square(),
            settings.aligned(),
            score,
            weight));
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
    return decide(photoId, digest, photo.height(), photo.width(), faces);
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

  /** Decides by the faces that the detector found before. */
  CropDecision decide(String photoId, String digest, int height, int width, List<Detection> faces) {
    List<Detection> usable =
        faces.stream().filter(f -> f.score() >= settings.lowestScore()).toList();
    Optional<Detection> subject =
        PrimarySubject.choose(usable, height, width)
            .filter(face -> PrimarySubject.weight(face, height, width) >= settings.lowestWeight());
    if (subject.isEmpty()) {
      return new CropDecision(
          photoId,
          digest,
          height,
          width,
          centre(height, width),
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
            PrimarySubject.weight(face, height, width),
            usable.size()),
        faces.indexOf(face),
        faces,
        settings);
  }

  private String whyNone(List<Detection> faces, List<Detection> usable, int height, int width) {
    if (faces.isEmpty()) {
      return "no face found";
    }
    if (usable.isEmpty()) {
      return faces.size() + " faces found, none with a score of " + settings.lowestScore();
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
        settings.lowestWeight());
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

  /**
   * Chooses the primary subject of a photo: the face with the largest
   *
   * <pre>weight = side * centrality^2 * sqrt(score)</pre>
   *
   * where side is the square root of the box's area over the photo's shorter side, and centrality
   * is 1 at the middle of the photo's width and 0.4 of its height, falling to 0 at half a diagonal.
   * So a small face at the edge is chosen only if no other was found; {@link FaceCrop} then refuses
   * it if its weight is below {@link #LIKELY}. On ties, the first in the list is chosen.
   */
  public static final class PrimarySubject {

    /**
     * The weight from which a face is likely the subject of a portrait. On synthetic photos, faces
     * in the background are below 0.1 and faces of the subject above 0.14; a face a quarter of the
     * shorter side wide, in the middle, with a score of 0.5, has 0.18.
     */
    public static final double LIKELY = 0.1;

    private static final double MIDDLE_Y = 0.4;

    private PrimarySubject() {}

    /**
     * Chooses a face.
     *
     * @param faces the faces that were found
     * @param height the photo's height in pixels
     * @param width the photo's width in pixels
     * @return the primary subject's, or empty if there are no faces
     */
    public static Optional<Detection> choose(List<Detection> faces, int height, int width) {
      Detection best = null;
      for (Detection face : faces) {
        if (best == null || weight(face, height, width) > weight(best, height, width)) {
          best = face;
        }
      }
      return Optional.ofNullable(best);
    }

    /**
     * Returns the weight by which faces are compared.
     *
     * @param face the face
     * @param height the photo's height in pixels
     * @param width the photo's width in pixels
     * @return the weight, at least 0
     */
    public static double weight(Detection face, int height, int width) {
      Box box = face.box();
      double side = Math.sqrt(box.area()) / Math.min(height, width);
      double distance =
          Math.hypot(box.centerX() - width / 2.0, box.centerY() - height * MIDDLE_Y)
              / (Math.hypot(height, width) / 2);
      double centrality = Math.max(0, 1 - distance);
      return side * centrality * centrality * Math.sqrt(face.score());
    }
  }
}
