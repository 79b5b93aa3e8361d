package io.github.facemask.dataset;

import static io.github.facemask.problem.InvalidArgumentException.check;

import io.github.facemask.provenance.Digest;
import java.util.Map;
import java.util.Objects;

/**
 * Splits a set of photos in two by person. No person is on both sides, and the validation side gets
 * its share of every class. A class of two or more people is on both sides.
 */
public final class PersonSplit {

  private final Split split;
  private final Digest digest;

  private PersonSplit(Split split, Digest digest) {
    this.split = split;
    this.digest = digest;
  }

  /**
   * Returns a builder of a split.
   *
   * @param photos the photos to split
   * @return a builder
   */
  public static Builder builder(PhotoSet photos) {
    return new Builder(Objects.requireNonNull(photos, "photos"));
  }

  /** Returns the two sides. */
  public Split split() {
    return split;
  }

  /** Returns a digest of the people of each side. */
  public Digest digest() {
    return digest;
  }

  /** Builder of {@link PersonSplit}. */
  public static final class Builder {

    private final PhotoSet photos;
    private double validationShare = 0.2;
    private long seed;

    private Builder(PhotoSet photos) {
      this.photos = photos;
    }

    /** Sets the share to validate on, between 0 and 1; 0.2 by default. */
    public Builder optValidationShare(double validationShare) {
      this.validationShare = validationShare;
      return this;
    }

    /** Sets the seed of the split; 0 by default. */
    public Builder optSeed(long seed) {
      this.seed = seed;
      return this;
    }

    /**
     * Splits the people.
     *
     * @return the split
     * @throws IllegalArgumentException if the share is not between 0 and 1 or there is one person
     */
    public PersonSplit build() {
      check(
          validationShare > 0 && validationShare < 1,
          "validationShare",
          validationShare,
          "a share between 0 and 1");
      int people = photos.people().size();
      check(
          people >= 2,
          "people",
          people,
          "2 or more to split by person",
          "add photos of other people");
      double[] targets = {1 - validationShare, validationShare};
      Map<String, Integer> sideOf = FoldAssignment.deal(photos, targets, seed);
      return new PersonSplit(PersonFolds.side(photos, sideOf, 1), PersonFolds.digest(sideOf));
    }
  }
}
