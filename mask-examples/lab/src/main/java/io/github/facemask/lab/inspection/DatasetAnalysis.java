package io.github.facemask.lab.inspection;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSortedMap;
import com.google.common.primitives.ImmutableIntArray;
import io.github.facemask.dataset.FacePhoto;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.label.AgeGroup;
import io.github.facemask.label.FaceClass;
import io.github.facemask.label.Gender;
import io.github.facemask.label.MaskState;
import io.github.facemask.provenance.Digest;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The content of a data set.
 *
 * @param digest the digest of the labels
 * @param photos the number of photos
 * @param people the number of people
 * @param classCounts the photos of each class, at the index of its id
 * @param classPeople the people of each class, at the index of its id
 * @param peopleOf the people of each mask state, gender and age group; a person with photos of two
 *     values counts for both
 * @param mixedPeople the number of people with photos of more than one gender or age group, a sign
 *     of wrong labels
 * @param peopleOfAge the number of people of each age in years, by their first photo
 * @param photosPerPerson the number of people with each number of photos
 */
public record DatasetAnalysis(
    Digest digest,
    int photos,
    int people,
    ImmutableIntArray classCounts,
    ImmutableIntArray classPeople,
    ImmutableMap<Enum<?>, Integer> peopleOf,
    int mixedPeople,
    ImmutableSortedMap<Integer, Integer> peopleOfAge,
    ImmutableSortedMap<Integer, Integer> photosPerPerson) {

  /**
   * Counts the photos of a data set.
   *
   * @param set the photos
   */
  public static DatasetAnalysis of(PhotoSet set) {
    int[] classPeople = new int[FaceClass.COUNT];
    Set<String> seen = new HashSet<>();
    Map<String, Integer> ages = new HashMap<>();
    Map<String, Integer> photosOf = new HashMap<>();
    Map<String, Set<Integer>> cellsOf = new HashMap<>();
    Map<Enum<?>, Set<String>> people = new LinkedHashMap<>();
    values().forEach(value -> people.put(value, new HashSet<>()));
    for (FacePhoto photo : set) {
      FaceClass is = photo.faceClass();
      if (seen.add(is.id() + "\t" + photo.person())) {
        classPeople[is.id()]++;
        people.get(is.mask()).add(photo.person());
        people.get(is.gender()).add(photo.person());
        people.get(is.age()).add(photo.person());
      }
      ages.putIfAbsent(photo.person(), photo.ageYears());
      photosOf.merge(photo.person(), 1, Integer::sum);
      cellsOf.computeIfAbsent(photo.person(), p -> new HashSet<>()).add(is.id() % 6);
    }
    return new DatasetAnalysis(
        set.digest(),
        set.size(),
        ages.size(),
        ImmutableIntArray.copyOf(set.classCounts()),
        ImmutableIntArray.copyOf(classPeople),
        people.entrySet().stream()
            .collect(ImmutableMap.toImmutableMap(Map.Entry::getKey, e -> e.getValue().size())),
        (int) cellsOf.values().stream().filter(cells -> cells.size() > 1).count(),
        ImmutableSortedMap.copyOf(histogram(ages)),
        ImmutableSortedMap.copyOf(histogram(photosOf)));
  }

  /** Returns the ratio of the largest class to the smallest non-empty class. */
  public double imbalance() {
    int[] counts = classCounts.stream().filter(c -> c > 0).sorted().toArray();
    return counts.length == 0 ? 1 : counts[counts.length - 1] / (double) counts[0];
  }

  /**
   * Returns the photos with a value of an attribute.
   *
   * @param value a mask state, a gender or an age group
   */
  public int count(Enum<?> value) {
    return FaceClass.values().stream()
        .filter(c -> c.mask() == value || c.gender() == value || c.age() == value)
        .mapToInt(c -> classCounts.get(c.id()))
        .sum();
  }

  /** Returns the values of the three attributes, in the competition's order. */
  public static List<Enum<?>> values() {
    return ImmutableList.<Enum<?>>builder()
        .add(MaskState.values())
        .add(Gender.values())
        .add(AgeGroup.values())
        .build();
  }

  /**
   * Returns the photos of a gender and age group.
   *
   * @param gender the gender
   * @param age the age group
   */
  public int count(Gender gender, AgeGroup age) {
    return FaceClass.values().stream()
        .filter(c -> c.gender() == gender && c.age() == age)
        .mapToInt(c -> classCounts.get(c.id()))
        .sum();
  }

  /** Returns the counts as plain JSON values. */
  public Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("digest", digest.hex());
    json.put("photos", photos);
    json.put("people", people);
    json.put("classCounts", classCounts.asList());
    json.put("classPeople", classPeople.asList());
    json.put("imbalance", imbalance());
    Map<String, Object> attributes = new LinkedHashMap<>();
    for (Enum<?> value : values()) {
      attributes.put(value.name(), Map.of("photos", count(value), "people", peopleOf.get(value)));
    }
    json.put("attributes", attributes);
    json.put("absentClasses", absent());
    json.put("mixedPeople", mixedPeople);
    json.put("peopleOfAge", peopleOfAge);
    json.put("photosPerPerson", photosPerPerson);
    return json;
  }

  private int[] absent() {
    return FaceClass.values().stream()
        .mapToInt(FaceClass::id)
        .filter(id -> classCounts.get(id) == 0)
        .toArray();
  }

  private static SortedMap<Integer, Integer> histogram(Map<String, Integer> values) {
    SortedMap<Integer, Integer> histogram = new TreeMap<>();
    values.values().forEach(value -> histogram.merge(value, 1, Integer::sum));
    return histogram;
  }
}
