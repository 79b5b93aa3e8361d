package io.github.facemask.sampling;

import static io.github.facemask.problem.InvalidArgumentException.check;

import com.google.common.collect.ImmutableSet;
import com.google.common.primitives.ImmutableIntArray;
import io.github.facemask.dataset.FacePhoto;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.label.AgeGroup;
import io.github.facemask.label.FaceClass;
import io.github.facemask.random.RandomStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Shows photos of some classes several times an epoch and all others once, in random order. With a
 * factor of 2.5, each photo of these classes is shown twice, and half of them, redrawn in each
 * epoch, a third time.
 */
final class OversamplingSampler implements PhotoSampler {

  private final double factor;
  private final ImmutableSet<FaceClass> classes;

  private OversamplingSampler(double factor, ImmutableSet<FaceClass> classes) {
    this.factor = factor;
    this.classes = classes;
  }

  /**
   * Returns a sampler that shows some classes more often.
   *
   * @param factor the average number of times in an epoch, 1 or more
   * @param classes the classes
   */
  public static OversamplingSampler of(double factor, Set<FaceClass> classes) {
    check(factor >= 1 && factor <= 1000, "factor", factor, "1 to 1000");
    check(!classes.isEmpty(), "classes", "", "one or more");
    return new OversamplingSampler(factor, ImmutableSet.copyOf(classes));
  }

  /**
   * Returns a sampler that shows an age group more often.
   *
   * @param factor the average number of times in an epoch, 1 or more
   * @param age the age group
   */
  public static OversamplingSampler ofAge(double factor, AgeGroup age) {
    return of(
        factor,
        FaceClass.values().stream().filter(c -> c.age() == age).collect(Collectors.toSet()));
  }

  @Override
  public int[] epochOrder(PhotoSet photos, long seed, int epoch) {
    RandomStream random = RandomStream.of(seed, "sampler", epoch);
    ImmutableIntArray.Builder shown = ImmutableIntArray.builder(photosPerEpoch(photos));
    ImmutableIntArray.Builder often = ImmutableIntArray.builder();
    for (int i = 0; i < photos.size(); i++) {
      shown.add(i);
      if (chosen(photos.get(i))) {
        often.add(i);
      }
    }
    int[] repeated = often.build().toArray();
    for (int left = extra(repeated.length); left > 0; left -= repeated.length) {
      random.shuffle(repeated);
      for (int i = 0; i < Math.min(left, repeated.length); i++) {
        shown.add(repeated[i]);
      }
    }
    int[] order = shown.build().toArray();
    random.shuffle(order);
    return order;
  }

  @Override
  public int photosPerEpoch(PhotoSet photos) {
    return photos.size() + extra(photosOfClasses(photos));
  }

  @Override
  public double[] expectedPhotoCounts(PhotoSet photos) {
    int often = photosOfClasses(photos);
    double times = often == 0 ? 1 : 1 + extra(often) / (double) often;
    return photos.stream().mapToDouble(p -> chosen(p) ? times : 1).toArray();
  }

  @Override
  public Map<String, Object> parameters() {
    Map<String, Object> parameters = new LinkedHashMap<>();
    parameters.put("name", "oversampling");
    parameters.put("factor", factor);
    parameters.put("classes", classes.stream().map(FaceClass::id).sorted().toList());
    return parameters;
  }

  private int photosOfClasses(PhotoSet photos) {
    return (int) photos.stream().filter(this::chosen).count();
  }

  /** A photo with unknown attributes is chosen if all classes that it may be of are. */
  private boolean chosen(FacePhoto photo) {
    return classes.containsAll(photo.label().classes());
  }

  private int extra(int photos) {
    return Math.toIntExact(Math.round((factor - 1) * photos));
  }
}
