package io.github.facemask.sampling;

import io.github.facemask.sampling.PersonBalance.Count;
import static com.google.common.base.Preconditions.checkArgument;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.primitives.ImmutableDoubleArray;
import com.google.common.primitives.ImmutableIntArray;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.label.FaceClass;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a sampler showed in an epoch beside what it should show on average, by class and by person.
 *
 * @param epoch the epoch, from 0
 * @param available the photos of each class in the set
 * @param expected how many photos of each class an epoch shows on average
 * @param drawn how many it showed
 * @param people how many different people were shown in each class
 * @param distinctPhotos how many different photos were shown in all
 * @param distinctPeople how many different people were shown in all
 * @param byPerson how evenly people were shown
 */
public record SamplingBalance(
    int epoch,
    ImmutableIntArray available,
    ImmutableDoubleArray expected,
    ImmutableIntArray drawn,
    ImmutableIntArray people,
    int distinctPhotos,
    int distinctPeople,
    PersonBalance byPerson) {

  private static final ObjectMapper JSON = new ObjectMapper();

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
    BitSet shown = new BitSet(photos.size());
    int[] order = sampler.epochOrder(photos, seed, epoch);
    for (int index : order) {
      int id = photos.get(index).faceClass().id();
      drawn[id]++;
      if (!shown.get(index)) {
        shown.set(index);
        people.get(id).add(photos.get(index).person());
        everybody.add(photos.get(index).person());
      }
    }
    double[] expected = sampler.expectedPhotoCounts(photos);
    return new SamplingBalance(
        epoch,
        ImmutableIntArray.copyOf(photos.classCounts()),
        ImmutableDoubleArray.copyOf(sampler.expectedClassCounts(photos)),
        ImmutableIntArray.copyOf(drawn),
        ImmutableIntArray.copyOf(people.stream().mapToInt(Set::size).toArray()),
        shown.cardinality(),
        everybody.size(),
        PersonBalance.of(Count.of(photos, expected, order)));
  }

  /**
   * Returns the sum of (drawn - expected)^2 / expected over the classes. For draws with replacement
   * it follows the chi-square distribution with one degree of freedom less than classes occur;
   * samplers that do not draw independently stay below that.
   */
  public double chiSquare() {
    double sum = 0;
    for (int id = 0; id < expected.length(); id++) {
      double mean = expected.get(id);
      sum += mean > 0 ? (drawn.get(id) - mean) * (drawn.get(id) - mean) / mean : 0;
    }
    return sum;
  }

  /** Returns the record as plain JSON values. */
  public Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("epoch", epoch);
    json.put("available", available.asList());
    json.put("expected", expected.asList());
    json.put("drawn", drawn.asList());
    json.put("chiSquare", chiSquare());
    json.put("people", people.asList());
    json.put("distinctPhotos", distinctPhotos);
    json.put("distinctPeople", distinctPeople);
    json.put("byPerson", byPerson.toJson());
    return json;
  }

  /**
   * Reads what {@link #toJson} gave, for instance from a run's record.
   *
   * @param json the record
   * @return the same balance
   * @throws IllegalArgumentException if it has not 18 classes
   */
  public static SamplingBalance ofJson(Map<String, ?> values) {
    JsonNode json = JSON.valueToTree(values);
    return new SamplingBalance(
        json.path("epoch").asInt(),
        counts(json, "available"),
        expected(json),
        counts(json, "drawn"),
        counts(json, "people"),
        json.path("distinctPhotos").asInt(),
        json.path("distinctPeople").asInt(),
        PersonBalance.ofJson(json.path("byPerson")));
  }

  private static ImmutableIntArray counts(JsonNode json, String name) {
    ImmutableIntArray.Builder counts = ImmutableIntArray.builder();
    json.path(name).forEach(n -> counts.add(n.asInt()));
    ImmutableIntArray all = counts.build();
    checkLength(name, all.length());
    return all;
  }

  private static ImmutableDoubleArray expected(JsonNode json) {
    ImmutableDoubleArray.Builder means = ImmutableDoubleArray.builder();
    json.path("expected").forEach(n -> means.add(n.asDouble()));
    ImmutableDoubleArray all = means.build();
    checkLength("expected", all.length());
    return all;
  }

  private static void checkLength(String name, int length) {
    checkArgument(
        length == FaceClass.COUNT,
        "the balance has %s numbers '%s', expected %s",
        length,
        name,
        FaceClass.COUNT);
  }
}
