package io.github.facemask.facecrop;

import static com.google.common.base.Preconditions.checkArgument;
import static io.github.facemask.problem.InvalidArgumentException.check;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSortedMap;
import com.google.errorprone.annotations.CheckReturnValue;
import io.github.facemask.facecrop.FaceDetector.Detection;
import io.github.facemask.image.Box;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How faces are found and cropped, as stored in records and model cards. Equal settings give equal
 * crops of a photo. Immutable.
 *
 * @param detector the face detector
 * @param beside the margin to the left and to the right over the face box's width, 0 to 5
 * @param above the margin above the box over its height, 0 to 5
 * @param below the margin below the box over its height, 0 to 5
 * @param square whether the shorter side is widened to the longer one
 * @param aligned whether the crop is turned so that the eyes are level, if the detector finds them
 * @param subject which face is the subject of a photo
 */
public record FaceCropSettings(
    Detector detector,
    double beside,
    double above,
    double below,
    boolean square,
    boolean aligned,
    PrimarySubject subject) {

  /**
   * The settings of a face detector.
   *
   * @param name its name, for instance {@code "cascade"} or {@code "yunet"}
   * @param networkSha256 SHA-256 of the file of its network, in hexadecimal; empty if it has none
   * @param options its numeric options by name
   */
  public record Detector(String name, String networkSha256, Map<String, Double> options) {

    /** Checks the name, and sorts the options. */
    public Detector {
      checkArgument(name != null && !name.isEmpty(), "a face detector has no name");
      checkArgument(networkSha256 != null && options != null, "detector %s is incomplete", name);
      check(
          networkSha256.matches("([0-9a-f]{64})?"),
          "networkSha256",
          networkSha256,
          "64 hexadecimal digits, or none");
      options = ImmutableSortedMap.copyOf(options);
    }

    /** Returns it in words, for messages. */
    @Override
    public String toString() {
      return name
          + (networkSha256.isEmpty() ? "" : " with the network " + networkSha256.substring(0, 8))
          + (options.isEmpty() ? "" : " " + options);
    }
  }

  /** Checks the ranges. */
  public FaceCropSettings {
    checkArgument(detector != null, "face crop settings name no detector");
    checkArgument(
        beside >= 0 && beside <= 5 && above >= 0 && above <= 5 && below >= 0 && below <= 5,
        "margins are %s, %s and %s, expected 0 to 5",
        beside,
        above,
        below);
    checkArgument(subject != null, "face crop settings say not which face is the subject");
  }

  /** Reads settings; those of older versions have two thresholds and no rule. */
  @JsonCreator
  static FaceCropSettings read(
      @JsonProperty("detector") Detector detector,
      @JsonProperty("beside") double beside,
      @JsonProperty("above") double above,
      @JsonProperty("below") double below,
      @JsonProperty("square") boolean square,
      @JsonProperty("aligned") boolean aligned,
      @JsonProperty("lowestScore") double lowestScore,
      @JsonProperty("lowestWeight") double lowestWeight,
      @JsonProperty("subject") PrimarySubject subject) {
    return new FaceCropSettings(
        detector,
        beside,
        above,
        below,
        square,
        aligned,
        subject != null
            ? subject
            : PrimarySubject.PORTRAIT.withThresholds(
                lowestScore, PrimarySubject.NEVER, lowestWeight));
  }

  /** Returns the settings as plain JSON values. */
  public Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put(
        "detector",
        ImmutableMap.of(
            "name", detector.name(),
            "networkSha256", detector.networkSha256(),
            "options", detector.options()));
    map.put("beside", beside);
    map.put("above", above);
    map.put("below", below);
    map.put("square", square);
    map.put("aligned", aligned);
    map.put("subject", subject.toMap());
    return map;
  }

  /**
   * Returns the settings of square crops with margins for hair and chin, and with the rule of the
   * subject that is calibrated for the detector.
   *
   * @param detector the face detector
   */
  public static FaceCropSettings of(Detector detector) {
    return new FaceCropSettings(
        detector, 0.3, 0.35, 0.35, true, false, PrimarySubject.of(detector.name()));
  }

  FaceCropSettings withMargins(double beside, double above, double below) {
    return new FaceCropSettings(detector, beside, above, below, square, aligned, subject);
  }

  FaceCropSettings withSquare(boolean square) {
    return new FaceCropSettings(detector, beside, above, below, square, aligned, subject);
  }

  FaceCropSettings withAligned(boolean aligned) {
    return new FaceCropSettings(detector, beside, above, below, square, aligned, subject);
  }

  FaceCropSettings withSubject(PrimarySubject subject) {
    return new FaceCropSettings(detector, beside, above, below, square, aligned, subject);
  }

  /**
   * Chooses the primary subject of a photo: the face with the largest
   *
   * <pre>weight = side^size * centrality^centrality * score^score * sharpness^sharpness</pre>
   *
   * where the exponents are options, side is the square root of the box's area over the photo's
   * shorter side, centrality is 1 at the middle of the photo's width and 0.4 of its height and
   * falls to 0 at half a diagonal, and sharpness is that of the face over that of the sharpest
   * face. On ties, the first in the list is chosen. A sure face is taken whatever its weight;
   * another face only from a weight on. Immutable.
   *
   * @param lowestScore faces with a lower score are not used, 0 to 1
   * @param sureScore faces with this score or a higher one are sure, 0 to 1, or {@link #NEVER}
   * @param lowestWeight a face that is not sure needs this weight, 0 to 1
   * @param size the exponent of the face's side, 0 to 10
   * @param centrality the exponent of the centrality, 0 to 10
   * @param score the exponent of the score, 0 to 10
   * @param sharpness the exponent of the sharpness, 0 to 10
   * @param holdsSeen whether a fallback crop is widened to hold the largest face seen
   */
  public record PrimarySubject(
      double lowestScore,
      double sureScore,
      double lowestWeight,
      double size,
      double centrality,
      double score,
      double sharpness,
      boolean holdsSeen) {

    /** A sure score that no face has. */
    public static final double NEVER = 2;

    /**
     * The rule of the first version, for portraits: no face is sure by its score alone. A face a
     * quarter of the shorter side wide, in the middle, with a score of 0.5, has the weight 0.18.
     */
    public static final PrimarySubject PORTRAIT =
        new PrimarySubject(0.3, NEVER, 0.1, 1, 2, 0.5, 0, false);

    /**
     * For the cascades. Their score tells little about the subject, and they miss many faces under
     * masks, so the only face found, small and at the edge, is often someone in the background.
     */
    static final PrimarySubject CASCADE =
        new PrimarySubject(0.3, NEVER, 0.1, 1, 2, 0.5, 0.25, true);

    /** For YuNet, whose score tells a face from none. */
    static final PrimarySubject YUNET = new PrimarySubject(0.3, 0.6, 0.05, 1, 2, 0.5, 0.25, true);

    /** For other detectors. */
    static final PrimarySubject OTHER = new PrimarySubject(0.3, 0.6, 0.1, 1, 2, 0.5, 0.25, true);

    private static final double MIDDLE_Y = 0.4;

    /** Checks the ranges. */
    public PrimarySubject {
      check(lowestScore >= 0 && lowestScore <= 1, "lowestScore", lowestScore, "0 to 1");
      check(
          sureScore >= 0 && (sureScore <= 1 || sureScore == NEVER),
          "sureScore",
          sureScore,
          "0 to 1, or 2 for never");
      check(lowestWeight >= 0 && lowestWeight <= 1, "lowestWeight", lowestWeight, "0 to 1");
      for (double exponent : new double[] {size, centrality, score, sharpness}) {
        check(exponent >= 0 && exponent <= 10, "exponent of the subject", exponent, "0 to 10");
      }
    }

    /**
     * Returns the rule that is calibrated for a detector.
     *
     * @param detector the name of the detector, for instance {@code "yunet"}
     * @return its rule, or a general one
     */
    public static PrimarySubject of(String detector) {
      return switch (detector) {
        case CascadeDetector.NAME -> CASCADE;
        case YuNetDetector.NAME -> YUNET;
        default -> OTHER;
      };
    }

    /**
     * Returns the same rule with other thresholds.
     *
     * @param lowestScore faces with a lower score are not used, 0 to 1
     * @param sureScore faces with this score or a higher one are sure, 0 to 1; above 1 for none
     * @param lowestWeight a face that is not sure needs this weight, 0 to 1
     * @return the changed rule
     */
    @CheckReturnValue
    public PrimarySubject withThresholds(
        double lowestScore, double sureScore, double lowestWeight) {
      return new PrimarySubject(
          lowestScore, sureScore, lowestWeight, size, centrality, score, sharpness, holdsSeen);
    }

    /**
     * Returns the same rule with other exponents.
     *
     * @param size the exponent of the face's side, 0 to 10
     * @param centrality the exponent of the centrality, 0 to 10
     * @param score the exponent of the score, 0 to 10
     * @param sharpness the exponent of the sharpness, 0 to 10
     * @return the changed rule
     */
    @CheckReturnValue
    public PrimarySubject withExponents(
        double size, double centrality, double score, double sharpness) {
      return new PrimarySubject(
          lowestScore, sureScore, lowestWeight, size, centrality, score, sharpness, holdsSeen);
    }

    /**
     * Returns the score from which a detection counts as a face where each face of a photo is
     * wanted: that of a sure face, or the lowest score if none is sure.
     */
    public double scoreOfFaces() {
      return sureScore == NEVER ? lowestScore : sureScore;
    }

    List<Detection> usable(List<Detection> faces) {
      return faces.stream().filter(face -> face.score() >= lowestScore).toList();
    }

    /** Returns whether the sharpness of these faces decides. */
    boolean needsSharpness(List<Detection> faces) {
      return sharpness > 0 && usable(faces).size() > 1;
    }

    /**
     * Chooses a face, which may be in the background; see {@link #accepts}.
     *
     * @param faces the faces that were found
     * @param height the photo's height in pixels
     * @param width the photo's width in pixels
     * @return the one with the largest weight, or empty if none has the lowest score
     */
    public Optional<Detection> choose(List<Detection> faces, int height, int width) {
      List<Detection> usable = usable(faces);
      double sharpest = usable.stream().mapToDouble(Detection::sharpness).max().orElse(0);
      Detection best = null;
      double most = -1;
      for (Detection face : usable) {
        double weight = weight(face, height, width);
        if (sharpest > 0) {
          weight *= Math.pow(face.sharpness() / sharpest, sharpness);
        }
        if (weight > most) {
          best = face;
          most = weight;
        }
      }
      return Optional.ofNullable(best);
    }

    /**
     * Returns whether a face is taken: it is sure, or its weight is large enough.
     *
     * @param face the face
     * @param height the photo's height in pixels
     * @param width the photo's width in pixels
     */
    public boolean accepts(Detection face, int height, int width) {
      return face.score() >= sureScore || weight(face, height, width) >= lowestWeight;
    }

    /**
     * Returns the weight of a face without its sharpness, which only compares faces of one photo.
     *
     * @param face the face
     * @param height the photo's height in pixels
     * @param width the photo's width in pixels
     * @return the weight, at least 0
     */
    public double weight(Detection face, int height, int width) {
      Box box = face.box();
      double side = Math.sqrt(box.area()) / Math.min(height, width);
      double distance =
          Math.hypot(box.centerX() - width / 2.0, box.centerY() - height * MIDDLE_Y)
              / (Math.hypot(height, width) / 2);
      return Math.pow(side, size)
          * Math.pow(Math.max(0, 1 - distance), centrality)
          * Math.pow(face.score(), score);
    }

    Map<String, Object> toMap() {
      Map<String, Object> map = new LinkedHashMap<>();
      map.put("lowestScore", lowestScore);
      map.put("sureScore", sureScore);
      map.put("lowestWeight", lowestWeight);
      map.put("size", size);
      map.put("centrality", centrality);
      map.put("score", score);
      map.put("sharpness", sharpness);
      map.put("holdsSeen", holdsSeen);
      return map;
    }
  }
}
