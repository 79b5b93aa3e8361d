package io.github.facemask.loss;

import com.google.common.collect.ImmutableList;
import io.github.facemask.label.FaceLabel;
import java.util.stream.Collectors;

/**
 * The columns of targets over {@link FaceLabel}s, in blocks of labels with the same known
 * attributes. The labels of a block exclude each other and their probabilities sum to 1.
 */
final class LabelBlocks {

  private static final ImmutableList<Block> ALL = all();

  private LabelBlocks() {}

  /** Neighbouring columns. */
  private record Block(int first, int size) {}

  /** Returns an expression (B, 48): in each column the sum of its block's columns. */
  static String sums(String columns) {
    return spread(columns, false);
  }

  /** Returns an expression (B, 48): in each column the mean of its block's columns. */
  static String means(String columns) {
    return spread(columns, true);
  }

  private static String spread(String columns, boolean mean) {
    return ALL.stream()
        .map(
            block -> {
              String sum =
                  String.format(
                      "torch.sum(torch.slice(%s, 1, %d, %d), [1], True)",
                      columns, block.first, block.first + block.size);
              String value = mean ? "torch.div(" + sum + ", " + block.size + ")" : sum;
              return "torch.repeat(" + value + ", [1, " + block.size + "])";
            })
        .collect(Collectors.joining(", ", "torch.cat([", "], 1)"));
  }

  private static ImmutableList<Block> all() {
    ImmutableList.Builder<Block> blocks = ImmutableList.builder();
    int first = 0;
    for (int id = 1; id <= FaceLabel.COUNT; id++) {
      if (id == FaceLabel.COUNT
          || !FaceLabel.ofId(id).known().equals(FaceLabel.ofId(first).known())) {
        blocks.add(new Block(first, id - first));
        first = id;
      }
    }
    return blocks.build();
  }
}
