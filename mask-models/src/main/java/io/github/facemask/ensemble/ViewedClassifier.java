package io.github.facemask.ensemble;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.facemask.inference.PhotoClassifier;

/** A network that sees photos as its member's view shows them. */
record ViewedClassifier(PhotoClassifier network, View view) implements PhotoClassifier {

  @Override
  public NDManager manager() {
    return network.manager();
  }

  @Override
  public NDArray classify(NDArray photos) {
    return network.classify(view.of(photos));
  }

  @Override
  public void close() {
    network.close();
  }
}
