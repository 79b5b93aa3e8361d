package io.github.facemask.curation;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.Doubles;
import io.github.facemask.dataset.FacePhoto;
import io.github.facemask.dataset.LabelFixes.Fix;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.evaluation.ConfusionMatrix;
import io.github.facemask.label.FaceClass;
import io.github.facemask.prediction.PredictionTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/**
 * Finds labels that are probably wrong, by confident learning (Northcutt, Jiang and Chuang,
 * "Confident learning: estimating uncertainty in dataset labels", JAIR 2021). The threshold of a
 * class is its mean probability on the photos with that label. A photo counts for the most probable
 * class whose threshold it reaches. A label is doubtful if the photo counts for another class, and
 * if another class is more probable than the label.
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
    int[] labels = new int[FaceClass.COUNT];
    ConfusionMatrix.Builder joint = ConfusionMatrix.builder(FaceClass.COUNT);
    List<DoubtfulLabel> doubtful = new ArrayList<>();
    for (int i = 0; i < photos.size(); i++) {
      int label = photos.get(i).faceClass().id();
      int counted = countedFor(rows.get(i), thresholds);
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
        ImmutableList.copyOf(Doubles.asList(thresholds)),
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
        photos.add(byId.remove(id));
        rows.add(table.probabilities(row));
      }
    }
    checkArgument(!photos.isEmpty(), "the tables have no predictions, expected some");
  }

  private static double[] thresholds(List<FacePhoto> photos, List<float[]> rows) {
    double[] sums = new double[FaceClass.COUNT];
    int[] counts = new int[FaceClass.COUNT];
    for (int i = 0; i < rows.size(); i++) {
      int label = photos.get(i).faceClass().id();
      sums[label] += rows.get(i)[label];
      counts[label]++;
    }
    for (int id = 0; id < sums.length; id++) {
      // A class without labelled photos cannot be suggested.
      sums[id] = counts[id] == 0 ? Double.POSITIVE_INFINITY : sums[id] / counts[id];
    }
    return sums;
  }

  /** Returns the most probable class whose threshold is reached, or -1. */
  private static int countedFor(float[] row, double[] thresholds) {
    int best = -1;
    for (int id = 0; id < row.length; id++) {
      if (row[id] >= thresholds[id] - SLACK && (best < 0 || row[id] > row[best])) {
        best = id;
      }
    }
    return best;
  }

  private static DoubtfulLabel doubtful(FacePhoto photo, int counted, float[] row) {
    int label = photo.faceClass().id();
    double other = 0;
    for (int id = 0; id < row.length; id++) {
      other = id == label ? other : Math.max(other, row[id]);
    }
    return new DoubtfulLabel(
        photo, FaceClass.ofId(counted), row[label], row[counted], row[label] - other);
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
   * Returns each class's threshold, at the index of its id; infinite for a class without photos.
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
      item.put("label", label.photo().faceClass().id());
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
   * @param suggested the class that the model suggests
   * @param probability the probability of the label
   * @param suggestedProbability the probability of the suggested class
   * @param margin the probability of the label minus that of the most probable other class, -1 to
   *     1; lower is more doubtful
   */
  public record DoubtfulLabel(
      FacePhoto photo,
      FaceClass suggested,
      double probability,
      double suggestedProbability,
      double margin) {

    /**
     * Returns the fixes that change the label to the suggested class: the mask for this photo,
     * gender and age group for all photos of the person.
     *
     * @param source the source of the fix, for instance the reviewer
     */
    public List<Fix> fixes(String source) {
      FaceClass is = photo.faceClass();
      List<Fix> fixes = new ArrayList<>();
      if (is.mask() != suggested.mask()) {
        String id = photo.photo().id();
        fixes.add(fix(id, Fix.Field.MASK, is.mask(), suggested.mask(), source));
      }
      if (is.gender() != suggested.gender()) {
        fixes.add(fix(photo.person(), Fix.Field.GENDER, is.gender(), suggested.gender(), source));
      }
      if (is.age() != suggested.age()) {
        fixes.add(fix(photo.person(), Fix.Field.AGE_GROUP, is.age(), suggested.age(), source));
      }
      return fixes;
    }

    private static Fix fix(
        String id, Fix.Field field, Enum<?> old, Enum<?> corrected, String source) {
      return new Fix(id, field, lower(old), lower(corrected), source);
    }

    private static String lower(Enum<?> value) {
      return value.name().toLowerCase(Locale.ROOT);
    }
  }
}
