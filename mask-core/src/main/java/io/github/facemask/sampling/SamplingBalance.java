package io.github.facemask.sampling;

import com.google.common.primitives.ImmutableDoubleArray;
import com.google.common.primitives.ImmutableIntArray;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.label.FaceClass;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a sampler showed in an epoch beside what it should show on average, by class.
 *
 * @param available the photos of each class in the set
 * @param expected how many photos of each class an epoch shows on average
 * @param drawn how many it showed
 * @param people how many different people were shown in each class
 * @param distinctPhotos how many different photos were shown in all
 * @param distinctPeople how many different people were shown in all
 */
public record SamplingBalance(
    ImmutableIntArray available,
    ImmutableDoubleArray expected,
    ImmutableIntArray drawn,
    ImmutableIntArray people,
    int distinctPhotos,
    int distinctPeople) {

  /**
   * Counts an epoch.
   *
   * @param sampler the sampler
   * @param photos what it draws from
   * @param seed the run's seed
   * @param epoch the epoch, from 0
   */
  public static SamplingBalance of(PhotoSampler sampler, PhotoSet photos, long seed, int epoch) {
    int[] drawn = new int[FaceClass.COUNT];
    List<Set<String>> people = new ArrayList<>();
    for (int id = 0; id < FaceClass.COUNT; id++) {
      people.add(new HashSet<>());
    }
    Set<String> everybody = new HashSet<>();
    Set<Integer> shown = new HashSet<>();
    for (int index : sampler.epochOrder(photos, seed, epoch)) {
      int id = photos.get(index).faceClass().id();
      String person = photos.get(index).person();
      drawn[id]++;
      people.get(id).add(person);
      everybody.add(person);
      shown.add(index);
    }
    return new SamplingBalance(
        ImmutableIntArray.copyOf(photos.classCounts()),
        ImmutableDoubleArray.copyOf(sampler.expectedClassCounts(photos)),
        ImmutableIntArray.copyOf(drawn),
        ImmutableIntArray.copyOf(people.stream().mapToInt(Set::size).toArray()),
        shown.size(),
        everybody.size());
  }

  /** Returns the record as plain JSON values. */
  public Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("available", available.asList());
    json.put("expected", expected.asList());
    json.put("drawn", drawn.asList());
    json.put("people", people.asList());
    json.put("distinctPhotos", distinctPhotos);
    json.put("distinctPeople", distinctPeople);
    return json;
  }
}
