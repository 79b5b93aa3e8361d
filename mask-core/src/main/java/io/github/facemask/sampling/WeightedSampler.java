package io.github.facemask.sampling;

import static com.google.common.base.Preconditions.checkArgument;
import static io.github.facemask.problem.InvalidArgumentException.check;

import io.github.facemask.dataset.FacePhoto;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.label.FaceLabel;
import io.github.facemask.provenance.Digest;
import io.github.facemask.random.RandomStream;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * Draws photos by weight, with replacement by default: each draw takes constant time, by an alias
 * table. Without replacement no photo occurs twice: each next photo is drawn by weight from the
 * remaining ones (Efraimidis and Spirakis, "Weighted random sampling with a reservoir", 2006), and
 * the photos are in random order. This takes time linear in the size of the set.
 *
 * <p>A photo with unknown attributes has the mean weight of the classes that agree with its label;
 * a photo about which nothing is known is never drawn. Of several joined sets, each has an equal
 * part of the draws.
 */
public final class WeightedSampler implements PhotoSampler {

  private static final int AS_MANY = -1;

  private final Map<String, Object> name;
  private final Function<PhotoSet, double[]> weights;
  private final boolean replacement;
  private final int photosPerEpoch;
  private final OptionalInt cap;

  private WeightedSampler(
      Map<String, Object> name,
      Function<PhotoSet, double[]> weights,
      boolean replacement,
      int photosPerEpoch,
      OptionalInt cap) {
    this.name = name;
    this.weights = weights;
    this.replacement = replacement;
    this.photosPerEpoch = photosPerEpoch;
    this.cap = cap;
  }

  /**
   * Returns a sampler that draws all photos with a label equally often, so the classes have their
   * natural shares.
   */
  public static WeightedSampler natural() {
    return new WeightedSampler(
        Map.of("weights", "natural"),
        photos -> photos.stream().mapToDouble(p -> p.label().known().isEmpty() ? 0 : 1).toArray(),
        true,
        AS_MANY,
        OptionalInt.empty());
  }

  /** Returns a sampler that shows all classes equally often. */
  public static WeightedSampler inverseFrequency() {
    return byClass(Map.of("weights", "inverse frequency"), ClassWeights::inverseFrequency);
  }

  /** Returns a sampler between the given class frequencies and equal classes. */
  public static WeightedSampler squareRoot() {
    return byClass(Map.of("weights", "square root"), ClassWeights::squareRoot);
  }

  /**
   * Returns a sampler by the effective number of photos, see {@link ClassWeights#effectiveNumber}.
   *
   * @param beta from 0 to below 1
   */
  public static WeightedSampler effectiveNumber(double beta) {
    check(beta >= 0 && beta < 1, "beta", beta, "0 to below 1");
    Map<String, Object> name = new LinkedHashMap<>();
    name.put("weights", "effective number");
    name.put("beta", beta);
    return byClass(name, photos -> ClassWeights.effectiveNumber(photos, beta));
  }

  /**
   * Returns a sampler that gives each photo the weight of its class.
   *
   * @param weights the weights
   */
  public static WeightedSampler of(ClassWeights weights) {
    Map<String, Object> name = new LinkedHashMap<>();
    name.put("weights", "by class");
    name.put("classWeights", weights.values());
    return byClass(name, photos -> weights);
  }

  /**
   * Returns a sampler with a weight for each photo.
   *
   * @param weights the weights of the photos that will be sampled
   */
  public static WeightedSampler of(PhotoWeights weights) {
    Map<String, Object> name = new LinkedHashMap<>();
    name.put("weights", "by photo");
    name.put("photoWeightsDigest", weights.digest().hex());
    return new WeightedSampler(
        name,
        photos -> photos.stream().mapToDouble(weights::of).toArray(),
        true,
        AS_MANY,
        OptionalInt.empty());
  }

  /** Returns the same sampler without replacement: it shows no photo twice in an epoch. */
  public WeightedSampler withoutReplacement() {
    return new WeightedSampler(name, weights, false, photosPerEpoch, cap);
  }

  /**
   * Returns the same sampler with another epoch length; by default an epoch has as many photos as
   * the set.
   *
   * @param photos the number of photos in an epoch, 1 or more
   */
  public WeightedSampler withPhotosPerEpoch(int photos) {
    check(photos >= 1, "photosPerEpoch", photos, "1 or more");
    return new WeightedSampler(name, weights, replacement, photos, cap);
  }

  /**
   * Returns the same sampler with a cap: no person is shown more often in an epoch. The shares of
   * the classes stay as near to the weights' as the cap allows, by relative entropy: other people
   * are shown more often instead. Where that is not possible, {@link SamplingBalance#cap} says so.
   * An epoch is shorter if all people together do not fill it. The draws then depend on each other,
   * with or without replacement.
   *
   * @param photos the largest number of photos of a person in an epoch, 1 or more; a photo that is
   *     shown twice counts twice
   */
  public WeightedSampler withPersonCap(int photos) {
    check(photos >= 1, "personCap", photos, "1 or more");
    return new WeightedSampler(name, weights, replacement, photosPerEpoch, OptionalInt.of(photos));
  }

