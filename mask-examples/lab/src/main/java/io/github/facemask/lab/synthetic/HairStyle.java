package io.github.facemask.lab.synthetic;

/** The hair styles. */
enum HairStyle {
  CROP,
  SIDE_PART,
  FRINGE,
  RECEDING,
  BOB,
  LONG,
  PERMED,
  TIED_BACK
}
