package io.github.facemask.sampling;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedMap;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How evenly an epoch showed people, in few numbers; {@link PersonCount} has each person.
 *
 * @param people how many people there are
 * @param peopleOfDrawn how many people were shown each number of times
 * @param peopleOfExpected how many people should be shown each number of times on average, rounded
 * @param chiSquare the sum of (drawn - expected)^2 / expected over the people
 * @param farthest the people whose count is farthest from the expected one, in standard deviations
 */
public record PersonBalance(
    int people,
    ImmutableSortedMap<Integer, Integer> peopleOfDrawn,
    ImmutableSortedMap<Integer, Integer> peopleOfExpected,
    double chiSquare,
    ImmutableList<PersonCount> farthest) {

  private static final int SHOWN = 10;

  /**
   * Sums up counts of people.
   *
   * @param counts a count for each person
   */
  public static PersonBalance of(List<PersonCount> counts) {
    TreeMap<Integer, Integer> drawn = new TreeMap<>();
    TreeMap<Integer, Integer> expected = new TreeMap<>();
    double chiSquare = 0;
    for (PersonCount count : counts) {
      drawn.merge(count.drawn(), 1, Integer::sum);
      expected.merge((int) Math.round(count.expected()), 1, Integer::sum);
      chiSquare += count.deviation() * count.deviation();
    }
    List<PersonCount> farthest =
        counts.stream()
            .sorted(
                Comparator.comparingDouble((PersonCount c) -> -Math.abs(c.deviation()))
                    .thenComparing(PersonCount::person))
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
    for (PersonCount count : farthest) {
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
    ImmutableList.Builder<PersonCount> farthest = ImmutableList.builder();
    for (JsonNode item : json.path("farthest")) {
      farthest.add(
          new PersonCount(
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

  private static ImmutableSortedMap<Integer, Integer> histogram(JsonNode json) {
    TreeMap<Integer, Integer> counts = new TreeMap<>();
    json.properties().forEach(e -> counts.put(Integer.valueOf(e.getKey()), e.getValue().asInt()));
    return ImmutableSortedMap.copyOf(counts);
  }
}
