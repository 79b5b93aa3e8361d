package io.github.facemask.cli.options;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.base.Splitter;
import io.github.facemask.facecrop.FaceCrop;
import io.github.facemask.facecrop.FaceCropSettings;
import io.github.facemask.facecrop.FaceCropSettings.PrimarySubject;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** How a command finds the subject's face and cuts it out. */
@HelpHeading(HelpHeading.Heading.FACES)
public final class CropOptions extends FaceOptions {

  @Option(
      names = "--face-margins",
      paramLabel = "M[,M,M]",
      description = {
        "Margins around the face's box, as shares of its sides: beside, above and below, or one for",
        "all (default: 0.3,0.35,0.35)."
      })
  String margins;

  @Option(
      names = "--align",
      description = "Turn each crop so that the eyes are level; needs a detector that finds eyes.")
  boolean align;

  @Option(
      names = "--lowest-score",
      paramLabel = "P",
      description = "Faces with a lower score are not used (default: 0.3).")
  Double lowestScore;

  @Option(
      names = "--sure-score",
      paramLabel = "P",
      description = {
        "A face with this score or a higher one is taken even if it is small or at the edge",
        "(default: 0.6; for the cascades never)."
      })
  Double sureScore;

  @Option(
      names = "--lowest-weight",
      paramLabel = "W",
      description = {
        "A face that is not sure needs this weight, else it counts as a person in the background",
        "(default: 0.05 for YuNet, otherwise 0.1; 0 takes any face)."
      })
  Double lowestWeight;

  @Option(
      names = "--subject",
      paramLabel = "NAME=N,...",
      description = {
        "The exponents in the weight that chooses among several faces (default:",
        "size=1,centrality=2,score=0.5,sharpness=0.25)."
      })
  String exponents;

  /** Returns the crop by the named or the recommended detector. */
  public FaceCrop crop() throws IOException {
    FaceCrop crop = FaceCrop.by(detector());
    PrimarySubject rule = crop.settings().subject();
    if (lowestScore != null || sureScore != null || lowestWeight != null) {
      rule =
          rule.withThresholds(
              lowestScore == null ? rule.lowestScore() : lowestScore,
              sureScore == null ? rule.sureScore() : sureScore,
              lowestWeight == null ? rule.lowestWeight() : lowestWeight);
    }
    if (exponents != null) {
      rule = withExponents(rule);
    }
    crop = crop.withSubject(rule).withAligned(align);
    if (margins == null) {
      return crop;
    }
    List<Double> sides =
        Splitter.on(',').trimResults().splitToList(margins).stream()
            .map(side -> number("--face-margins", side, margins))
            .toList();
    checkArgument(
        sides.size() == 1 || sides.size() == 3,
        "--face-margins: %s, expected one share or three, for instance 0.3,0.35,0.35",
        margins);
    return crop.withMargins(
        sides.get(0), sides.get(sides.size() == 1 ? 0 : 1), sides.get(sides.size() - 1));
  }

  /** Refuses options that would have no effect, because no crops are made. */
  void refuse(String crops) {
    String given =
        margins != null
            ? "--face-margins"
            : align
                ? "--align"
                : lowestScore != null
                    ? "--lowest-score"
                    : sureScore != null
                        ? "--sure-score"
                        : lowestWeight != null
                            ? "--lowest-weight"
                            : exponents != null ? "--subject" : "";
    checkArgument(
        given.isEmpty(),
        "%s says how crops are made, and goes with --crops auto or with 'mask crop'; here --crops is"
            + " %s",
        given,
        crops);
  }

  private PrimarySubject withExponents(PrimarySubject rule) {
    Map<String, Double> values = new LinkedHashMap<>();
    values.put("size", rule.size());
    values.put("centrality", rule.centrality());
    values.put("score", rule.score());
    values.put("sharpness", rule.sharpness());
    for (String part : Splitter.on(',').trimResults().split(exponents)) {
      List<String> pair = Splitter.on('=').trimResults().splitToList(part);
      checkArgument(
          pair.size() == 2 && values.containsKey(pair.get(0)),
          "--subject: %s, expected for instance size=1,centrality=2,score=0.5,sharpness=0.25",
          exponents);
      values.put(pair.get(0), number("--subject", pair.get(1), exponents));
    }
    return rule.withExponents(
        values.get("size"), values.get("centrality"), values.get("score"), values.get("sharpness"));
  }

  private static double number(String option, String text, String whole) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "%s: %s, expected numbers, found '%s'".formatted(option, whole, text), e);
    }
  }

  /** Returns the crop for settings, with the named detector or the one of the settings. */
  public FaceCrop crop(FaceCropSettings settings) throws IOException {
    return FaceCrop.of(settings, detector(settings));
  }
}
