package io.github.facemask.sampling;

import static com.google.common.base.Preconditions.checkArgument;

import io.github.facemask.dataset.FacePhoto;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.label.FaceLabel;
import io.github.facemask.random.RandomStream;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Weighted draws with a cap on the photos of each person.
 *
 * <p>The expected numbers of photos are found by alternating two projections: each label's photos
 * are scaled to the label's aim, and each person's photos are scaled down to the cap. Both are
 * projections by relative entropy (Csiszar and Tusnady, "Information geometry and alternating
 * minimization procedures", 1984). Where the cap allows the aim, both hold in the end. Otherwise
 * the cap holds, and the labels' totals are as near to the aim as it allows, by relative entropy.
 *
 * <p>An epoch is a systematic sample of these numbers with the photos of a person side by side. So
 * a person's count is the expected one, rounded up or down, and never above the cap.
 */
final class PersonCap {

  private static final int ROUNDS = 200;
  private static final double NEAR = 1e-7;

  /** The weight of one draw. Whole numbers make the cap exact. */
  private static final long UNIT = 1L << 32;

  private final int cap;
  private final boolean replacement;
  private final int total;
  private final double[] weights;
  private final int people;
  private final int[] personOf;
  private final int labels;
  private final int[] labelOf;

  private PersonCap(PhotoSet photos, double[] weights, int cap, boolean replacement, int total) {
    this.cap = cap;
    this.replacement = replacement;
    this.total = total;
    this.weights = weights;
    this.personOf = new int[photos.size()];
    this.labelOf = new int[photos.size()];
    Map<String, Integer> persons = new HashMap<>();
    Map<String, Integer> sets = new HashMap<>();
    for (int i = 0; i < personOf.length; i++) {
      FacePhoto photo = photos.get(i);
      personOf[i] = number(persons, photo.person());
      labelOf[i] = number(sets, photo.set()) * FaceLabel.COUNT + photo.label().id();
    }
    this.people = persons.size();
    this.labels = sets.size() * FaceLabel.COUNT;
    checkArgument(
        total <= capacity(persons.size(), personOf, photo -> weights[photo] > 0, cap, replacement),
        "an epoch of %s photos needs more photos with a weight above 0 than %s of each person;"
            + " raise the cap or ask for fewer photos",
        total,
        cap);
  }

  /** Tells whether a photo counts. */
  @FunctionalInterface
  private interface Counted {
    boolean counts(int photo);
  }

  static PersonCap of(PhotoSet photos, double[] weights, int cap, boolean replacement, int total) {
    return new PersonCap(photos, weights, cap, replacement, total);
  }

  /**
   * Returns the largest number of photos in an epoch. It depends on which photos have a label, and
   * not on the label.
   */
  static long capacity(PhotoSet photos, int cap, boolean replacement) {
    Map<String, Integer> persons = new HashMap<>();
    int[] personOf = new int[photos.size()];
    for (int i = 0; i < personOf.length; i++) {
      personOf[i] = number(persons, photos.get(i).person());
    }
    return capacity(
        persons.size(),
        personOf,
        photo -> !photos.get(photo).label().known().isEmpty(),
        cap,
        replacement);
  }

  private static long capacity(
      int people, int[] personOf, Counted counted, int cap, boolean replacement) {
    int[] drawable = new int[people];
    for (int i = 0; i < personOf.length; i++) {
      drawable[personOf[i]] += counted.counts(i) ? 1 : 0;
    }
    long sum = 0;
    for (int photos : drawable) {
      sum += photos == 0 ? 0 : replacement ? cap : Math.min(cap, photos);
    }
    return sum;
  }

  private static int number(Map<String, Integer> numbers, String name) {
    Integer known = numbers.putIfAbsent(name, numbers.size());
    return known == null ? numbers.size() - 1 : known;
  }

  /** Returns the aim of each photo: its share of the weights. */
  static double[] aim(double[] weights, int total) {
    double sum = Arrays.stream(weights).sum();
    return Arrays.stream(weights).map(w -> total * w / sum).toArray();
  }

  /**
   * Returns the expected number of times that an epoch shows each photo; they sum to its length.
   */
  double[] expected() {
    double[] x = aim(weights, total);
    double[] aims = sums(x, labelOf, labels);
    double[] before = aims;
    for (int round = 0; round < ROUNDS; round++) {
      capPeople(x);
      double[] reached = sums(x, labelOf, labels);
      if (farthest(reached, aims) < NEAR * total || farthest(reached, before) < NEAR * total) {
        return x;
      }
      before = reached;
      for (int i = 0; i < x.length; i++) {
        x[i] *= reached[labelOf[i]] > 0 ? aims[labelOf[i]] / reached[labelOf[i]] : 0;
      }
    }
    capPeople(x);
    return x;
  }

  /** Scales all photos by one factor, and people above the cap by a smaller one. */
  private void capPeople(double[] x) {
    double factor = factor(x);
    double[] sums = new double[people];
    for (int i = 0; i < x.length; i++) {
      x[i] = shown(x[i], factor);
      sums[personOf[i]] += x[i];
    }
    for (int i = 0; i < x.length; i++) {
      double sum = sums[personOf[i]];
      x[i] = sum > cap ? x[i] * cap / sum : x[i];
    }
  }

  private double shown(double x, double factor) {
    return replacement ? x * factor : Math.min(1, x * factor);
  }

  /** Returns the factor with which the capped numbers sum to the epoch's length. */
  private double factor(double[] x) {
    double low = 0;
    double high = 1;
    while (shownWith(x, high) < total * (1 - 1e-12) && high < 1e300) {
      high *= 2;
    }
    for (int i = 0; i < 60; i++) {
      double middle = (low + high) / 2;
      if (shownWith(x, middle) < total) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return high;
  }

  private double shownWith(double[] x, double factor) {
    double[] sums = new double[people];
    for (int i = 0; i < x.length; i++) {
      sums[personOf[i]] += shown(x[i], factor);
    }
    double all = 0;
    for (double sum : sums) {
      all += Math.min(cap, sum);
    }
    return all;
  }

  private static double[] sums(double[] x, int[] groupOf, int groups) {
    double[] sums = new double[groups];
    for (int i = 0; i < x.length; i++) {
      sums[groupOf[i]] += x[i];
    }
    return sums;
  }

  private static double farthest(double[] a, double[] b) {
    double most = 0;
    for (int i = 0; i < a.length; i++) {
      most = Math.max(most, Math.abs(a[i] - b[i]));
    }
    return most;
  }

  /** Draws an epoch. */
  int[] draw(RandomStream random) {
    long[] parts = wholeParts(expected());
    int[][] photosOf = photosOfPeople();
    random.shuffle(photosOf[0]);
    int[] order = new int[total];
    int filled = 0;
    long next = random.nextLong(UNIT);
    long at = 0;
    for (int person : photosOf[0]) {
      int[] own = photosOf[person + 1];
      random.shuffle(own);
      for (int photo : own) {
        at += parts[photo];
        for (; next < at && filled < total; next += UNIT) {
          order[filled++] = photo;
        }
      }
    }
    random.shuffle(order);
    return order;
  }

  /** Returns the numbers of all people, and then the photos of each. */
  private int[][] photosOfPeople() {
    int[] counts = new int[people];
    for (int person : personOf) {
      counts[person]++;
    }
    int[][] photosOf = new int[people + 1][];
    photosOf[0] = new int[people];
    for (int person = 0; person < people; person++) {
      photosOf[0][person] = person;
      photosOf[person + 1] = new int[counts[person]];
    }
    for (int i = personOf.length - 1; i >= 0; i--) {
      photosOf[personOf[i] + 1][--counts[personOf[i]]] = i;
    }
    return photosOf;
  }

  /** Returns the expected numbers in units, whose sums are exact. */
  private long[] wholeParts(double[] expected) {
    long[] parts = new long[expected.length];
    long[] sums = new long[people];
    long limit = cap * UNIT;
    long left = total * UNIT;
    for (int i = 0; i < parts.length; i++) {
      long most = replacement ? limit : UNIT;
      most = Math.min(Math.min(most, limit - sums[personOf[i]]), left);
      parts[i] = Math.min((long) (expected[i] * UNIT), most);
      sums[personOf[i]] += parts[i];
      left -= parts[i];
    }
    // What rounding down left over.
    for (int i = 0; i < parts.length && left > 0; i++) {
      if (weights[i] > 0) {
        long room = limit - sums[personOf[i]];
        long more = Math.min(left, replacement ? room : Math.min(room, UNIT - parts[i]));
        parts[i] += more;
        sums[personOf[i]] += more;
        left -= more;
      }
    }
    return parts;
  }
}
