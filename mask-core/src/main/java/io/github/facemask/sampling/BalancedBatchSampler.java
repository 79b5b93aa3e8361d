package io.github.facemask.sampling;

import static com.google.common.base.Preconditions.checkArgument;
import static io.github.facemask.problem.InvalidArgumentException.check;

import com.google.common.primitives.ImmutableIntArray;
import io.github.facemask.dataset.FacePhoto;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.random.RandomStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Balances each batch: the counts of the classes that occur differ by at most one in every full
 * batch. Within a class, every photo is shown once, in random order, before any is repeated. An
 * epoch has as many photos as the set. Where attributes are unknown, labels take the place of
 * classes; of several joined sets, each has an equal part of each batch.
 */
final class BalancedBatchSampler implements PhotoSampler {

  private final int batchSize;

  private BalancedBatchSampler(int batchSize) {
    this.batchSize = batchSize;
  }

  /**
   * Returns a sampler for batches of a size.
   *
   * @param batchSize the size of the batches that the photos will be cut into, 1 or more
   */
  public static BalancedBatchSampler of(int batchSize) {
    check(batchSize >= 1, "batchSize", batchSize, "1 or more");
    return new BalancedBatchSampler(batchSize);
  }

  @Override
  public int[] epochOrder(PhotoSet photos, long seed, int epoch) {
    RandomStream random = RandomStream.of(seed, "sampler", epoch);
    List<Labels> sets = new ArrayList<>();
    for (List<int[]> labels : membersOfSets(photos)) {
      sets.add(new Labels(labels, random));
    }
    checkArgument(!sets.isEmpty(), "no photo has a known attribute, expected labelled photos");
    Turns extra = sets.size() > 1 ? new Turns(numbers(sets.size()), random) : null;
    int[] order = new int[photos.size()];
    for (int start = 0; start < order.length; start += batchSize) {
      int[] batch = new int[Math.min(batchSize, order.length - start)];
      int[] parts = new int[sets.size()];
      Arrays.fill(parts, batch.length / sets.size());
      if (extra != null) {
        for (int which : extra.nextDistinct(batch.length % sets.size())) {
          parts[which]++;
        }
      }
      int filled = 0;
      for (int i = 0; i < parts.length; i++) {
        sets.get(i).fill(batch, filled, parts[i]);
        filled += parts[i];
      }
      random.shuffle(batch);
      System.arraycopy(batch, 0, order, start, batch.length);
    }
    return order;
  }

  private static int[] numbers(int count) {
    int[] all = new int[count];
    Arrays.setAll(all, i -> i);
    return all;
  }

  /** The photos of one set, by label. */
  private static final class Labels {
    private final List<Turns> labels = new ArrayList<>();
    private final Turns rest;

    Labels(List<int[]> members, RandomStream random) {
      members.forEach(photos -> labels.add(new Turns(photos, random)));
      rest = new Turns(numbers(labels.size()), random);
    }

    void fill(int[] batch, int from, int count) {
      int filled = from;
      for (int round = 0; round < count / labels.size(); round++) {
        for (Turns turns : labels) {
          batch[filled++] = turns.next();
        }
      }
      for (int which : rest.nextDistinct(from + count - filled)) {
        batch[filled++] = labels.get(which).next();
      }
    }
  }

  @Override
  public int photosPerEpoch(PhotoSet photos) {
    return photos.size();
  }

  @Override
  public double[] expectedPhotoCounts(PhotoSet photos) {
    List<List<int[]>> sets = membersOfSets(photos);
    double[] expected = new double[photos.size()];
    for (List<int[]> labels : sets) {
      for (int[] members : labels) {
        for (int photo : members) {
          expected[photo] = photos.size() / ((double) sets.size() * labels.size() * members.length);
        }
      }
    }
    return expected;
  }

  @Override
  public Map<String, Object> parameters() {
    Map<String, Object> parameters = new LinkedHashMap<>();
    parameters.put("name", "balanced batches");
    parameters.put("batchSize", batchSize);
    return parameters;
  }

  /** Returns the photos of each label of each set; those about which nothing is known are out. */
  private static List<List<int[]>> membersOfSets(PhotoSet photos) {
    Map<String, Map<Integer, ImmutableIntArray.Builder>> found = new LinkedHashMap<>();
    for (int i = 0; i < photos.size(); i++) {
      FacePhoto photo = photos.get(i);
      if (!photo.label().known().isEmpty()) {
        found
            .computeIfAbsent(photo.set(), set -> new TreeMap<>())
            .computeIfAbsent(photo.label().id(), id -> ImmutableIntArray.builder())
            .add(i);
      }
    }
    List<List<int[]>> sets = new ArrayList<>();
    for (Map<Integer, ImmutableIntArray.Builder> labels : found.values()) {
      sets.add(labels.values().stream().map(members -> members.build().toArray()).toList());
    }
    return sets;
  }

  /** Returns its members in random order, in repeated rounds. */
  private static final class Turns {
    private final int[] members;
    private final RandomStream random;
    private int next;

    Turns(int[] members, RandomStream random) {
      this.members = members;
      this.random = random;
      random.shuffle(members);
    }

    int next() {
      if (next == members.length) {
        random.shuffle(members);
        next = 0;
      }
      return members[next++];
    }

    /** Returns the next members without duplicates, also where a new round begins among them. */
    int[] nextDistinct(int count) {
      int[] drawn = new int[count];
      int had = Math.min(count, members.length - next);
      System.arraycopy(members, next, drawn, 0, had);
      next += had;
      if (had < count) {
        int[] before = Arrays.copyOf(drawn, had);
        random.shuffle(members);
        moveToEnd(before);
        next = count - had;
        System.arraycopy(members, 0, drawn, had, next);
      }
      return drawn;
    }

    private void moveToEnd(int[] late) {
      int[] ordered = new int[members.length];
      int filled = 0;
      for (int member : members) {
        if (Arrays.stream(late).noneMatch(l -> l == member)) {
          ordered[filled++] = member;
        }
      }
      System.arraycopy(late, 0, ordered, filled, late.length);
      System.arraycopy(ordered, 0, members, 0, members.length);
    }
  }
}
