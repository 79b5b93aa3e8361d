package io.github.facemask.internal.pickle;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A list, tuple, set or frozenset. Equal to itself only. */
public final class PickleSequence {

  /** The Python type. */
  public enum Kind {
    LIST,
    TUPLE,
    SET,
    FROZENSET
  }

  private final Kind kind;
  private List<Object> elements;

  PickleSequence(Kind kind, List<Object> elements) {
    this.kind = kind;
    this.elements = elements;
  }

  /** Returns the Python type. */
  public Kind kind() {
    return kind;
  }

  /** Returns the elements in the pickle's order. An element of a set may occur twice. */
  public List<Object> elements() {
    return Collections.unmodifiableList(elements);
  }

  void add(Object element) {
    if (elements.isEmpty() && !(elements instanceof ArrayList)) {
      elements = new ArrayList<>(2);
    }
    elements.add(element);
  }

  boolean grows() {
    return kind == Kind.LIST || kind == Kind.SET;
  }
}
