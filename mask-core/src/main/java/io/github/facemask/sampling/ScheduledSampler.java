package io.github.facemask.sampling;

import static com.google.common.base.Preconditions.checkArgument;
import static io.github.facemask.problem.InvalidArgumentException.check;

import io.github.facemask.dataset.PhotoSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Changes from one way of sampling to another over the epochs of a run. */
final class ScheduledSampler implements PhotoSampler {

  private final Optional<PhotoSampler> first;
  private final PhotoSampler then;
  private final int epochs;

  private ScheduledSampler(Optional<PhotoSampler> first, PhotoSampler then, int epochs) {
    this.first = first;
    this.then = then;
    this.epochs = epochs;
  }

  static ScheduledSampler deferred(PhotoSampler first, PhotoSampler then, int epochs) {
    check(epochs >= 1, "epochs", epochs, "1 or more");
    checkPlain(first);
    checkPlain(then);
    return new ScheduledSampler(Optional.of(first), then, epochs);
  }

  static ScheduledSampler progressive(WeightedSampler balanced, int epochs) {
    check(epochs >= 2, "epochs", epochs, "2 or more");
    return new ScheduledSampler(Optional.empty(), balanced, epochs);
  }

  private static void checkPlain(PhotoSampler sampler) {
    checkArgument(
        !(sampler instanceof ScheduledSampler),
        "a sampler that changes over the epochs is inside of another, expected a fixed one");
  }

  @Override
  public PhotoSampler at(int epoch) {
    if (first.isPresent()) {
      return epoch < epochs ? first.get() : then;
    }
    return ((WeightedSampler) then).towards(Math.min(1, epoch / (epochs - 1.0)));
  }

  @Override
  public int[] epochOrder(PhotoSet photos, long seed, int epoch) {
    return at(epoch).epochOrder(photos, seed, epoch);
  }

  @Override
  public int photosPerEpoch(PhotoSet photos) {
    int length = then.photosPerEpoch(photos);
    if (first.isPresent()) {
      int before = first.get().photosPerEpoch(photos);
      checkArgument(
          before == length,
          "an epoch has %s photos before the change and %s after it, expected the same number",
          before,
          length);
    }
    return length;
  }

  @Override
  public double[] expectedPhotoCounts(PhotoSet photos) {
    return at(0).expectedPhotoCounts(photos);
  }

  @Override
  public Map<String, Object> parameters() {
    Map<String, Object> parameters = new LinkedHashMap<>();
    parameters.put("name", first.isPresent() ? "deferred" : "progressive");
    parameters.put("epochs", epochs);
    first.ifPresent(sampler -> parameters.put("first", sampler.parameters()));
    parameters.put("then", then.parameters());
    return parameters;
  }
}
