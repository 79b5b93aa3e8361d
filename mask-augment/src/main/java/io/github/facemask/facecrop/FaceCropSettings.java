package io.github.facemask.facecrop;

import static com.google.common.base.Preconditions.checkArgument;
import static io.github.facemask.problem.InvalidArgumentException.check;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSortedMap;
import io.github.facemask.facecrop.FaceCrop.PrimarySubject;
import java.util.LinkedHashMap;
import java.util.Map;

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
 * @param lowestScore faces with a lower score are not used, 0 to 1
 * @param lowestWeight faces with a lower {@link PrimarySubject#weight} are not used, 0 to 1
 */
public record FaceCropSettings(
    Detector detector,
    double beside,
    double above,
    double below,
    boolean square,
    boolean aligned,
    double lowestScore,
    double lowestWeight) {

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
    check(lowestScore >= 0 && lowestScore <= 1, "lowestScore", lowestScore, "0 to 1");
    check(lowestWeight >= 0 && lowestWeight <= 1, "lowestWeight", lowestWeight, "0 to 1");
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
    map.put("lowestScore", lowestScore);
    map.put("lowestWeight", lowestWeight);
    return map;
  }

  /**
   * Returns the settings of square crops with margins for hair and chin.
   *
   * @param detector the face detector
   */
  public static FaceCropSettings of(Detector detector) {
    return new FaceCropSettings(detector, 0.3, 0.35, 0.35, true, false, 0.3, PrimarySubject.LIKELY);
  }
}
