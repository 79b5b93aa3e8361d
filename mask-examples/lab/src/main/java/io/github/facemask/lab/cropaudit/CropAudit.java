package io.github.facemask.lab.cropaudit;

import static io.github.facemask.problem.InvalidArgumentException.check;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.facemask.dataset.FacePhoto;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.facecrop.CropDecision;
import io.github.facemask.facecrop.CropTable;
import io.github.facemask.facecrop.FaceCropSettings.PrimarySubject;
import io.github.facemask.facecrop.FaceDetector.Detection;
import io.github.facemask.image.Box;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Finds crops for manual review: fallbacks, crops unlike the person's others, second faces, small
 * crops, cut-off faces and low scores. Reads decisions only, no photos. Immutable.
 */
public final class CropAudit {

  private static final int FEWEST_FOR_OUTLIERS = 3;
  private static final double EDGE = 0.01;

  private final ImmutableList<AuditedCrop> crops;

  private CropAudit(ImmutableList<AuditedCrop> crops) {
    this.crops = crops;
  }

  /** The limits beyond which a crop is flagged. */
  public static final class Builder {

    private final PhotoSet photos;
    private final CropTable table;
    private double smallest = 0.15;
    private double lowestScore = 0.6;
    private double outlierDistance = 0.5;

    private Builder(PhotoSet photos, CropTable table) {
      this.photos = photos;
      this.table = table;
    }

    /**
     * Sets the smallest size of a crop.
     *
     * @param share the square root of its share of the photo's area, 0 to 1
     * @return this
     */
    public Builder optSmallest(double share) {
      this.smallest = share;
      return this;
    }

    /**
     * Sets the lowest score.
     *
     * @param score 0 to 1
     * @return this
     */
    public Builder withLowestScore(double score) {
      this.lowestScore = score;
      return this;
    }

    /**
     * Sets the largest distance of a crop from the person's median.
     *
     * @param sides the distance of the centres, or the difference of the sides, over the median
     *     side; above 0
     * @return this
     */
    public Builder optOutlierDistance(double sides) {
      this.outlierDistance = sides;
      return this;
    }

    /**
     * Checks all decisions.
     *
     * @return the audit
     * @throws IllegalArgumentException if a limit is out of range or a photo has no decision
     */
    public CropAudit build() {
      check(smallest >= 0 && smallest <= 1, "smallest", smallest, "0 to 1");
      check(lowestScore >= 0 && lowestScore <= 1, "lowestScore", lowestScore, "0 to 1");
      check(outlierDistance > 0, "outlierDistance", outlierDistance, "above 0");
      Map<String, List<CropDecision>> people = new HashMap<>();
      for (FacePhoto photo : photos) {
        CropDecision decision = decision(photo);
        if (!decision.fallback()) {
          people.computeIfAbsent(photo.person(), person -> new ArrayList<>()).add(decision);
        }
      }
      List<AuditedCrop> all = new ArrayList<>();
      for (FacePhoto photo : photos) {
        CropDecision decision = decision(photo);
        List<CropDecision> others = people.getOrDefault(photo.person(), List.of());
        all.add(new AuditedCrop(photo.photo(), photo.person(), decision, flags(decision, others)));
      }
      return new CropAudit(
          ImmutableList.sortedCopyOf(
              Comparator.comparingDouble(AuditedCrop::severity)
                  .reversed()
                  .thenComparing(crop -> crop.photo().id()),
              all));
    }

    private CropDecision decision(FacePhoto photo) {
      return table
          .find(photo.photo().id())
          .orElseThrow(
              () ->
                  new IllegalArgumentException(
                      "the crop table has no decision on photo '"
                          + photo.photo().id()
                          + "', expected one for each photo"));
    }

    private ImmutableMap<Flag, Double> flags(CropDecision decision, List<CropDecision> others) {
      Map<Flag, Double> flags = new EnumMap<>(Flag.class);
      if (decision.rule() == CropDecision.Rule.OWN_BOX) {
        return ImmutableMap.of(); // decided by a person
      }
      if (decision.fallback()) {
        flags.put(Flag.NO_FACE, 3.0);
      }
      double distance = distance(decision, others);
      if (!decision.fallback() && distance > outlierDistance) {
        flags.put(Flag.PERSON_OUTLIER, 2 + Math.min(4, distance));
      }
      double side =
          Math.sqrt(decision.crop().area() / ((double) decision.height() * decision.width()));
      if (side < smallest) {
        flags.put(Flag.TOO_SMALL, 2.0);
      }
      if (decision.chosen() >= 0) {
        flagFace(decision, flags);
      }
      return ImmutableMap.copyOf(flags);
    }

    private void flagFace(CropDecision decision, Map<Flag, Double> flags) {
      Detection face = decision.faces().get(decision.chosen());
      PrimarySubject rule = decision.settings().subject();
      double weight = rule.weight(face, decision.height(), decision.width());
      for (Detection other : decision.faces()) {
        if (other.box().overlap(face.box()) < 0.3) {
          double share = rule.weight(other, decision.height(), decision.width()) / weight;
          flags.merge(Flag.SECOND_FACE, 1 + 2 * Math.min(1, share), Math::max);
        }
      }
      Box box = face.box().scaled(1.0 / decision.width(), 1.0 / decision.height());
      if (box.left() < EDGE
          || box.top() < EDGE
          || box.right() > 1 - EDGE
          || box.bottom() > 1 - EDGE) {
        flags.put(Flag.CUT_OFF, 1.0);
      }
      if (face.score() < lowestScore) {
        flags.put(Flag.LOW_SCORE, 1 + lowestScore - face.score());
      }
    }

    /** Returns a crop's distance from the median of the person's crops, in sides of the median. */
    private static double distance(CropDecision decision, List<CropDecision> others) {
      if (others.size() < FEWEST_FOR_OUTLIERS) {
        return 0;
      }
      double side = median(others, box -> Math.sqrt(box.area()));
      Box own = relative(decision);
      double dx = own.centerX() - median(others, Box::centerX);
      double dy = own.centerY() - median(others, Box::centerY);
      double larger = Math.sqrt(own.area()) - side;
      return Math.max(Math.hypot(dx, dy), Math.abs(larger)) / side;
    }

    /**
     * Returns a crop in units of the photo's shorter side, so that photos of different sizes are
     * comparable.
     */
    private static Box relative(CropDecision decision) {
      double unit = 1.0 / Math.min(decision.height(), decision.width());
      return decision.crop().scaled(unit, unit);
    }

    private static double median(List<CropDecision> decisions, ToDoubleFunction<Box> value) {
      double[] sorted =
          decisions.stream().map(Builder::relative).mapToDouble(value).sorted().toArray();
      return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }
  }

  /**
   * Starts an audit.
   *
   * @param photos the photos
   * @param table a decision on each of them
   * @return a builder for the limits
   */
  public static Builder builder(PhotoSet photos, CropTable table) {
    return new Builder(photos, table);
  }

  /** Returns all crops, worst first. */
  public List<AuditedCrop> crops() {
    return crops;
  }

  /** Returns the crops with at least one flag, worst first. */
  public List<AuditedCrop> flagged() {
    return crops.stream().filter(crop -> !crop.flags().isEmpty()).toList();
  }

  /** Returns the number of crops with each flag. */
  public ImmutableMap<Flag, Integer> counts() {
    ImmutableMap.Builder<Flag, Integer> counts = ImmutableMap.builder();
    for (Flag flag : Flag.values()) {
      counts.put(flag, (int) crops.stream().filter(crop -> crop.flags().containsKey(flag)).count());
    }
    return counts.build();
  }
}
