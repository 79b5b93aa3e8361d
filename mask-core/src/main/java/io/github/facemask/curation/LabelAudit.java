package io.github.facemask.curation;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.Doubles;
import io.github.facemask.dataset.FacePhoto;
import io.github.facemask.dataset.LabelFixes.Fix;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.evaluation.ConfusionMatrix;
import io.github.facemask.label.FaceClass;
import io.github.facemask.label.FaceLabel;
import io.github.facemask.prediction.PredictionTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Finds labels that are probably wrong, by confident learning (Northcutt, Jiang and Chuang,
 * "Confident learning: estimating uncertainty in dataset labels", JAIR 2021). The threshold of a
 * class is its mean probability on the photos with that label. A photo counts for the most probable
 * class whose threshold it reaches. A label is doubtful if the photo counts for another class, and
 * if another class is more probable than the label. For photos with unknown attributes, the labels
 * with the same known attributes take the place of the classes; photos about which nothing is known
 * are left out.
 *
 * <p>The predictions must be out of fold: made by models that were not trained on the person.
 * Tables of {@code mask evaluate} are out of fold. Immutable.
 */
public final class LabelAudit {

  /** The tolerance of a threshold, for rounding. */
  private static final double SLACK = 1e-6;

  private final int photos;
  private final List<String> runs;
  private final List<Double> thresholds;
  private final ConfusionMatrix joint;
  private final double estimatedNoise;
  private final List<DoubtfulLabel> doubtful;

  private LabelAudit(
      int photos,
      List<String> runs,
      List<Double> thresholds,
      ConfusionMatrix joint,
      double estimatedNoise,
      List<DoubtfulLabel> doubtful) {
    this.photos = photos;
    this.runs = runs;
    this.thresholds = thresholds;
    this.joint = joint;
    this.estimatedNoise = estimatedNoise;
    this.doubtful = doubtful;
  }

  /**
   * Audits the labels of the photos that were predicted.
   *
   * @param set the labelled photos
   * @param outOfFold predictions of some or all of them, each photo in one table
   * @throws IllegalArgumentException if a predicted photo is not in the set, a photo is in two
   *     tables, or the tables are empty
   */
  public static LabelAudit of(PhotoSet set, List<PredictionTable> outOfFold) {
    List<FacePhoto> photos = new ArrayList<>();
    List<float[]> rows = new ArrayList<>();
    gather(set, outOfFold, photos, rows);
    double[] thresholds = thresholds(photos, rows);
    boolean complete = photos.stream().allMatch(photo -> photo.label().complete());
    int size = complete ? FaceClass.COUNT : FaceLabel.COUNT;
    int[] labels = new int[size];
    ConfusionMatrix.Builder joint = ConfusionMatrix.builder(size);
    List<DoubtfulLabel> doubtful = new ArrayList<>();
    for (int i = 0; i < photos.size(); i++) {
      int label = photos.get(i).label().id();
      int counted = countedFor(photos.get(i).label(), rows.get(i), thresholds);
      labels[label]++;
      if (counted >= 0) {
        joint.add(label, counted);
        DoubtfulLabel doubt = doubtful(photos.get(i), counted, rows.get(i));
        if (counted != label && doubt.margin() < 0) {
          doubtful.add(doubt);
        }
      }
    }
    ConfusionMatrix counts = joint.build();
    doubtful.sort(
        Comparator.comparingDouble(DoubtfulLabel::margin)
            .thenComparing(d -> d.photo().photo().id()));
    TreeSet<String> runs = new TreeSet<>();
    outOfFold.forEach(table -> runs.addAll(table.origin().runs()));
    return new LabelAudit(
        photos.size(),
        List.copyOf(runs),
        ImmutableList.copyOf(Doubles.asList(Arrays.copyOf(thresholds, size))),
        counts,
        noise(counts, labels),
        List.copyOf(doubtful));
  }

  private static void gather(
      PhotoSet set, List<PredictionTable> tables, List<FacePhoto> photos, List<float[]> rows) {
    Map<String, FacePhoto> byId = new HashMap<>();
    set.forEach(photo -> byId.put(photo.photo().id(), photo));
    for (PredictionTable table : tables) {
      for (int row = 0; row < table.size(); row++) {
        String id = table.ids().get(row);
        checkArgument(
            set.size() > 0 && byId.containsKey(id),
            "photo '%s' has two predictions or no label; give each labelled photo's prediction"
                + " by one model that did not learn from it",
            id);
        FacePhoto photo = byId.remove(id);
        if (!photo.label().known().isEmpty()) {
          photos.add(photo);
          rows.add(table.probabilities(row));
        }
      }
    }
    checkArgument(!photos.isEmpty(), "the tables have no predictions, expected some");
  }

  private static double[] thresholds(List<FacePhoto> photos, List<float[]> rows) {
    double[] sums = new double[FaceLabel.COUNT];
    int[] counts = new int[FaceLabel.COUNT];
    for (int i = 0; i < rows.size(); i++) {
      FaceLabel label = photos.get(i).label();
      sums[label.id()] += label.probability(rows.get(i));
      counts[label.id()]++;
    }
    for (int id = 0; id < sums.length; id++) {
      // A class without labelled photos cannot be suggested.
      sums[id] = counts[id] == 0 ? Double.POSITIVE_INFINITY : sums[id] / counts[id];
    }
    return sums;
  }

