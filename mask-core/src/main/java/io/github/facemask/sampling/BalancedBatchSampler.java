package io.github.facemask.sampling;

import static com.google.common.base.Preconditions.checkArgument;
import static io.github.facemask.problem.InvalidArgumentException.check;

import com.google.common.primitives.ImmutableIntArray;
import io.github.facemask.dataset.FacePhoto;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.label.Attribute;
import io.github.facemask.label.FaceLabel;
import io.github.facemask.random.RandomStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Balances each batch: the counts of the classes that occur differ by at most one in every full
 * batch. Within a class, every photo is shown once, in random order, before any is repeated. An
 * epoch has as many photos as the set. Of several joined sets, each has an equal part of each
 * batch.
 *
 * <p>Where attributes are unknown, the photos that know the same attributes have a part of each
 * batch by their number, in which the counts of their labels differ by at most one. Which labels
 * have one photo more is chosen so that the values of each attribute are as even as possible over
 * the whole batch.
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
    List<Parts> sets = new ArrayList<>();
    for (List<List<int[]>> parts : membersOfSets(photos)) {
      sets.add(new Parts(parts, photos, random));
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

  /** The photos of one set, in parts that know the same attributes. */
  private static final class Parts {
    private final List<Labels> parts = new ArrayList<>();
    private final double[] shares;
    private final double[] due;

    Parts(List<List<int[]>> members, PhotoSet photos, RandomStream random) {
      shares = new double[members.size()];
      due = new double[members.size()];
      double all = members.stream().flatMap(List::stream).mapToInt(m -> m.length).sum();
      for (int i = 0; i < shares.length; i++) {
        parts.add(
            new Labels(
                members.get(i),
                members.get(i).stream().map(m -> photos.get(m[0]).label()).toList(),
                random));
        shares[i] = members.get(i).stream().mapToInt(m -> m.length).sum() / all;
      }
    }

    void fill(int[] batch, int from, int count) {
      if (parts.size() == 1) {
        parts.get(0).fill(batch, from, count);
        return;
      }
      int[] sizes = sizes(count);
      int[] extra = new int[sizes.length];
      int[][] values = new int[Attribute.values().length][3];
      int filled = from;
      for (int i = 0; i < sizes.length; i++) {
        Labels part = parts.get(i);
        int rounds = sizes[i] / part.size();
        extra[i] = sizes[i] % part.size();
        for (int round = 0; round < rounds; round++) {
          for (int label = 0; label < part.size(); label++) {
            batch[filled++] = part.next(label, values);
          }
        }
      }
      for (int i = 0; i < sizes.length; i++) {
        for (int label : parts.get(i).mostEven(extra[i], values)) {
          batch[filled++] = parts.get(i).next(label, values);
        }
      }
    }

    /** Returns how many photos each part has in a batch; what is rounded off is due later. */
    private int[] sizes(int count) {
      int[] sizes = new int[shares.length];
      int left = count;
      for (int i = 0; i < sizes.length; i++) {
        due[i] += count * shares[i];
        sizes[i] = (int) Math.min(left, Math.max(0, Math.floor(due[i] + 1e-9)));
        left -= sizes[i];
        due[i] -= sizes[i];
      }
      for (; left > 0; left--) {
        int most = 0;
        for (int i = 1; i < due.length; i++) {
          most = due[i] > due[most] + 1e-9 ? i : most;
        }
        sizes[most]++;
        due[most]--;
      }
      return sizes;
    }
  }

  /** The photos that know the same attributes, by label. */
  private static final class Labels {
    private final List<Turns> labels = new ArrayList<>();
    private final List<FaceLabel> names;
    private final Turns rest;
    private final RandomStream random;
    private final List<Integer> waiting = new ArrayList<>();

    Labels(List<int[]> members, List<FaceLabel> names, RandomStream random) {
      members.forEach(photos -> labels.add(new Turns(photos, random)));
      this.names = names;
      this.random = random;
      rest = new Turns(numbers(labels.size()), random);
    }

    int size() {
      return labels.size();
    }

    /** Returns the next photo of a label, and counts the values of its attributes. */
    int next(int label, int[][] values) {
      for (Attribute attribute : names.get(label).known()) {
        values[attribute.ordinal()][names.get(label).value(attribute).orElseThrow()]++;
      }
      return labels.get(label).next();
    }

    /**
     * Returns different labels for the rest of a batch: those whose values the batch shows least.
     * Each label has its turn before any has a second one.
     */
    List<Integer> mostEven(int count, int[][] values) {
      List<Integer> chosen = new ArrayList<>();
      while (chosen.size() < count) {
        if (waiting.stream().allMatch(chosen::contains)) {
          int[] all = numbers(labels.size());
          random.shuffle(all);
          for (int label : all) {
            waiting.add(label);
          }
        }
        Integer best = null;
        for (Integer label : waiting) {
          if (!chosen.contains(label)
              && (best == null || shown(label, chosen, values) < shown(best, chosen, values))) {
            best = label;
          }
        }
        chosen.add(best);
        waiting.remove(best);
      }
      return chosen;
    }

    private int shown(int label, List<Integer> chosen, int[][] values) {
      int sum = 0;
      for (Attribute attribute : names.get(label).known()) {
        int value = names.get(label).value(attribute).orElseThrow();
        sum += values[attribute.ordinal()][value];
        for (int other : chosen) {
          sum += names.get(other).value(attribute).orElseThrow() == value ? 1 : 0;
        }
      }
      return sum;
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
    List<List<List<int[]>>> sets = membersOfSets(photos);
    double[] expected = new double[photos.size()];
    for (List<List<int[]>> parts : sets) {
      double all = parts.stream().flatMap(List::stream).mapToInt(m -> m.length).sum();
      for (List<int[]> labels : parts) {
        double own = labels.stream().mapToInt(m -> m.length).sum();
        for (int[] members : labels) {
          for (int photo : members) {
            expected[photo] =
                photos.size() * own / (all * sets.size() * labels.size() * members.length);
          }
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

  /**
   * Returns the photos of each label, of each part that knows the same attributes, of each set;
   * those about which nothing is known are out.
   */
  private static List<List<List<int[]>>> membersOfSets(PhotoSet photos) {
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
    List<List<List<int[]>>> sets = new ArrayList<>();
    for (Map<Integer, ImmutableIntArray.Builder> labels : found.values()) {
      Map<Set<Attribute>, List<int[]>> parts = new LinkedHashMap<>();
      labels.forEach(
          (id, members) ->
              parts
                  .computeIfAbsent(FaceLabel.ofId(id).known(), known -> new ArrayList<>())
                  .add(members.build().toArray()));
      sets.add(List.copyOf(parts.values()));
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
