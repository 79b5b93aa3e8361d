package io.github.facemask.label;

/** The gender that the labels state; the order is the competition's. */
public enum Gender {
  MALE,
  FEMALE
}
