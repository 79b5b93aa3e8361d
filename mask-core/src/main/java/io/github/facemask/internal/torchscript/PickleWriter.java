package io.github.facemask.internal.torchscript;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Writes the part of Python's pickle protocol 2 that a TorchScript archive needs. The opcodes are
 * those of CPython's {@code pickletools.py}.
 */
final class PickleWriter {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  PickleWriter() {
    op(0x80).op(2);
  }

  PickleWriter op(int code) {
    out.write(code);
    return this;
  }

  PickleWriter mark() {
    return op('(');
  }

  PickleWriter tuple() {
    return op('t');
  }

  PickleWriter none() {
    return op('N');
  }

  PickleWriter bool(boolean value) {
    return op(value ? 0x88 : 0x89);
  }

  PickleWriter text(String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    op('X').bytes(little(4).putInt(utf8.length).array());
    return bytes(utf8);
  }

  PickleWriter integer(long value) {
    if (value >= 0 && value < 256) {
      return op('K').op((int) value);
    }
    if (value == (int) value) {
      return op('J').bytes(little(4).putInt((int) value).array());
    }
    return op(0x8a).op(8).bytes(little(8).putLong(value).array());
  }

  PickleWriter global(String module, String name) {
    return op('c').bytes((module + '\n' + name + '\n').getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Pushes an instance of a class without state. {@link #beginState} and {@link #endState} then add
   * the state.
   */
  PickleWriter instance(String module, String name) {
    return global(module, name).op(')').op(0x81);
  }

  PickleWriter beginState() {
    return op('}').mark();
  }

  PickleWriter endState() {
    return op('u').op('b');
  }

  PickleWriter reduce() {
    return op('R');
  }

  PickleWriter integers(long[] values) {
    mark();
    for (long value : values) {
      integer(value);
    }
    return tuple();
  }

  byte[] finish() {
    op('.');
    return out.toByteArray();
  }

  private PickleWriter bytes(byte[] value) {
    out.writeBytes(value);
    return this;
  }

  private static ByteBuffer little(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }
}
