package io.github.facemask.ensemble;

import ai.djl.ndarray.NDArray;

/** How a member looks at a photo; the same model with two views is test-time augmentation. */
public enum View {
  /** As it is. */
  PLAIN,
  /** Left and right exchanged. */
  FLIPPED;

  /** Returns the photos as the view shows them: uint8 (B, H, W, 3), owned by the same manager. */
  NDArray of(NDArray photos) {
    return this == PLAIN ? photos : photos.flip(2);
  }
}
