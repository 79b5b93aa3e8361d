package io.github.facemask.sampling;

import static io.github.facemask.problem.InvalidArgumentException.check;

import com.google.common.primitives.ImmutableIntArray;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.random.RandomStream;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Shows at most a fixed number of photos of each person in an epoch. The photos are redrawn in each
 * epoch and shown in random order. People with many photos then do not outweigh the others.
 */
final class CappedSampler implements PhotoSampler {

  private final int perPerson;

  private CappedSampler(int perPerson) {
    this.perPerson = perPerson;
  }

  /**
   * Returns a sampler with a cap.
   *
   * @param perPerson the largest number of photos of a person in an epoch, 1 or more
   */
  public static CappedSampler perPerson(int perPerson) {
    check(perPerson >= 1, "perPerson", perPerson, "1 or more");
    return new CappedSampler(perPerson);
  }

  @Override
  public int[] epochOrder(PhotoSet photos, long seed, int epoch) {
    int[] order = new int[photos.size()];
    Arrays.setAll(order, i -> i);
    RandomStream.of(seed, "sampler", epoch).shuffle(order);
    Map<String, Integer> shown = new HashMap<>();
    ImmutableIntArray.Builder kept = ImmutableIntArray.builder();
    for (int index : order) {
      if (shown.merge(photos.get(index).person(), 1, Integer::sum) <= perPerson) {
        kept.add(index);
      }
    }
    return kept.build().toArray();
  }

  @Override
  public int photosPerEpoch(PhotoSet photos) {
    return photosOf(photos).values().stream().mapToInt(n -> Math.min(n, perPerson)).sum();
  }

  @Override
  public double[] expectedPhotoCounts(PhotoSet photos) {
    Map<String, Integer> photosOf = photosOf(photos);
    return photos.stream()
        .mapToDouble(p -> Math.min(1, perPerson / (double) photosOf.get(p.person())))
        .toArray();
  }

  @Override
  public Map<String, Object> parameters() {
    Map<String, Object> parameters = new LinkedHashMap<>();
    parameters.put("name", "capped");
    parameters.put("perPerson", perPerson);
    return parameters;
  }

  private static Map<String, Integer> photosOf(PhotoSet photos) {
    Map<String, Integer> photosOf = new HashMap<>();
    photos.forEach(p -> photosOf.merge(p.person(), 1, Integer::sum));
    return photosOf;
  }
}
