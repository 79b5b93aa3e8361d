package io.github.facemask.sampling;

import io.github.facemask.dataset.PhotoSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How often an epoch showed a person beside how often it should on average.
 *
 * @param person who
 * @param available the person's photos in the set
 * @param expected how many photos of the person an epoch shows on average
 * @param drawn how many it showed; a photo that came twice counts twice
 */
public record PersonCount(String person, int available, double expected, int drawn) {

  /**
   * Counts an epoch for everybody.
   *
   * @param sampler the sampler
   * @param photos what it draws from
   * @param seed the run's seed
   * @param epoch the epoch, from 0
   * @return a count for each person, in the order of their first photo
   */
  public static List<PersonCount> of(PhotoSampler sampler, PhotoSet photos, long seed, int epoch) {
    return of(photos, sampler.expectedPhotoCounts(photos), sampler.epochOrder(photos, seed, epoch));
  }

  static List<PersonCount> of(PhotoSet photos, double[] expectedOfPhoto, int[] order) {
    List<String> people = photos.people();
    Map<String, Integer> places = new HashMap<>();
    for (String person : people) {
      places.put(person, places.size());
    }
    int[] available = new int[people.size()];
    double[] expected = new double[people.size()];
    int[] drawn = new int[people.size()];
    int[] placeOf = new int[photos.size()];
    for (int i = 0; i < placeOf.length; i++) {
      placeOf[i] = places.get(photos.get(i).person());
      available[placeOf[i]]++;
      expected[placeOf[i]] += expectedOfPhoto[i];
    }
    for (int index : order) {
      drawn[placeOf[index]]++;
    }
    List<PersonCount> counts = new ArrayList<>(people.size());
    for (int i = 0; i < available.length; i++) {
      counts.add(new PersonCount(people.get(i), available[i], expected[i], drawn[i]));
    }
    return counts;
  }

  /** Returns how far drawn is from expected, in standard deviations of a Poisson count. */
  public double deviation() {
    return expected > 0 ? (drawn - expected) / Math.sqrt(expected) : 0;
  }
}
