package io.github.facemask.internal.pickle;

import java.util.Map;

/**
 * An object of no interest, for instance an {@code argparse.Namespace}: its class's name and what
 * the pickle would have handed to it. Equal to itself only.
 */
public final class PickleObject {

  private final String name;
  private final Object arguments;
  private PickleDict items;
  private Object state = PickleNone.NONE;

  PickleObject(String name, Object arguments) {
    this.name = name;
    this.arguments = arguments;
  }

  /** Returns the name of its class, or of the function that would have made it. */
  public String name() {
    return name;
  }

  /** Returns what its constructor would have got: mostly a tuple. */
  public Object arguments() {
    return arguments;
  }

  /** Returns its attributes, if it has a dict of them, else its items. */
  public Map<Object, Object> attributes() {
    return state instanceof PickleDict dict
        ? dict.entries()
        : items == null ? Map.of() : items.entries();
  }

  void put(Object key, Object value) throws PickleException {
    if (items == null) {
      items = new PickleDict();
    }
    items.put(key, value);
  }

  void setState(Object newState) {
    this.state = newState;
  }
}