  /** Returns the most probable label whose threshold is reached, or -1. */
  private static int countedFor(FaceLabel label, float[] row, double[] thresholds) {
    int best = -1;
    double highest = 0;
    for (FaceLabel other : alike(label)) {
      double probability = other.probability(row);
      if (probability >= thresholds[other.id()] - SLACK && (best < 0 || probability > highest)) {
        best = other.id();
        highest = probability;
      }
    }
    return best;
  }

  /** The labels with the same known attributes. */
  private static List<FaceLabel> alike(FaceLabel label) {
    return FaceLabel.values().stream().filter(l -> l.known().equals(label.known())).toList();
  }

  private static DoubtfulLabel doubtful(FacePhoto photo, int counted, float[] row) {
    FaceLabel label = photo.label();
    double other = 0;
    for (FaceLabel rival : alike(label)) {
      other = rival.equals(label) ? other : Math.max(other, rival.probability(row));
    }
    FaceLabel suggested = FaceLabel.ofId(counted);
    double probability = label.probability(row);
    return new DoubtfulLabel(
        photo, suggested, probability, suggested.probability(row), probability - other);
  }

  /** Returns how many photos were audited. */
  public int photos() {
    return photos;
  }

  /** Returns the ids of the runs whose models made the predictions. */
  public List<String> runs() {
    return runs;
  }

  /**
   * Returns each class's threshold, at the index of its id, or each label's if attributes of some
   * photos are unknown; infinite for one without photos.
   */
  public List<Double> thresholds() {
    return thresholds;
  }

  /**
   * Returns the confident joint: rows are the labels, columns the classes that the photos count
   * for.
   */
  public ConfusionMatrix joint() {
    return joint;
  }

  /** Returns the doubtful labels, the most doubtful first. */
  public List<DoubtfulLabel> doubtful() {
    return doubtful;
  }

  /**
   * Returns the estimated share of wrong labels, 0 to 1: the confident joint, each row scaled to
   * the photos with that label.
   */
  public double estimatedNoise() {
    return estimatedNoise;
  }

  private static double noise(ConfusionMatrix joint, int[] labels) {
    double wrong = 0;
    double all = 0;
    for (int label = 0; label < labels.length; label++) {
      long counted = joint.support(label);
      all += labels[label];
      if (counted > 0) {
        wrong += labels[label] * (counted - joint.count(label, label)) / (double) counted;
      }
    }
    return wrong / all;
  }

  /** Returns the audit as plain JSON values. */
  public Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("photos", photos);
    json.put("runs", runs);
    json.put(
        "thresholds",
        thresholds.stream().map(t -> Double.isFinite(t) ? (Object) t : "none").toList());
    json.put("joint", joint.cells());
    json.put("estimatedNoise", estimatedNoise());
    List<Object> list = new ArrayList<>();
    for (DoubtfulLabel label : doubtful) {
      Map<String, Object> item = new LinkedHashMap<>();
      item.put("photo", label.photo().photo().id());
      item.put("person", label.photo().person());
      item.put("label", label.photo().label().id());
      item.put("suggested", label.suggested().id());
      item.put("probability", label.probability());
      item.put("suggestedProbability", label.suggestedProbability());
      item.put("margin", label.margin());
      list.add(item);
    }
    json.put("doubtful", list);
    return json;
  }

  /**
   * A photo whose label is doubtful, by a model that was not trained on its person.
   *
   * @param photo the photo with its label
   * @param suggested the label that the model suggests
   * @param probability the probability of the label
   * @param suggestedProbability the probability of the suggested label
   * @param margin the probability of the label minus that of the most probable other class, -1 to
   *     1; lower is more doubtful
   */
  public record DoubtfulLabel(
      FacePhoto photo,
      FaceLabel suggested,
      double probability,
      double suggestedProbability,
      double margin) {

    /**
     * Returns the fixes that change the label to the suggested one: the mask for this photo, gender
     * and age group for all photos of the person.
     *
     * @param source the source of the fix, for instance the reviewer
     */
    public List<Fix> fixes(String source) {
      FaceLabel is = photo.label();
      List<Fix> fixes = new ArrayList<>();
      if (!is.mask().equals(suggested.mask())) {
        String id = photo.photo().id();
        fixes.add(fix(id, Fix.Field.MASK, is.mask(), suggested.mask(), source));
      }
      if (!is.gender().equals(suggested.gender())) {
        fixes.add(fix(photo.person(), Fix.Field.GENDER, is.gender(), suggested.gender(), source));
      }
      if (!is.age().equals(suggested.age())) {
        fixes.add(fix(photo.person(), Fix.Field.AGE_GROUP, is.age(), suggested.age(), source));
      }
      return fixes;
    }

    private static Fix fix(
        String id,
        Fix.Field field,
        Optional<? extends Enum<?>> old,
        Optional<? extends Enum<?>> corrected,
        String source) {
      return new Fix(id, field, lower(old.orElseThrow()), lower(corrected.orElseThrow()), source);
    }

    private static String lower(Enum<?> value) {
      return value.name().toLowerCase(Locale.ROOT);
    }
  }
}
