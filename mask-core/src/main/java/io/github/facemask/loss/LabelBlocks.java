package io.github.facemask.loss;

import com.google.common.collect.ImmutableList;
import io.github.facemask.label.FaceLabel;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The columns of targets over {@link FaceLabel}s, in blocks of labels with the same known
 * attributes, and over the years of an age. The columns of a block exclude each other and their
 * probabilities sum to 1.
 */
final class LabelBlocks {

  private static final ImmutableList<Block> LABELS = labels();

  private LabelBlocks() {}

  /** Neighbouring columns. */
  private record Block(int first, int size) {}

  /** Returns an expression of as many columns: in each the sum of its block's columns. */
  static String sums(String columns, int count) {
    return spread(columns, count, false);
  }

  /** Returns an expression of as many columns: in each the mean of its block's columns. */
  static String means(String columns, int count) {
    return spread(columns, count, true);
  }

  private static String spread(String columns, int count, boolean mean) {
    return Stream.concat(
            LABELS.stream(),
            count == FaceLabel.COUNT
                ? Stream.empty()
                : Stream.of(new Block(FaceLabel.COUNT, count - FaceLabel.COUNT)))
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

  private static ImmutableList<Block> labels() {
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
