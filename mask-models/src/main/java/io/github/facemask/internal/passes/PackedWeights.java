package io.github.facemask.internal.passes;

import io.github.facemask.internal.torchscript.ProgramMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Weights that are packed for oneDNN when a program first runs; the originals are then freed. A
 * convolution has one packed form for a single photo and another for larger batches. With the wrong
 * form, oneDNN would reorder the weights in every call.
 */
final class PackedWeights {

  /** The variable of a program that holds the list for the current batch size. */
  private static final String HERE = "packed";

  private static final String OF_ONE = "packed_for_one";
  private static final String OF_MANY = "packed_for_many";

  /**
   * The batch size to pack for. From two photos on the forms are the same, except for some features
   * of few pixels.
   */
  private static final int MANY = 8;

  private final List<String> weights = new ArrayList<>();
  private final List<IntFunction<String>> packings = new ArrayList<>();

  /**
   * Adds a tensor.
   *
   * @param weight the expression of the original tensor; nothing else reads it
   * @param packing the expression that packs it, by the batch size
   * @return the expression that reads the packed tensor
   */
  String add(String weight, IntFunction<String> packing) {
    weights.add(weight);
    packings.add(packing);
    return HERE + "[" + (packings.size() - 1) + "]";
  }

  int size() {
    return packings.size();
  }

  /** Returns the names of the attributes that hold the packed weights. */
  static List<String> attributes() {
    return List.of(OF_ONE, OF_MANY);
  }

  /** Returns the statements that choose the list by the size of {@code photos}. */
  String choice() {
    return packings.isEmpty()
        ? ""
        : """
            if torch.eq(torch.len(self.%1$s), 0):
              _done = %4$s
            else:
              pass
            %2$s = self.%1$s if torch.eq(torch.size(photos, 0), 1) else self.%3$s
          """
            .formatted(OF_ONE, HERE, OF_MANY, ProgramMethod.PREPARE.invocation("photos"));
  }

  /** Returns the method {@code prepare(any)}, which packs all weights once. */
  String method() {
    StringBuilder code = new StringBuilder();
    code.append(ProgramMethod.PREPARE.signature("any: Tensor", "Tensor"));
    if (packings.isEmpty()) {
      return code.append("  return any\n").toString();
    }
    StringBuilder one = new StringBuilder();
    StringBuilder many = new StringBuilder();
    StringBuilder freed = new StringBuilder();
    code.append("  if torch.eq(torch.len(self." + OF_ONE + "), 0):\n");
    for (int i = 0; i < packings.size(); i++) {
      String ofOne = packings.get(i).apply(1);
      String ofMany = packings.get(i).apply(MANY);
      boolean alike = ofMany.equals(ofOne);
      code.append("    o").append(i).append(" = ").append(ofOne).append('\n');
      if (!alike) {
        code.append("    m").append(i).append(" = ").append(ofMany).append('\n');
      }
      one.append(i == 0 ? "o" : ", o").append(i);
      many.append(i == 0 ? "" : ", ").append(alike ? "o" : "m").append(i);
      freed.append("    ").append(weights.get(i)).append(" = nothing\n");
    }
    code.append("    self." + OF_MANY + " = [").append(many).append("]\n");
    code.append("    self." + OF_ONE + " = [").append(one).append("]\n");
    code.append("    nothing = torch.zeros([0])\n").append(freed);
    return code.append("  else:\n    pass\n  return any\n").toString();
  }
}
