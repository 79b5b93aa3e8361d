package io.github.facemask.lab.synthetic;

/** How hair is worn; the painter knows each. */
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
