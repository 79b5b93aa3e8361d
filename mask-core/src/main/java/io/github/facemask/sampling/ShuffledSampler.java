package io.github.facemask.sampling;

import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.random.RandomStream;
import java.util.Arrays;
import java.util.Map;

/** Shows each photo once an epoch; all orders are equally likely. */
final class ShuffledSampler implements PhotoSampler {

  private ShuffledSampler() {}

  /** Returns the sampler. */
  public static ShuffledSampler create() {
    return new ShuffledSampler();
  }

  @Override
  public int[] epochOrder(PhotoSet photos, long seed, int epoch) {
    int[] order = new int[photos.size()];
    Arrays.setAll(order, i -> i);
    RandomStream.of(seed, "sampler", epoch).shuffle(order);
    return order;
  }

  @Override
  public int photosPerEpoch(PhotoSet photos) {
    return photos.size();
  }

  @Override
  public Map<String, Object> parameters() {
    return Map.of("name", "shuffled");
  }
}
