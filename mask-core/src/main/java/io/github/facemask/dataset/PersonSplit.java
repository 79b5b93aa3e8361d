package io.github.facemask.dataset;

import static io.github.facemask.problem.InvalidArgumentException.check;

import io.github.facemask.provenance.Digest;
import java.util.Map;
import java.util.Objects;

/**
 * Parts a set of photos in two by person: nobody is on both sides, and the validation side gets its
 * share of every class; a class of two or more people is on both sides.
 */
public final class PersonSplit {

  private final Split split;
  private final Digest digest;

  private PersonSplit(Split split, Digest digest) {
    this.split = split;
    this.digest = digest;
  }

  /**
   * Starts a split.
   *
   * @param photos the photos to part
   * @return a builder
   */
  public static Builder builder(PhotoSet photos) {
    return new Builder(Objects.requireNonNull(photos, "photos"));
  }

  /** Returns the two sides. */
  public Split split() {
    return split;
  }

  /** Returns a digest of who is on which side. */
  public Digest digest() {
    return digest;
  }

  /** Collects the choices of a split. */
  public static final class Builder {

    private final PhotoSet photos;
    private double validationShare = 0.2;
    private long seed;

    private Builder(PhotoSet photos) {
      this.photos = photos;
    }

    /** Sets the part to validate on, between 0 and 1; 0.2 unless told. */
    public Builder optValidationShare(double validationShare) {
      this.validationShare = validationShare;
      return this;
    }

    /** Sets the seed of the split; 0 unless told. */
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
      check(people >= 2, "people", people, "2 or more to split by person");
      double[] targets = {1 - validationShare, validationShare};
      Map<String, Integer> sideOf = FoldAssignment.deal(photos, targets, seed);
      return new PersonSplit(PersonFolds.side(photos, sideOf, 1), PersonFolds.digest(sideOf));
    }
  }
}
