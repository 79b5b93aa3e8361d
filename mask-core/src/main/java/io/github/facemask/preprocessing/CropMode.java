package io.github.facemask.preprocessing;

/** What evaluation does with a photo whose sides are not the network's. */
public enum CropMode {
  /** The shorter side is resized to size / ratio, then the centre is cut out. */
  CENTER,
  /** Both sides are resized to size / ratio, whatever the aspect, then the centre is cut out. */
  SQUASH
}
