package io.github.facemask.transform;

import io.github.facemask.image.Pixels;

/**
 * A change of a photo with all its parameters drawn: an immutable value, usually a record, whose
 * {@link #applyTo} always gives the same result for the same photo.
 */
@FunctionalInterface
public interface SampledTransform {

  /** Leaves a photo as it is. */
  SampledTransform NONE =
      new SampledTransform() {
        @Override
        public Pixels applyTo(Pixels photo) {
          return photo;
        }

        @Override
        public String words() {
          return "unchanged";
        }
      };

  /**
   * Makes the changed photo.
   *
   * @param photo the photo, which stays as it is
   * @return the changed photo, or the same one where nothing changes
   */
  Pixels applyTo(Pixels photo);

  /** Returns what was drawn, in a few words for people. */
  default String words() {
    return "changed";
  }
}
