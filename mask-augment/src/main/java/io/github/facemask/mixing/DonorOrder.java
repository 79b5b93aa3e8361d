package io.github.facemask.mixing;

import java.util.List;

/**
 * The order in which the photos of a batch can be mixed in place: a photo is changed when no other
 * photo needs its pixels any more. In a cycle of photos, one is copied first. Photos that are their
 * own donors are left out.
 */
final class DonorOrder {

  /** The steps, called in that order. */
  interface Steps {
    /** Copies what the last photo of a cycle needs of a photo. */
    void setAside(int photo);

    /** Changes a photo by its unchanged donor. */
    void take(int photo, int donor);

    /** Changes a photo by the copy. */
    void takeAside(int photo);
  }

  private final List<Integer> donors;
  private final Steps steps;
  private final int[] waiting;
  private final boolean[] done;

  private DonorOrder(List<Integer> donors, Steps steps) {
    this.donors = donors;
    this.steps = steps;
    this.waiting = new int[donors.size()];
    this.done = new boolean[donors.size()];
  }

  static void run(List<Integer> donors, Steps steps) {
    new DonorOrder(donors, steps).run();
  }

  private void run() {
    for (int i = 0; i < done.length; i++) {
      if (donors.get(i) == i) {
        done[i] = true;
      } else {
        waiting[donors.get(i)]++;
      }
    }
    for (int i = 0; i < done.length; i++) {
      takeFrom(i);
    }
    for (int i = 0; i < done.length; i++) {
      if (!done[i]) {
        takeRing(i);
      }
    }
  }

  /** Changes a photo that no other photo needs, then its donor if no other photo needs it. */
  private void takeFrom(int first) {
    for (int i = first; !done[i] && waiting[i] == 0; i = donors.get(i)) {
      steps.take(i, donors.get(i));
      done[i] = true;
      waiting[donors.get(i)]--;
    }
  }

  private void takeRing(int first) {
    steps.setAside(first);
    int i = first;
    for (; donors.get(i) != first; i = donors.get(i)) {
      steps.take(i, donors.get(i));
      done[i] = true;
    }
    steps.takeAside(i);
    done[i] = true;
  }
}
