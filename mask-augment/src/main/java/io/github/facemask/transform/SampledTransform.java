package io.github.facemask.transform;

import io.github.facemask.image.Pixels;

/**
 * A change of a photo with all random parameters drawn: an immutable value, usually a record.
 * {@link #applyTo} is deterministic.
 */
@FunctionalInterface
public interface SampledTransform {

  /** Does not change a photo. */
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
   * Returns the changed photo.
   *
   * @param photo the photo, which is not changed
   * @return the changed photo, or the same instance if nothing changes
   */
  Pixels applyTo(Pixels photo);

  /** Returns a short description of the drawn parameters. */
  default String words() {
    return "changed";
  }
}
