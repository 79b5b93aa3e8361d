package io.github.facemask.network;

/** The functions that are applied to each element. */
public enum ActivationKind {
  IDENTITY,
  RELU
}
