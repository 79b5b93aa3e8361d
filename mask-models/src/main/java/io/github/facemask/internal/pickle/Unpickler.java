package io.github.facemask.internal.pickle;

import io.github.facemask.internal.pickle.PickleSequence.Kind;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads one pickle of protocol 2 to 5, as described in CPython's {@code pickletools.py}. Nothing is
 * imported and no Python code is called. A name that is neither a built-in container nor one of the
 * given {@link PickleTypes} is refused. Time and memory are linear in the pickle's length, with at
 * most some 64 bytes for each byte. Containers may contain themselves. Not thread-safe.
 */
public final class Unpickler {

  private static final PickleSequence EMPTY_TUPLE = new PickleSequence(Kind.TUPLE, List.of());

  private final PickleInput in;
  private final PickleTypes types;
  private final PythonTypes python;
  private final ArrayList<Object> stack = new ArrayList<>();
  private int[] marks = new int[8];
  private int markCount;
  private Object[] memo = new Object[16];
  private int memoCount;

  private Unpickler(ByteBuffer bytes, PickleTypes types) {
    this.in = new PickleInput(bytes);
    this.types = types;
    this.python = new PythonTypes(bytes.remaining());
  }

  /**
   * Reads the pickle at the buffer's position and moves the position behind it.
   *
   * @param bytes the pickle; other bytes may follow
   * @param types the types that are allowed besides Python's containers
   * @return the value, built from the classes of this package
   * @throws PickleException if it is malformed, ends early or names a type that is not allowed
   */
  public static Object read(ByteBuffer bytes, PickleTypes types) throws PickleException {
    Unpickler unpickler = new Unpickler(bytes, types);
    Object value = unpickler.run();
    bytes.position(unpickler.in.position());
    return value;
  }

  private Object run() throws PickleException {
    if (in.u1() != 0x80) {
      throw new PickleException("does not begin with a protocol, expected a pickle of 2 to 5");
    }
    int protocol = in.u1();
    if (protocol < 2 || protocol > 5) {
      throw new PickleException("has protocol " + protocol + ", expected 2 to 5");
    }
    while (true) {
      int code = in.u1();
      if (code == '.') {
        return pop();
      }
      if (!number(code) && !text(code) && !container(code) && !memory(code) && !call(code)) {
        throw new PickleException(
            String.format("has the unknown operation 0x%02x at byte %d", code, in.position() - 1));
      }
    }
  }

