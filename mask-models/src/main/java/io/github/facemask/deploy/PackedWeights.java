package io.github.facemask.deploy;

import java.util.ArrayList;
import java.util.List;

/** Weights that are brought into oneDNN's form when a program first runs. */
final class PackedWeights {

  static final String LIST = "packed";

  private final List<String> packings = new ArrayList<>();

  /**
   * Adds a tensor.
   *
   * @param packing the expression that packs it
   * @return the expression that reads it packed
   */
  String add(String packing) {
    packings.add(packing);
    return "self." + LIST + "[" + (packings.size() - 1) + "]";
  }

  int size() {
    return packings.size();
  }

  /** Returns the method {@code prepare(any)}, which packs everything. */
  String method() {
    StringBuilder code = new StringBuilder();
    code.append("def prepare(self: __torch__.Program, any: Tensor) -> Tensor:\n");
    for (int i = 0; i < packings.size(); i++) {
      code.append("  p").append(i).append(" = ").append(packings.get(i)).append('\n');
    }
    code.append("  self." + LIST + " = [");
    for (int i = 0; i < packings.size(); i++) {
      code.append(i == 0 ? "p" : ", p").append(i);
    }
    return code.append("]\n  return any\n").toString();
  }
}
