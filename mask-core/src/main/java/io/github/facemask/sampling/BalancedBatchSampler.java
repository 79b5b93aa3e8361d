package io.github.facemask.sampling;

import static io.github.facemask.problem.InvalidArgumentException.check;

import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.label.FaceClass;
import io.github.facemask.random.RandomStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Balances each batch: the counts of the classes that occur differ by at most one in every full
 * batch. Within a class, every photo is shown once, in random order, before any is repeated. An
 * epoch has as many photos as the set.
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
    List<Turns> classes = new ArrayList<>();
    for (int[] members : membersOfClasses(photos)) {
      if (members.length > 0) {
        classes.add(new Turns(members, random));
      }
    }
    int[] all = new int[classes.size()];
    Arrays.setAll(all, i -> i);
    Turns rest = new Turns(all, random);
    int[] order = new int[photos.size()];
    for (int start = 0; start < order.length; start += batchSize) {
      int[] batch = new int[Math.min(batchSize, order.length - start)];
      int filled = 0;
      for (int round = 0; round < batch.length / classes.size(); round++) {
        for (Turns turns : classes) {
          batch[filled++] = turns.next();
        }
      }
      for (int which : rest.nextDistinct(batch.length - filled)) {
        batch[filled++] = classes.get(which).next();
      }
      random.shuffle(batch);
      System.arraycopy(batch, 0, order, start, batch.length);
    }
    return order;
  }

  @Override
  public int photosPerEpoch(PhotoSet photos) {
    return photos.size();
  }

  @Override
  public double[] expectedPhotoCounts(PhotoSet photos) {
    int[] counts = photos.classCounts();
    long present = Arrays.stream(counts).filter(c -> c > 0).count();
    return photos.stream()
        .mapToDouble(p -> photos.size() / ((double) present * counts[p.faceClass().id()]))
        .toArray();
  }

  @Override
  public Map<String, Object> parameters() {
    Map<String, Object> parameters = new LinkedHashMap<>();
    parameters.put("name", "balanced batches");
    parameters.put("batchSize", batchSize);
    return parameters;
  }

  private static List<int[]> membersOfClasses(PhotoSet photos) {
    int[] counts = photos.classCounts();
    List<int[]> members = new ArrayList<>();
    for (int id = 0; id < FaceClass.COUNT; id++) {
      members.add(new int[counts[id]]);
    }
    int[] filled = new int[FaceClass.COUNT];
    for (int i = 0; i < photos.size(); i++) {
      int id = photos.get(i).faceClass().id();
      members.get(id)[filled[id]++] = i;
    }
    return members;
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