  private boolean number(int code) throws PickleException {
    switch (code) {
      case 'N' -> push(PickleNone.NONE);
      case 0x88 -> push(true);
      case 0x89 -> push(false);
      case 'J' -> push((long) in.i4());
      case 'K' -> push((long) in.u1());
      case 'M' -> push((long) in.u2());
      case 0x8a -> push(in.integer(in.u1()));
      case 0x8b -> push(in.integer(in.i4()));
      case 'G' -> push(in.bigEndianDouble());
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean text(int code) throws PickleException {
    switch (code) {
      case 'X' -> push(in.text(in.u4()));
      case 0x8c -> push(in.text(in.u1()));
      case 0x8d -> push(in.text(in.i8()));
      case 'T' -> push(in.oldText(in.i4()));
      case 'U' -> push(in.oldText(in.u1()));
      case 'B' -> push(in.take(in.u4()));
      case 'C' -> push(in.take(in.u1()));
      case 0x8e, 0x96 -> push(in.take(in.i8()));
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean container(int code) throws PickleException {
    switch (code) {
      case '(' -> mark();
      case '1' -> popToMark();
      case ')' -> push(EMPTY_TUPLE);
      case 0x85 -> push(new PickleSequence(Kind.TUPLE, popLast(1)));
      case 0x86 -> push(new PickleSequence(Kind.TUPLE, popLast(2)));
      case 0x87 -> push(new PickleSequence(Kind.TUPLE, popLast(3)));
      case 't' -> push(new PickleSequence(Kind.TUPLE, popToMark()));
      case 0x91 -> push(new PickleSequence(Kind.FROZENSET, popToMark()));
      case ']' -> push(new PickleSequence(Kind.LIST, List.of()));
      case 0x8f -> push(new PickleSequence(Kind.SET, List.of()));
      case '}' -> push(new PickleDict());
      case 'a' -> {
        Object element = pop();
        append(List.of(element));
      }
      case 'e', 0x90 -> append(popToMark());
      case 's' -> putAll(popLast(2));
      case 'u' -> putAll(popToMark());
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean memory(int code) throws PickleException {
    switch (code) {
      case 'q' -> remember(in.u1());
      case 'r' -> remember(in.u4());
      case 0x94 -> remember(memoCount);
      case 'h' -> push(recall(in.u1()));
      case 'j' -> push(recall(in.u4()));
      case '0' -> pop();
      case 0x95 -> in.expectAhead(in.i8());
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean call(int code) throws PickleException {
    switch (code) {
      case 'c' -> push(global(in.line(), in.line()));
      case 0x93 -> {
        List<Object> names = popLast(2);
        push(global(names.get(0), names.get(1)));
      }
      case 'R', 0x81 -> {
        Object arguments = pop();
        push(call(pop(), arguments));
      }
      case 0x92 -> {
        List<Object> parts = popLast(3);
        push(call(parts.get(0), parts.get(1)));
      }
      case 'b' -> {
        Object state = pop();
        setState(top(), state);
      }
      case 'Q' -> push(types.persistent(pop()));
      default -> {
        return false;
      }
    }
    return true;
  }

  private PickleGlobal global(Object module, Object name) throws PickleException {
    if (!(module instanceof String) || !(name instanceof String)) {
      throw new PickleException("names a global by something that is no text");
    }
    String full = module + "." + name;
    if (!PythonTypes.knows(full) && types.treatment(full) == PickleTypes.Treatment.REFUSED) {
      throw PickleException.refusing(full, stack.isEmpty());
    }
    return new PickleGlobal(full);
  }

  private Object call(Object callee, Object arguments) throws PickleException {
    if (!(callee instanceof PickleGlobal global) || !(arguments instanceof PickleSequence values)) {
      throw new PickleException("calls something that is no class or function");
    }
    if (PythonTypes.knows(global.name())) {
      return python.build(global.name(), values);
    }
    if (types.treatment(global.name()) == PickleTypes.Treatment.OPAQUE) {
      return new PickleObject(global.name(), values);
    }
    return types.build(global.name(), values.elements());
  }

  private static void setState(Object target, Object state) throws PickleException {
    if (target instanceof PickleObject object) {
      object.setState(state);
    } else if (!(target instanceof PickleDict)) {
      // Attributes of a dict, for instance a state_dict's _metadata, are ignored.
      throw new PickleException("gives attributes to a value that has none");
    }
  }

  private void append(List<Object> elements) throws PickleException {
    if (top() instanceof PickleSequence sequence && sequence.grows()) {
      elements.forEach(sequence::add);
    } else if (!(top() instanceof PickleObject)) {
      throw new PickleException("appends to a value that is no list");
    }
  }

  private void putAll(List<Object> keysAndValues) throws PickleException {
    if (keysAndValues.size() % 2 != 0) {
      throw new PickleException("has a key without a value");
    }
    Object target = top();
    for (int i = 0; i < keysAndValues.size(); i += 2) {
      if (target instanceof PickleDict dict) {
        dict.put(keysAndValues.get(i), keysAndValues.get(i + 1));
      } else if (target instanceof PickleObject object) {
        object.put(keysAndValues.get(i), keysAndValues.get(i + 1));
      } else {
        throw new PickleException("sets an item of a value that is no dict");
      }
    }
  }

  private void remember(long index) throws PickleException {
    // A pickler numbers memo entries in sequence, so a larger index means a malformed pickle.
    if (index >= in.limit()) {
      throw new PickleException("has memo index " + index + ", more than it has bytes");
    }
    int at = (int) index;
    if (at >= memo.length) {
      memo = Arrays.copyOf(memo, Math.max(at + 1, (int) Math.min(2L * memo.length, in.limit())));
    }
    if (memo[at] == null) {
      memoCount++;
    }
    memo[at] = top();
  }

  private Object recall(long index) throws PickleException {
    Object value = index < memo.length ? memo[(int) index] : null;
    if (value == null) {
      throw new PickleException("asks for memo index " + index + ", which was never set");
    }
    return value;
  }

  private void mark() {
    if (markCount == marks.length) {
      marks = Arrays.copyOf(marks, 2 * markCount);
    }
    marks[markCount++] = stack.size();
  }

  private void push(Object value) {
    stack.add(value);
  }

  private Object top() throws PickleException {
    expect(1);
    return stack.get(stack.size() - 1);
  }

  private Object pop() throws PickleException {
    expect(1);
    return stack.remove(stack.size() - 1);
  }

  private List<Object> popLast(int count) throws PickleException {
    expect(count);
    return popFrom(stack.size() - count);
  }

  private List<Object> popToMark() throws PickleException {
    if (markCount == 0) {
      throw new PickleException("closes a group at byte " + in.position() + " that never began");
    }
    return popFrom(marks[--markCount]);
  }

  private List<Object> popFrom(int start) {
    Object[] popped = new Object[stack.size() - start];
    for (int i = popped.length - 1; i >= 0; i--) {
      popped[i] = stack.remove(start + i);
    }
    return Arrays.asList(popped);
  }

  /** Checks that this number of values is on the stack above the last mark. */
  private void expect(int count) throws PickleException {
    int bottom = markCount == 0 ? 0 : marks[markCount - 1];
    if (stack.size() - bottom < count) {
      throw new PickleException("lacks a value at byte " + in.position());
    }
  }
}
