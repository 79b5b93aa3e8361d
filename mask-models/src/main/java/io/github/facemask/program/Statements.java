package io.github.facemask.program;

import static io.github.facemask.script.ScriptModule.reference;

import io.github.facemask.training.Precision;
import java.util.Locale;

/** The body of a method, one statement an operation, each setting a new variable. */
final class Statements {

  private final Precision precision;
  private final StringBuilder code = new StringBuilder();
  private int variables;

  Statements(Precision precision) {
    this.precision = precision;
  }

  /**
   * Adds a statement.
   *
   * @param format the expression, in the form of {@link String#format}
   * @param arguments what to put in
   * @return the variable that holds its value
   */
  String set(String format, Object... arguments) {
    String variable = "x" + variables++;
    code.append("  ").append(variable).append(" = ");
    code.append(String.format(Locale.ROOT, format, arguments)).append('\n');
    return variable;
  }

  /** Adds lines as they are. */
  void add(String lines) {
    code.append(lines);
  }

  /** Returns whether the computation is in a shorter form than the weights. */
  boolean rounds() {
    return precision != Precision.FLOAT32;
  }

  /** Returns the tensor of the module in the precision of the computation. */
  String weight(String name) {
    return precision == Precision.FLOAT32
        ? reference(name)
        : set("torch.to(%s, 15)", reference(name));
  }

  /** Returns all statements. */
  String code() {
    return code.toString();
  }

  static String pair(int value) {
    return "[" + value + ", " + value + "]";
  }
}
