package io.github.facemask.lab.inspection;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSortedMap;
import com.google.common.primitives.ImmutableIntArray;
import io.github.facemask.dataset.FacePhoto;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.label.AgeGroup;
import io.github.facemask.label.Attribute;
import io.github.facemask.label.FaceClass;
import io.github.facemask.label.FaceLabel;
import io.github.facemask.label.Gender;
import io.github.facemask.label.MaskState;
import io.github.facemask.provenance.Digest;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The content of a data set.
 *
 * @param digest the digest of the labels
 * @param photos the number of photos
 * @param people the number of people
 * @param labelCounts the photos of each label, at the index of its id; the first 18 are the classes
 * @param labelPeople the people of each label, at the index of its id
 * @param peopleOf the people of each mask state, gender and age group; a person with photos of two
 *     values counts for both
 * @param mixedPeople the number of people with photos of more than one gender or age group, a sign
 *     of wrong labels
 * @param peopleOfAge the number of people of each known age in years, by their first photo
 * @param photosPerPerson the number of people with each number of photos
 */
public record DatasetAnalysis(
    Digest digest,
    int photos,
    int people,
    ImmutableIntArray labelCounts,
    ImmutableIntArray labelPeople,
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
    int[] labelPeople = new int[FaceLabel.COUNT];
    Set<String> seen = new HashSet<>();
    Map<String, Integer> ages = new HashMap<>();
    Map<String, Integer> photosOf = new HashMap<>();
    Map<String, Set<Gender>> gendersOf = new HashMap<>();
    Map<String, Set<AgeGroup>> groupsOf = new HashMap<>();
    Map<Enum<?>, Set<String>> people = new LinkedHashMap<>();
    values().forEach(value -> people.put(value, new HashSet<>()));
    for (FacePhoto photo : set) {
      FaceLabel is = photo.label();
      if (seen.add(is.id() + "\t" + photo.person())) {
        labelPeople[is.id()]++;
        Stream.of(is.mask(), is.gender(), is.age())
            .flatMap(Optional::stream)
            .forEach(value -> people.get(value).add(photo.person()));
      }
      photo.ageYears().ifPresent(years -> ages.putIfAbsent(photo.person(), years));
      photosOf.merge(photo.person(), 1, Integer::sum);
      gendersOf
          .computeIfAbsent(photo.person(), p -> new HashSet<>())
          .addAll(is.gender().stream().toList());
      groupsOf
          .computeIfAbsent(photo.person(), p -> new HashSet<>())
          .addAll(is.age().stream().toList());
    }
    return new DatasetAnalysis(
        set.digest(),
        set.size(),
        photosOf.size(),
        ImmutableIntArray.copyOf(set.labelCounts()),
        ImmutableIntArray.copyOf(labelPeople),
        people.entrySet().stream()
            .collect(ImmutableMap.toImmutableMap(Map.Entry::getKey, e -> e.getValue().size())),
        (int)
            photosOf.keySet().stream()
                .filter(p -> gendersOf.get(p).size() > 1 || groupsOf.get(p).size() > 1)
                .count(),
        ImmutableSortedMap.copyOf(histogram(ages)),
        ImmutableSortedMap.copyOf(histogram(photosOf)));
  }

  /** Returns the photos of each class, at the index of its id. */
  public ImmutableIntArray classCounts() {
    return labelCounts.subArray(0, FaceClass.COUNT).trimmed();
  }

  /** Returns the people of each class, at the index of its id. */
  public ImmutableIntArray classPeople() {
    return labelPeople.subArray(0, FaceClass.COUNT).trimmed();
  }

  /** Returns the number of photos of which an attribute is unknown. */
  public int unknown(Attribute attribute) {
    return FaceLabel.values().stream()
        .filter(label -> !label.known().contains(attribute))
        .mapToInt(label -> labelCounts.get(label.id()))
        .sum();
  }

  /** Returns the ratio of the largest class or label to the smallest non-empty one. */
  public double imbalance() {
    int[] counts = labelCounts.stream().filter(c -> c > 0).sorted().toArray();
    return counts.length == 0 ? 1 : counts[counts.length - 1] / (double) counts[0];
  }

  /**
   * Returns the photos with a value of an attribute.
   *
   * @param value a mask state, a gender or an age group
   */
  public int count(Enum<?> value) {
    return FaceLabel.values().stream()
        .filter(
            l ->
                Stream.of(l.mask(), l.gender(), l.age())
                    .flatMap(Optional::stream)
                    .anyMatch(v -> v == value))
        .mapToInt(l -> labelCounts.get(l.id()))
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
   * Returns the photos of a gender and age group whose mask state is known, too.
   *
   * @param gender the gender
   * @param age the age group
   */
  public int count(Gender gender, AgeGroup age) {
    return FaceClass.values().stream()
        .filter(c -> c.gender() == gender && c.age() == age)
        .mapToInt(c -> labelCounts.get(c.id()))
        .sum();
  }

  /** Returns the counts as plain JSON values. */
  public Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("digest", digest.hex());
    json.put("photos", photos);
    json.put("people", people);
    json.put("classCounts", classCounts().asList());
    json.put("classPeople", classPeople().asList());
    json.put("labelCounts", labelCounts.asList());
    json.put("labelPeople", labelPeople.asList());
    json.put("imbalance", imbalance());
    Map<String, Object> attributes = new LinkedHashMap<>();
    for (Enum<?> value : values()) {
      attributes.put(value.name(), Map.of("photos", count(value), "people", peopleOf.get(value)));
    }
    json.put("attributes", attributes);
    Map<String, Object> unknown = new LinkedHashMap<>();
    for (Attribute attribute : Attribute.values()) {
      unknown.put(attribute.name(), unknown(attribute));
    }
    json.put("unknown", unknown);
    json.put("absentClasses", absent());
    json.put("mixedPeople", mixedPeople);
    json.put("peopleOfAge", peopleOfAge);
    json.put("photosPerPerson", photosPerPerson);
    return json;
  }

  private int[] absent() {
    return FaceClass.values().stream()
        .mapToInt(FaceClass::id)
        .filter(id -> labelCounts.get(id) == 0)
        .toArray();
  }

  private static SortedMap<Integer, Integer> histogram(Map<String, Integer> values) {
    SortedMap<Integer, Integer> histogram = new TreeMap<>();
    values.values().forEach(value -> histogram.merge(value, 1, Integer::sum));
    return histogram;
  }
}
