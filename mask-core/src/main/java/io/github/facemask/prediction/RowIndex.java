package io.github.facemask.prediction;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/**
 * Finds the row of an id: an open-addressed table of row numbers, with an eighth of the memory of a
 * map of boxed numbers.
 */
final class RowIndex {

  private static final int EMPTY = -1;

  private final List<String> ids;
  private final int[] slots;

  RowIndex(List<String> ids) {
    this.ids = ids;
    // A power of two, at most half full.
    slots = new int[Integer.highestOneBit(Math.max(ids.size(), 1)) << 2];
    Arrays.fill(slots, EMPTY);
    for (int row = 0; row < ids.size(); row++) {
      int slot = slot(ids.get(row));
      checkArgument(
          slots[slot] == EMPTY,
          "photo '%s' has two rows of predictions, expected one",
          ids.get(row));
      slots[slot] = row;
    }
  }

  OptionalInt find(String id) {
    int row = slots[slot(id)];
    return row == EMPTY ? OptionalInt.empty() : OptionalInt.of(row);
  }

  /** The slot of an id, or the free slot for it. */
  private int slot(String id) {
    int hash = id.hashCode() * 0x9E3779B9;
    int slot = (hash ^ (hash >>> 16)) & (slots.length - 1);
    while (slots[slot] != EMPTY && !ids.get(slots[slot]).equals(id)) {
      slot = (slot + 1) & (slots.length - 1);
    }
    return slot;
  }
}
