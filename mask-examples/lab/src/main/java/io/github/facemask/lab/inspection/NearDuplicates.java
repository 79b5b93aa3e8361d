package io.github.facemask.lab.inspection;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Compares each photo with all photos of other people by 64-bit hashes. 100,000 photos take a few
 * seconds, less than their decoding. If the hashes are close, thumbnails decide, because portraits
 * in front of a plain wall have similar hashes. Exact copies are left out; see {@link
 * PhotoInspection#copies}.
 */
final class NearDuplicates {

  private static final int DISTANCE = 8;
  private static final double DIFFERENCE = 8;

  /**
   * The largest number of pairs. Many copies of one photo would give a pair for each two of them.
   */
  private static final int MOST = 10_000;

  private NearDuplicates() {}

  static List<NearDuplicate> find(List<PhotoLook> looks) {
    long[] hashes = looks.stream().mapToLong(PhotoLook::hash).toArray();
    List<NearDuplicate> found =
        IntStream.range(0, hashes.length)
            .parallel()
            .mapToObj(i -> of(looks, hashes, i))
            .flatMap(List::stream)
            .collect(Collectors.toList());
    found.sort(
        Comparator.comparingInt(NearDuplicate::distance)
            .thenComparingDouble(NearDuplicate::difference)
            .thenComparing(d -> d.first().photo().id())
            .thenComparing(d -> d.second().photo().id()));
    return List.copyOf(found.subList(0, Math.min(MOST, found.size())));
  }

  private static List<NearDuplicate> of(List<PhotoLook> looks, long[] hashes, int i) {
    List<NearDuplicate> found = new ArrayList<>();
    for (int k = i + 1; k < hashes.length; k++) {
      if (Long.bitCount(hashes[i] ^ hashes[k]) <= DISTANCE) {
        PhotoLook one = looks.get(i);
        PhotoLook other = looks.get(k);
        double difference = one.difference(other);
        if (difference <= DIFFERENCE
            && !one.content().equals(other.content())
            && !one.photo().person().equals(other.photo().person())) {
          found.add(new NearDuplicate(one.photo(), other.photo(), one.distance(other), difference));
        }
      }
    }
    return found;
  }
}
