package io.github.facemask.internal.pickle;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A dict, OrderedDict, defaultdict or Counter. Equal to itself only. Keys that are containers are
 * compared by identity.
 */
public final class PickleDict {

  /**
   * The longest key. Each comparison of long keys takes time, and a hostile file could repeat it.
   */
  private static final int KEY_LIMIT = 4096;

  private Map<Object, Object> entries = Map.of();

  PickleDict() {}

  /** Returns the entries in the pickle's order. */
  public Map<Object, Object> entries() {
    return Collections.unmodifiableMap(entries);
  }

  /**
   * Finds a value.
   *
   * @param key the key
   * @return the value; null if there is none
   */
  public Object get(String key) {
    return entries.get(key);
  }

  void put(Object key, Object value) throws PickleException {
    if (key instanceof String text && text.length() > KEY_LIMIT) {
      throw new PickleException(
          "has a key of " + text.length() + " characters, expected at most " + KEY_LIMIT);
    }
    if (entries.isEmpty()) {
      entries = new LinkedHashMap<>(2);
    }
    entries.put(key, value);
  }
}
