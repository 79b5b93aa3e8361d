package io.github.facemask.internal.program;

import static io.github.facemask.internal.torchscript.ScriptModule.reference;

import io.github.facemask.internal.torchscript.ScalarType;
import io.github.facemask.tensor.Precision;
import java.util.Locale;
import java.util.function.Supplier;

/** The body of a method: one statement for each operation, each of which sets a new variable. */
public final class Statements {

  private final Precision precision;
  private final boolean weightsAreRounded;
  private final StringBuilder code = new StringBuilder();
  private int variables;

  /**
   * Starts a method that computes in a precision.
   *
   * @param precision the precision
   * @param weightsAreRounded whether the module holds its weights in this precision instead of
   *     float32
   */
  public Statements(Precision precision, boolean weightsAreRounded) {
    this.precision = precision;
    this.weightsAreRounded = weightsAreRounded;
  }

  /**
   * Adds a statement.
   *
   * @param format the expression, in the form of {@link String#format}
   * @param arguments the format's arguments
   * @return the variable that holds its value
   */
  public String set(String format, Object... arguments) {
    String variable = "x" + variables++;
    code.append("  ").append(variable).append(" = ");
    code.append(String.format(Locale.ROOT, format, arguments)).append('\n');
    return variable;
  }

  /**
   * Adds a conditional expression.
   *
   * @param condition a boolean expression
   * @param then adds the statements for true and returns their value
   * @param otherwise adds the statements for false and returns their value, of the same type
   * @return the variable that holds the value
   */
  public String choose(String condition, Supplier<String> then, Supplier<String> otherwise) {
    String variable = "x" + variables++;
    code.append("  if ").append(condition).append(":\n");
    addBranch(variable, then);
    code.append("  else:\n");
    addBranch(variable, otherwise);
    return variable;
  }

  private void addBranch(String variable, Supplier<String> branch) {
    int start = code.length();
    String value = branch.get();
    code.append("  ").append(variable).append(" = ").append(value).append('\n');
    String lines = code.substring(start);
    code.setLength(start);
    code.append(lines.indent(2));
  }

  /** Adds lines unchanged. */
  public void add(String lines) {
    code.append(lines);
  }

  /** Returns whether the computation has a lower precision than the weights. */
  public boolean rounds() {
    return precision != Precision.FLOAT32;
  }

  /** Returns the tensor of the module in the precision of the computation. */
  public String weight(String name) {
    return precision == Precision.FLOAT32 || weightsAreRounded
        ? reference(name)
        : set("%s", ScalarType.BFLOAT16.cast(reference(name)));
  }

  /** Returns all statements. */
  public String code() {
    return code.toString();
  }

  /** Returns a list that has the number twice. */
  public static String pair(int value) {
    return "[" + value + ", " + value + "]";
  }
}
