package io.github.facemask.ensemble;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.facemask.prediction.PhotoClassifier;

/** A member's network with the member's view of photos. */
record MemberClassifier(PhotoClassifier network, Member member) implements PhotoClassifier {

  @Override
  public NDManager manager() {
    return network.manager();
  }

  @Override
  public NDArray classify(NDArray photos) {
    return network.classify(member.see(photos));
  }

  @Override
  public void close() {
    network.close();
  }
}
