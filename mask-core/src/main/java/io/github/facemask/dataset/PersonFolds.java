package io.github.facemask.dataset;

import static io.github.facemask.problem.InvalidArgumentException.check;

import io.github.facemask.label.FaceLabel;
import io.github.facemask.provenance.Digest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Splits a set of photos into K folds by person. No person is in two folds, each fold gets its
 * share of every class, and a class with at least K people is in every fold. The same photos and
 * seed give the same folds, independent of the order of the photos.
 */
public final class PersonFolds {

  private final PhotoSet photos;
  private final int count;
  private final Map<String, Integer> foldOf;

  private PersonFolds(PhotoSet photos, int count, Map<String, Integer> foldOf) {
    this.photos = photos;
    this.count = count;
    this.foldOf = foldOf;
  }

  /**
   * Returns a builder of K folds.
   *
   * @param photos the photos to split
   * @param count the number of folds, 2 or more
   * @return a builder
   */
  public static Builder builder(PhotoSet photos, int count) {
    return new Builder(Objects.requireNonNull(photos, "photos"), count);
  }

  /** Returns the number of folds. */
  public int count() {
    return count;
  }

  /**
   * Returns one fold to validate on and the rest to train on.
   *
   * @param index the fold, from 0
   * @return the two sides
   */
  public Split fold(int index) {
    check(index >= 0 && index < count, "fold", index, "0 to " + (count - 1));
    return side(photos, foldOf, index);
  }

  /** Returns all folds in order. */
  public List<Split> folds() {
    List<Split> folds = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      folds.add(fold(i));
    }
    return folds;
  }

  /** Returns a digest of the people of each fold. */
  public Digest digest() {
    return digest(foldOf);
  }

  static Split side(PhotoSet photos, Map<String, Integer> foldOf, int index) {
    PhotoSet valid = photos.filter(p -> foldOf.get(p.person()) == index);
    PhotoSet train = photos.filter(p -> foldOf.get(p.person()) != index);
    List<String> warnings = new ArrayList<>();
    warnAbsent(photos, train, "training", warnings);
    warnAbsent(photos, valid, "validation", warnings);
    return new Split(train, valid, warnings);
  }

  static Digest digest(Map<String, Integer> foldOf) {
    StringBuilder lines = new StringBuilder();
    new TreeMap<>(foldOf).forEach((p, f) -> lines.append(p).append('\t').append(f).append('\n'));
    return Digest.ofText(lines.toString());
  }

  private static void warnAbsent(PhotoSet all, PhotoSet side, String name, List<String> warnings) {
    int[] had = all.labelCounts();
    int[] has = side.labelCounts();
    for (FaceLabel label : FaceLabel.values()) {
      int id = label.id();
      if (had[id] > 0 && has[id] == 0) {
        warnings.add(
            (label.complete() ? "class " + id + " (" : "label (")
                + label.displayName()
                + ") has no "
                + name
                + " photo: too few people have it");
      }
    }
  }

  /** Builder of {@link PersonFolds}. */
  public static final class Builder {

    private final PhotoSet photos;
    private final int count;
    private long seed;

    private Builder(PhotoSet photos, int count) {
      this.photos = photos;
      this.count = count;
    }

    /** Sets the seed of the assignment; 0 by default. */
    public Builder optSeed(long seed) {
      this.seed = seed;
      return this;
    }

    /**
     * Assigns the people to the folds.
     *
     * @return the folds
     * @throws IllegalArgumentException if there are fewer than two folds or fewer people than folds
     */
    public PersonFolds build() {
      int people = photos.people().size();
      check(count >= 2, "folds", count, "2 or more");
      check(
          people >= count,
          "folds",
          count,
          "at most one a person, of whom the photos show " + people);
      double[] targets = new double[count];
      Arrays.fill(targets, 1.0 / count);
      return new PersonFolds(photos, count, FoldAssignment.deal(photos, targets, seed));
    }
  }
}
