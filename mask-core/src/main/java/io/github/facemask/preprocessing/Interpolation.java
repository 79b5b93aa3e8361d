package io.github.facemask.preprocessing;

/** How a photo is resized; both are antialiased when they shrink, as Pillow's are. */
public enum Interpolation {
  BILINEAR,
  BICUBIC
}
