package io.github.facemask.lab.inspection;

import com.google.common.collect.Comparators;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Finds similar photos of different people by their 64-bit hashes. If the hashes are close,
 * thumbnails decide, because portraits in front of a plain wall have similar hashes. Exact copies
 * are left out; see {@link PhotoInspection#copies}.
 */
final class NearDuplicates {

  private static final double DIFFERENCE = 8;

  /**
   * The largest number of pairs, the most similar ones. Many copies of one photo would give a pair
   * for each two of them.
   */
  private static final int MOST = 10_000;

  private static final Comparator<NearDuplicate> MOST_SIMILAR_FIRST =
      Comparator.comparingInt(NearDuplicate::distance)
          .thenComparingDouble(NearDuplicate::difference)
          .thenComparing(d -> d.first().photo().id())
          .thenComparing(d -> d.second().photo().id());

  private NearDuplicates() {}

  static List<NearDuplicate> find(List<PhotoLook> looks) {
    HammingIndex index = new HammingIndex(looks.stream().mapToLong(PhotoLook::hash).toArray());
    return HammingIndex.tasks()
        .parallel()
        .mapToObj(task -> pairs(looks, index, task))
        .flatMap(List::stream)
        .collect(Comparators.least(MOST, MOST_SIMILAR_FIRST));
  }

  private static List<NearDuplicate> pairs(List<PhotoLook> looks, HammingIndex index, int task) {
    List<NearDuplicate> found = new ArrayList<>();
    index.close(
        task,
        (i, k) -> {
          PhotoLook one = looks.get(i);
          PhotoLook other = looks.get(k);
          double difference = one.difference(other);
          if (difference <= DIFFERENCE
              && !one.content().equals(other.content())
              && !one.photo().person().equals(other.photo().person())) {
            found.add(
                new NearDuplicate(one.photo(), other.photo(), one.distance(other), difference));
          }
        });
    return found;
  }
}