  /** Returns a sampler between the natural shares, at 0, and this one, at 1. */
  WeightedSampler towards(double share) {
    return new WeightedSampler(
        name, photos -> towards(weights.apply(photos), share), replacement, photosPerEpoch, cap);
  }

  private static double[] towards(double[] perPhoto, double share) {
    double sum = Arrays.stream(perPhoto).sum();
    double weighed = Arrays.stream(perPhoto).filter(w -> w > 0).count();
    return Arrays.stream(perPhoto)
        .map(w -> w > 0 ? (1 - share) / weighed + share * w / sum : 0)
        .toArray();
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if an epoch without replacement needs more photos than there
   *     are with a weight above 0
   */
  @Override
  public int[] epochOrder(PhotoSet photos, long seed, int epoch) {
    double[] perPhoto = weights.apply(photos);
    RandomStream random = RandomStream.of(seed, "sampler", epoch);
    int[] order = new int[photosPerEpoch(photos)];
    if (cap.isPresent()) {
      return capped(photos, perPhoto, order.length).draw(random);
    }
    if (replacement) {
      AliasTable table = new AliasTable(perPhoto);
      Arrays.setAll(order, i -> table.draw(random));
      return order;
    }
    checkWeighed(perPhoto, order.length);
    double[] clocks = clocks(perPhoto, random);
    double last = smallest(clocks, order.length);
    int filled = 0;
    for (int i = 0; i < clocks.length && filled < order.length; i++) {
      if (clocks[i] <= last) {
        order[filled++] = i;
      }
    }
    random.shuffle(order);
    return order;
  }

  @Override
  public int photosPerEpoch(PhotoSet photos) {
    int wanted = photosPerEpoch == AS_MANY ? photos.size() : photosPerEpoch;
    return cap.isEmpty()
        ? wanted
        : (int) Math.min(wanted, PersonCap.capacity(photos, cap.getAsInt(), replacement));
  }

  private PersonCap capped(PhotoSet photos, double[] perPhoto, int length) {
    return PersonCap.of(photos, perPhoto, cap.getAsInt(), replacement, length);
  }

  @Override
  public OptionalInt personCap() {
    return cap;
  }

  @Override
  public double[] aimedPhotoCounts(PhotoSet photos) {
    return cap.isEmpty()
        ? expectedPhotoCounts(photos)
        : uncapped(weights.apply(photos), photosPerEpoch(photos));
  }

  /**
   * {@inheritDoc}
   *
   * <p>Without replacement, the probability of each photo is approximated by that of Poisson
   * sampling with these weights.
   */
  @Override
  public double[] expectedPhotoCounts(PhotoSet photos) {
    double[] perPhoto = weights.apply(photos);
    int n = photosPerEpoch(photos);
    return cap.isEmpty() ? uncapped(perPhoto, n) : capped(photos, perPhoto, n).expected();
  }

  private double[] uncapped(double[] perPhoto, int n) {
    double time = replacement ? n / Arrays.stream(perPhoto).sum() : time(perPhoto, n);
    return Arrays.stream(perPhoto)
        .map(weight -> replacement ? weight * time : -Math.expm1(-weight * time))
        .toArray();
  }

  @Override
  public Map<String, Object> parameters() {
    Map<String, Object> parameters = new LinkedHashMap<>();
    parameters.put("name", "weighted");
    parameters.putAll(name);
    parameters.put("replacement", replacement);
    if (photosPerEpoch != AS_MANY) {
      parameters.put("photosPerEpoch", photosPerEpoch);
    }
    cap.ifPresent(photos -> parameters.put("personCap", photos));
    return parameters;
  }

  private static WeightedSampler byClass(
      Map<String, Object> name, Function<PhotoSet, ClassWeights> classWeights) {
    return new WeightedSampler(
        name, photos -> weightsOfPhotos(photos, classWeights), true, AS_MANY, OptionalInt.empty());
  }

  /** Weighs each set on its own, so that all sets together have equal parts of the draws. */
  private static double[] weightsOfPhotos(
      PhotoSet photos, Function<PhotoSet, ClassWeights> classWeights) {
    Map<String, double[]> bySet = new HashMap<>();
    for (String set : photos.sets()) {
      PhotoSet members = photos.sets().size() == 1 ? photos : photos.only(set);
      bySet.put(set, weightsOfLabels(members, classWeights));
    }
    double[] weights = new double[photos.size()];
    for (int i = 0; i < weights.length; i++) {
      FacePhoto photo = photos.get(i);
      weights[i] = bySet.get(photo.set())[photo.label().id()];
    }
    return weights;
  }

  /** Returns a weight for each label. */
  private static double[] weightsOfLabels(
      PhotoSet photos, Function<PhotoSet, ClassWeights> classWeights) {
    int[] counts = photos.labelCounts();
    double[] weights = new double[FaceLabel.COUNT];
    if (photos.known().isEmpty()) {
      return weights;
    }
    ClassWeights ofClasses = classWeights.apply(photos);
    double sum = 0;
    for (FaceLabel label : FaceLabel.values()) {
      weights[label.id()] = ofClasses.of(label);
      sum += weights[label.id()] * counts[label.id()];
    }
    if (photos.get(0).set().isEmpty() || sum == 0) {
      return weights;
    }
    for (int id = 0; id < weights.length; id++) {
      weights[id] /= sum;
    }
    return weights;
  }

  private static void checkWeighed(double[] perPhoto, int needed) {
    long weighed = Arrays.stream(perPhoto).filter(w -> w > 0).count();
    checkArgument(
        needed <= weighed,
        "an epoch of %s photos without replacement needs as many with a weight above 0,"
            + " there are %s; ask for fewer or sample with replacement",
        needed,
        weighed);
  }

  /** Returns an exponential random time for each photo, with its weight as the rate. */
  private static double[] clocks(double[] perPhoto, RandomStream random) {
    double[] clocks = new double[perPhoto.length];
    for (int i = 0; i < clocks.length; i++) {
      double clock = -Math.log1p(-random.nextDouble());
      clocks[i] = perPhoto[i] > 0 ? clock / perPhoto[i] : Double.POSITIVE_INFINITY;
    }
    return clocks;
  }

  /**
   * Returns the n-th smallest value, in linear time: the order of the drawn photos is shuffled
   * anyway, so they need not be sorted (Hoare, "Algorithm 65: find", 1961).
   */
  private static double smallest(double[] values, int n) {
    double[] part = values.clone();
    int low = 0;
    int high = part.length - 1;
    while (low < high) {
      double pivot = part[(low + high) >>> 1];
      int left = low;
      int right = high;
      while (left <= right) {
        while (part[left] < pivot) {
          left++;
        }
        while (part[right] > pivot) {
          right--;
        }
        if (left <= right) {
          double swap = part[left];
          part[left++] = part[right];
          part[right--] = swap;
        }
      }
      if (n - 1 <= right) {
        high = right;
      } else if (n - 1 >= left) {
        low = left;
      } else {
        break;
      }
    }
    return part[n - 1];
  }

  /** Returns the time by which n photos are drawn on average. */
  private static double time(double[] perPhoto, int n) {
    double low = 0;
    double high = 1;
    while (rung(perPhoto, high) < n && high < 1e300) {
      high *= 2;
    }
    for (int i = 0; i < 100; i++) {
      double middle = (low + high) / 2;
      if (rung(perPhoto, middle) < n) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return high;
  }

  private static double rung(double[] perPhoto, double time) {
    double sum = 0;
    for (double weight : perPhoto) {
      sum += -Math.expm1(-weight * time);
    }
    return sum;
  }

  /** A weight for each photo, by the photo's id. Weights of classes are {@link ClassWeights}. */
  public static final class PhotoWeights {

    private final Map<String, Double> byId;

    private PhotoWeights(Map<String, Double> byId) {
      this.byId = byId;
    }

    /**
     * Computes the weights of photos.
     *
     * @param photos the photos
     * @param weight returns a photo's weight, 0 or more
     * @throws IllegalArgumentException if a weight is negative or not a number, or all are 0
     */
    public static PhotoWeights of(PhotoSet photos, ToDoubleFunction<FacePhoto> weight) {
      Map<String, Double> byId = new HashMap<>();
      double sum = 0;
      for (FacePhoto photo : photos) {
        double value = weight.applyAsDouble(photo);
        checkArgument(
            value >= 0 && value < Double.POSITIVE_INFINITY,
            "the weight of photo '%s' is %s, expected a number of 0 or more",
            photo.photo().id(),
            value);
        byId.put(photo.photo().id(), value);
        sum += value;
      }
      checkArgument(sum > 0, "all photo weights are 0, expected one above 0");
      return new PhotoWeights(byId);
    }

    /**
     * Returns a photo's weight.
     *
     * @param photo the photo
     * @throws IllegalArgumentException if the photo has no weight
     */
    public double of(FacePhoto photo) {
      Double weight = byId.get(photo.photo().id());
      checkArgument(
          weight != null,
          "photo '%s' has no weight; weigh the photos that are sampled",
          photo.photo().id());
      return weight;
    }

    /** Returns a digest of ids and weights, independent of their order. */
    public Digest digest() {
      StringBuilder lines = new StringBuilder();
      new TreeMap<>(byId).forEach((id, w) -> lines.append(id).append('\t').append(w).append('\n'));
      return Digest.ofText(lines.toString());
    }
  }
}
