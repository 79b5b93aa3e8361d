package io.github.facemask.internal.pickle;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Python's built-in containers that pickles create by a call. */
final class PythonTypes {

  private static final ImmutableSet<String> DICTS =
      ImmutableSet.of(
          "collections.OrderedDict", "collections.defaultdict", "collections.Counter", "dict");
  private static final ImmutableSet<String> SEQUENCES =
      ImmutableSet.of("list", "tuple", "set", "frozenset");
  private static final ImmutableSet<String> BYTES =
      ImmutableSet.of("bytes", "bytearray", "_codecs.encode");

  /**
   * Classes that are allowed, for instance as a default factory. A call of one returns an opaque
   * object.
   */
  private static final ImmutableSet<String> SCALARS =
      ImmutableSet.of("int", "float", "bool", "str", "complex", "slice", "object");

  /** Names of built-ins without their module, which has another name in Python 2. */
  private static final ImmutableMap<String, String> PLAIN = plainNames();

  /**
   * The elements that all calls together may still copy. Many calls can name the same container.
   */
  private long room;

  PythonTypes(long room) {
    this.room = room;
  }

  static boolean knows(String name) {
    return PLAIN.containsKey(name);
  }

  Object build(String name, PickleSequence arguments) throws PickleException {
    String plain = PLAIN.get(name);
    List<Object> values = arguments.elements();
    if (SCALARS.contains(plain)) {
      return new PickleObject(name, arguments);
    }
    if (DICTS.contains(plain)) {
      return dict(name, values);
    }
    if (SEQUENCES.contains(plain)) {
      PickleSequence.Kind kind = PickleSequence.Kind.valueOf(plain.toUpperCase(Locale.ROOT));
      return sequence(name, kind, values);
    }
    return bytes(name, values);
  }

  private PickleDict dict(String name, List<Object> values) throws PickleException {
    PickleDict dict = new PickleDict();
    if (values.isEmpty() || name.endsWith("defaultdict")) {
      return dict;
    }
    if (values.get(0) instanceof PickleDict other) {
      charge(other.entries().size());
      for (Map.Entry<Object, Object> entry : other.entries().entrySet()) {
        dict.put(entry.getKey(), entry.getValue());
      }
    } else if (values.get(0) instanceof PickleSequence pairs) {
      charge(pairs.elements().size());
      for (Object pair : pairs.elements()) {
        if (!(pair instanceof PickleSequence two) || two.elements().size() != 2) {
          throw new PickleException("calls " + name + " with an element that is no pair");
        }
        dict.put(two.elements().get(0), two.elements().get(1));
      }
    } else {
      throw new PickleException("calls " + name + " with something that is no list of pairs");
    }
    return dict;
  }

  private PickleSequence sequence(String name, PickleSequence.Kind kind, List<Object> values)
      throws PickleException {
    if (values.isEmpty()) {
      return new PickleSequence(kind, List.of());
    }
    if (values.get(0) instanceof PickleSequence other) {
      charge(other.elements().size());
      return new PickleSequence(kind, new ArrayList<>(other.elements()));
    }
    throw new PickleException("calls " + name + " with something that is no list");
  }

  private byte[] bytes(String name, List<Object> values) throws PickleException {
    if (values.isEmpty()) {
      return new byte[0];
    }
    if (values.get(0) instanceof String text) {
      charge(text.length());
      return text.getBytes(StandardCharsets.ISO_8859_1);
    }
    if (values.get(0) instanceof byte[] bytes) {
      charge(bytes.length);
      return bytes.clone();
    }
    throw new PickleException("calls " + name + " with something that is no text and no bytes");
  }

  private void charge(long copied) throws PickleException {
    room -= copied;
    if (room < 0) {
      throw new PickleException("copies the same values again and again; that is refused");
    }
  }

  private static ImmutableMap<String, String> plainNames() {
    ImmutableMap.Builder<String, String> names = ImmutableMap.builder();
    for (Set<String> plain : List.of(DICTS, SEQUENCES, BYTES, SCALARS)) {
      for (String name : plain) {
        if (name.contains(".")) {
          names.put(name, name);
        } else {
          names.put("builtins." + name, name).put("__builtin__." + name, name);
        }
      }
    }
    return names.buildOrThrow();
  }
}
