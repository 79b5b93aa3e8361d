package io.github.facemask.dataset;

import io.github.facemask.label.FaceLabel;
import io.github.facemask.random.RandomStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Assigns people to folds so that each fold gets its share of every label, of every joined set and
 * of all photos. People with many photos of rare classes come first. Each goes to the fold where
 * the squared distance of the shares from their targets grows least. Moves of one person and swaps
 * of two then reduce the remaining distance.
 */
final class FoldAssignment {

  /** All photos count as one more label, which keeps the folds' sizes even. */
  private static final int ALL = FaceLabel.COUNT;

  private static final int PASSES = 8;

  /** The number of swaps tried in a pass, so that a million photos take seconds. */
  private static final int EXCHANGES = 2_000_000;

  private final double[] targets;
  private final List<Group> groups;
  private final int[][] people;
  private final double[][] shares;

  /** A person: which classes their photos have, and what part of each class these are. */
  private static final class Group {
    final String person;
    final int[] classes;
    final double[] parts;
    final double weight;
    int fold;

    Group(String person, int[] classes, double[] parts, double weight) {
      this.person = person;
      this.classes = classes;
      this.parts = parts;
      this.weight = weight;
    }
  }

  private FoldAssignment(PhotoSet set, double[] targets, long seed) {
    this.targets = targets;
    this.groups = groups(set, seed);
    int strata = ALL + 1 + set.sets().size();
    this.people = new int[targets.length][strata];
    this.shares = new double[targets.length][strata];
  }

  /** Returns each person's fold; targets are the folds' shares and sum to 1. */
  static Map<String, Integer> deal(PhotoSet set, double[] targets, long seed) {
    FoldAssignment assignment = new FoldAssignment(set, targets, seed);
    assignment.deal();
    RandomStream random = RandomStream.of(seed, "fold exchanges");
    boolean better = true;
    for (int pass = 0; pass < PASSES && better; pass++) {
      better = assignment.mend();
      better |= assignment.exchange(random);
    }
    Map<String, Integer> foldOf = new LinkedHashMap<>();
    assignment.groups.forEach(group -> foldOf.put(group.person, group.fold));
    return foldOf;
  }

  private static List<Group> groups(PhotoSet set, long seed) {
    Map<String, int[]> counts = new LinkedHashMap<>();
    // Each of several joined sets counts as one more label, too.
    List<String> sets = set.sets().asList();
    Map<String, Integer> stratumOf = new HashMap<>();
    for (int i = 0; sets.size() > 1 && i < sets.size(); i++) {
      stratumOf.put(sets.get(i), ALL + 1 + i);
    }
    int strata = ALL + 1 + sets.size();
    int[] totals = new int[strata];
    for (FacePhoto photo : set) {
      int[] count = counts.computeIfAbsent(photo.person(), p -> new int[strata]);
      int id = photo.label().id();
      count[id]++;
      count[ALL]++;
      totals[id]++;
      totals[ALL]++;
      Integer stratum = stratumOf.get(photo.set());
      if (stratum != null) {
        count[stratum]++;
        totals[stratum]++;
      }
    }
    // Sorted names first: the result does not depend on the order of the photos.
    List<String> names = new ArrayList<>(counts.keySet());
    names.sort(Comparator.naturalOrder());
    int[] order = new int[names.size()];
    Arrays.setAll(order, i -> i);
    RandomStream.of(seed, "folds").shuffle(order);
    List<Group> groups = new ArrayList<>(order.length);
    for (int index : order) {
      groups.add(group(names.get(index), counts.get(names.get(index)), totals));
    }
    // By powers of two: heavier people first; the seed orders people of about the same weight.
    groups.sort(Comparator.comparingInt((Group g) -> Math.getExponent(g.weight)).reversed());
    return groups;
  }

  private static Group group(String person, int[] counts, int[] totals) {
    int[] classes = new int[counts.length];
    double[] parts = new double[counts.length];
    int used = 0;
    double weight = 0;
    for (int c = 0; c < counts.length; c++) {
      if (counts[c] > 0) {
        classes[used] = c;
        parts[used] = counts[c] / (double) totals[c];
        weight += parts[used] * parts[used];
        used++;
      }
    }
    return new Group(person, Arrays.copyOf(classes, used), Arrays.copyOf(parts, used), weight);
  }

  private void deal() {
    for (Group group : groups) {
      int best = 0;
      for (int fold = 1; fold < targets.length; fold++) {
        int missing = missing(group, fold) - missing(group, best);
        double cost = cost(group, fold) - cost(group, best);
        if (missing > 0 || (missing == 0 && cost < 0)) {
          best = fold;
        }
      }
      put(group, best, 1);
    }
  }

  /** Moves people where that balances the shares; returns whether any person moved. */
  private boolean mend() {
    boolean moved = false;
    for (Group group : groups) {
      int from = group.fold;
      if (lastOfItsClass(group, from)) {
        continue;
      }
      put(group, from, -1);
      int best = from;
      for (int fold = 0; fold < targets.length; fold++) {
        if (cost(group, fold) < cost(group, best) - 1e-12) {
          best = fold;
        }
      }
      put(group, best, 1);
      moved |= best != from;
    }
    return moved;
  }

  /**
   * Swaps two people of two folds where that balances the shares; returns whether any were swapped.
   */
  private boolean exchange(RandomStream random) {
    int size = groups.size();
    int tries = Math.max(4, Math.min(size, EXCHANGES / size));
    boolean exchanged = false;
    for (Group group : groups) {
      int start = random.nextInt(size);
      for (int i = 0; i < tries; i++) {
        exchanged |= exchange(group, groups.get((start + i) % size));
      }
    }
    return exchanged;
  }

  private boolean exchange(Group one, Group other) {
    int from = one.fold;
    int to = other.fold;
    if (from == to) {
      return false;
    }
    int lacking = lacking(one, other);
    put(one, from, -1);
    put(other, to, -1);
    double growth = cost(one, to) + cost(other, from) - cost(one, from) - cost(other, to);
    if (growth < -1e-12) {
      put(one, to, 1);
      put(other, from, 1);
      if (lacking(one, other) <= lacking) {
        return true;
      }
      put(one, to, -1);
      put(other, from, -1);
    }
    put(one, from, 1);
    put(other, to, 1);
    return false;
  }

  /** Returns how many of their classes are missing from the folds of two people. */
  private int lacking(Group one, Group other) {
    int first = one.fold;
    int second = other.fold;
    return missing(one, first)
        + missing(one, second)
        + missing(other, first)
        + missing(other, second);
  }

  private boolean lastOfItsClass(Group group, int fold) {
    for (int c : group.classes) {
      if (people[fold][c] == 1) {
        return true;
      }
    }
    return false;
  }

  private int missing(Group group, int fold) {
    int missing = 0;
    for (int c : group.classes) {
      missing += people[fold][c] == 0 ? 1 : 0;
    }
    return missing;
  }

  /**
   * Returns how much the squared distance grows, without the terms that are equal for all folds.
   */
  private double cost(Group group, int fold) {
    double cost = 0;
    for (int i = 0; i < group.classes.length; i++) {
      cost += group.parts[i] * (shares[fold][group.classes[i]] - targets[fold]);
    }
    return cost;
  }

  /** Puts a person into a fold, or takes them out of it with the sign -1. */
  private void put(Group group, int fold, int sign) {
    group.fold = fold;
    for (int i = 0; i < group.classes.length; i++) {
      people[fold][group.classes[i]] += sign;
      shares[fold][group.classes[i]] += sign * group.parts[i];
    }
  }
}
