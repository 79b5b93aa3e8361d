package io.github.facemask.sampling;

import static com.google.common.base.Preconditions.checkArgument;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedMap;
import com.google.common.primitives.Doubles;
import com.google.common.primitives.Ints;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.label.FaceClass;
import io.github.facemask.label.FaceLabel;
import io.github.facemask.sampling.SamplingBalance.PersonBalance.Count;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Compares the photos that a sampler showed in an epoch with the expected averages, by class and by
 * person.
 *
 * @param epoch the epoch, from 0
 * @param available the photos of each class in the set: 18 numbers, or 48 for each {@link
 *     FaceLabel} if the set has photos with unknown attributes
 * @param expected the average number of photos of each class or label in an epoch
 * @param drawn the number of photos of each class or label that were shown
 * @param people the number of different people shown in each class or label
 * @param distinctPhotos the number of different photos shown
 * @param distinctPeople the number of different people shown
 * @param byPerson the balance by person
 * @param bySet the balance of several joined sets, in order; empty for a single set
 * @param cap where a cap on the photos of a person bound; empty without a cap
 */
public record SamplingBalance(
    int epoch,
    List<Integer> available,
    List<Double> expected,
    List<Integer> drawn,
    List<Integer> people,
    int distinctPhotos,
    int distinctPeople,
    PersonBalance byPerson,
    ImmutableList<SetCount> bySet,
    Optional<CapCount> cap) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Counts the photos of an epoch.
   *
   * @param sampler the sampler
   * @param photos the photos that it draws from
   * @param seed the run's seed
   * @param epoch the epoch, from 0
   */
  public static SamplingBalance of(PhotoSampler sampler, PhotoSet photos, long seed, int epoch) {
    return ofEpoch(sampler.at(epoch), photos, seed, epoch);
  }

  private static SamplingBalance ofEpoch(
      PhotoSampler sampler, PhotoSet photos, long seed, int epoch) {
    int labels = photos.complete() ? FaceClass.COUNT : FaceLabel.COUNT;
    int[] drawn = new int[labels];
    List<Set<String>> people = new ArrayList<>();
    for (int id = 0; id < labels; id++) {
      people.add(new HashSet<>());
    }
    Set<String> everybody = new HashSet<>();
    BitSet shown = new BitSet(photos.size());
    int[] order = sampler.epochOrder(photos, seed, epoch);
    for (int index : order) {
      int id = photos.get(index).label().id();
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
        ImmutableList.copyOf(Ints.asList(Arrays.copyOf(photos.labelCounts(), labels))),
        ImmutableList.copyOf(Doubles.asList(Arrays.copyOf(byLabel(photos, expected), labels))),
        ImmutableList.copyOf(Ints.asList(drawn)),
        ImmutableList.copyOf(Ints.asList(people.stream().mapToInt(Set::size).toArray())),
        shown.cardinality(),
        everybody.size(),
        PersonBalance.of(Count.of(photos, expected, order)),
        SetCount.of(photos, expected, order),
        CapCount.of(sampler, photos, expected, labels));
  }

  private static double[] byLabel(PhotoSet photos, double[] perPhoto) {
    double[] perLabel = new double[FaceLabel.COUNT];
    for (int i = 0; i < perPhoto.length; i++) {
      perLabel[photos.get(i).label().id()] += perPhoto[i];
    }
    return perLabel;
  }

  /**
   * Where a cap on the photos of a person bound.
   *
   * @param perPerson the most photos of a person in an epoch
   * @param peopleAtCap the number of people who are shown that often on average
   * @param aimed the average number of photos of each class or label without the cap; where it is
   *     above {@link SamplingBalance#expected}, the cap keeps the class below its aim
   */
  public record CapCount(int perPerson, int peopleAtCap, List<Double> aimed) {

    static Optional<CapCount> of(
        PhotoSampler sampler, PhotoSet photos, double[] expectedOfPhoto, int labels) {
      if (sampler.personCap().isEmpty()) {
        return Optional.empty();
      }
      int perPerson = sampler.personCap().getAsInt();
      Map<String, Double> ofPerson = new HashMap<>();
      for (int i = 0; i < expectedOfPhoto.length; i++) {
        ofPerson.merge(photos.get(i).person(), expectedOfPhoto[i], Double::sum);
      }
      double[] aimed = byLabel(photos, sampler.aimedPhotoCounts(photos));
      return Optional.of(
          new CapCount(
              perPerson,
              (int) ofPerson.values().stream().filter(n -> n > perPerson - 1e-6).count(),
              ImmutableList.copyOf(Doubles.asList(Arrays.copyOf(aimed, labels)))));
    }

    Map<String, Object> toJson() {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("perPerson", perPerson);
      json.put("peopleAtCap", peopleAtCap);
      json.put("aimed", aimed);
      return json;
    }

    static Optional<CapCount> ofJson(JsonNode json) {
      return json.isObject()
          ? Optional.of(
              new CapCount(
                  json.path("perPerson").asInt(),
                  json.path("peopleAtCap").asInt(),
                  means(json, "aimed")))
          : Optional.empty();
    }
  }

  /**
   * How many photos of one of several joined sets an epoch showed.
   *
   * @param set the name of the set
   * @param available its photos
   * @param expected the average number of its photos in an epoch
   * @param drawn the number of its photos that were shown; one that was shown twice counts twice
   */
  public record SetCount(String set, int available, double expected, int drawn) {

    static ImmutableList<SetCount> of(PhotoSet photos, double[] expectedOfPhoto, int[] order) {
      ImmutableList.Builder<SetCount> counts = ImmutableList.builder();
      if (photos.sets().size() < 2) {
        return counts.build();
      }
      for (String set : photos.sets()) {
        int available = 0;
        double expected = 0;
        for (int i = 0; i < photos.size(); i++) {
          if (photos.get(i).set().equals(set)) {
            available++;
            expected += expectedOfPhoto[i];
          }
        }
        long drawn =
            Arrays.stream(order).filter(index -> photos.get(index).set().equals(set)).count();
        counts.add(new SetCount(set, available, expected, (int) drawn));
      }
      return counts.build();
    }
  }

  /**
   * Returns the sum of (drawn - expected)^2 / expected over the classes. For draws with replacement
   * it follows the chi-square distribution with one degree of freedom less than the number of
   * classes that occur. Samplers that do not draw independently stay below that.
   */
  public double chiSquare() {
    double sum = 0;
    for (int id = 0; id < expected.size(); id++) {
      double mean = expected.get(id);
      sum += mean > 0 ? (drawn.get(id) - mean) * (drawn.get(id) - mean) / mean : 0;
    }
    return sum;
  }

  /** Returns the record as plain JSON values. */
  public Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("epoch", epoch);
    json.put("available", available);
    json.put("expected", expected);
    json.put("drawn", drawn);
    json.put("chiSquare", chiSquare());
    json.put("people", people);
    json.put("distinctPhotos", distinctPhotos);
    json.put("distinctPeople", distinctPeople);
    json.put("byPerson", byPerson.toJson());
    if (!bySet.isEmpty()) {
      List<Object> sets = new ArrayList<>();
      for (SetCount count : bySet) {
        Map<String, Object> item = new LinkedHashMap<>();
        item.put("set", count.set());
        item.put("available", count.available());
        item.put("expected", count.expected());
        item.put("drawn", count.drawn());
        sets.add(item);
      }
      json.put("bySet", sets);
    }
    cap.ifPresent(count -> json.put("cap", count.toJson()));
    return json;
  }

  /**
   * Reads the result of {@link #toJson}, for instance from a run's record.
   *
   * @param values the record
   * @return the same balance
   * @throws IllegalArgumentException if it does not have 18 classes or 48 labels
   */
  public static SamplingBalance ofJson(Map<String, ?> values) {
    JsonNode json = JSON.valueToTree(values);
    return new SamplingBalance(
        json.path("epoch").asInt(),
        counts(json, "available"),
        means(json, "expected"),
        counts(json, "drawn"),
        counts(json, "people"),
        json.path("distinctPhotos").asInt(),
        json.path("distinctPeople").asInt(),
        PersonBalance.ofJson(json.path("byPerson")),
        sets(json.path("bySet")),
        CapCount.ofJson(json.path("cap")));
  }

  private static ImmutableList<SetCount> sets(JsonNode json) {
    ImmutableList.Builder<SetCount> counts = ImmutableList.builder();
    for (JsonNode item : json) {
      counts.add(
          new SetCount(
              item.path("set").asText(),
              item.path("available").asInt(),
              item.path("expected").asDouble(),
              item.path("drawn").asInt()));
    }
    return counts.build();
  }

  private static List<Integer> counts(JsonNode json, String name) {
    ImmutableList.Builder<Integer> counts = ImmutableList.builder();
    json.path(name).forEach(n -> counts.add(n.asInt()));
    List<Integer> all = counts.build();
    checkLength(name, all.size());
    return all;
  }

  private static List<Double> means(JsonNode json, String name) {
    ImmutableList.Builder<Double> means = ImmutableList.builder();
    json.path(name).forEach(n -> means.add(n.asDouble()));
    List<Double> all = means.build();
    checkLength(name, all.size());
    return all;
  }

  private static void checkLength(String name, int length) {
    checkArgument(
        length == FaceClass.COUNT || length == FaceLabel.COUNT,
        "the balance has %s numbers '%s', expected %s or %s",
        length,
        name,
        FaceClass.COUNT,
        FaceLabel.COUNT);
  }

  /**
   * A summary of how evenly an epoch showed people; {@link Count} has each person.
   *
   * @param people the number of people
   * @param peopleOfDrawn the number of people by the number of times that they were shown
   * @param peopleOfExpected the number of people by the expected number of times, rounded
   * @param chiSquare the sum of (drawn - expected)^2 / expected over the people
   * @param farthest the people whose count is farthest from the expected one, in standard
   *     deviations
   */
  public record PersonBalance(
      int people,
      Map<Integer, Integer> peopleOfDrawn,
      Map<Integer, Integer> peopleOfExpected,
      double chiSquare,
      ImmutableList<Count> farthest) {

    private static final int SHOWN = 10;

    /**
     * Summarizes counts of people.
     *
     * @param counts a count for each person
     */
    public static PersonBalance of(List<Count> counts) {
      TreeMap<Integer, Integer> drawn = new TreeMap<>();
      TreeMap<Integer, Integer> expected = new TreeMap<>();
      double chiSquare = 0;
      for (Count count : counts) {
        drawn.merge(count.drawn(), 1, Integer::sum);
        expected.merge((int) Math.round(count.expected()), 1, Integer::sum);
        chiSquare += count.deviation() * count.deviation();
      }
      List<Count> farthest =
          counts.stream()
              .sorted(
                  Comparator.comparingDouble((Count c) -> -Math.abs(c.deviation()))
                      .thenComparing(Count::person))
              .limit(SHOWN)
              .toList();
      return new PersonBalance(
          counts.size(),
          ImmutableSortedMap.copyOf(drawn),
          ImmutableSortedMap.copyOf(expected),
          chiSquare,
          ImmutableList.copyOf(farthest));
    }

    Map<String, Object> toJson() {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("people", people);
      json.put("peopleOfDrawn", peopleOfDrawn);
      json.put("peopleOfExpected", peopleOfExpected);
      json.put("chiSquare", chiSquare);
      List<Object> list = new ArrayList<>();
      for (Count count : farthest) {
        Map<String, Object> item = new LinkedHashMap<>();
        item.put("person", count.person());
        item.put("available", count.available());
        item.put("expected", count.expected());
        item.put("drawn", count.drawn());
        list.add(item);
      }
      json.put("farthest", list);
      return json;
    }

    static PersonBalance ofJson(JsonNode json) {
      ImmutableList.Builder<Count> farthest = ImmutableList.builder();
      for (JsonNode item : json.path("farthest")) {
        farthest.add(
            new Count(
                item.path("person").asText(),
                item.path("available").asInt(),
                item.path("expected").asDouble(),
                item.path("drawn").asInt()));
      }
      return new PersonBalance(
          json.path("people").asInt(),
          histogram(json.path("peopleOfDrawn")),
          histogram(json.path("peopleOfExpected")),
          json.path("chiSquare").asDouble(),
          farthest.build());
    }

    private static Map<Integer, Integer> histogram(JsonNode json) {
      TreeMap<Integer, Integer> counts = new TreeMap<>();
      json.properties().forEach(e -> counts.put(Integer.valueOf(e.getKey()), e.getValue().asInt()));
      return ImmutableSortedMap.copyOf(counts);
    }

    /**
     * How often an epoch showed a person, and how often it is expected to.
     *
     * @param person the person
     * @param available the person's photos in the set
     * @param expected the average number of photos of the person in an epoch
     * @param drawn the number of photos that were shown; a photo that was shown twice counts twice
     */
    public record Count(String person, int available, double expected, int drawn) {

      /**
       * Counts the photos of each person in an epoch.
       *
       * @param sampler the sampler
       * @param photos the photos that it draws from
       * @param seed the run's seed
       * @param epoch the epoch, from 0
       * @return a count for each person, in the order of their first photo
       */
      public static List<Count> of(PhotoSampler sampler, PhotoSet photos, long seed, int epoch) {
        return of(
            photos, sampler.expectedPhotoCounts(photos), sampler.epochOrder(photos, seed, epoch));
      }

      static List<Count> of(PhotoSet photos, double[] expectedOfPhoto, int[] order) {
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
        List<Count> counts = new ArrayList<>(people.size());
        for (int i = 0; i < available.length; i++) {
          counts.add(new Count(people.get(i), available[i], expected[i], drawn[i]));
        }
        return counts;
      }

      /** Returns how far drawn is from expected, in standard deviations of a Poisson count. */
      public double deviation() {
        return expected > 0 ? (drawn - expected) / Math.sqrt(expected) : 0;
      }
    }
  }
}
