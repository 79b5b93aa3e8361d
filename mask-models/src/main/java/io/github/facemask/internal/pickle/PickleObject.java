package io.github.facemask.internal.pickle;

import java.util.Map;

/**
 * An object that is not interpreted, for instance an {@code argparse.Namespace}: the name of its
 * class and its constructor's arguments. Equal to itself only.
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

  /** Returns the name of its class or factory function. */
  public String name() {
    return name;
  }

  /** Returns the arguments of its constructor, usually a tuple. */
  public Object arguments() {
    return arguments;
  }

  /** Returns its attributes if it has a dict of them, otherwise its items. */
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
