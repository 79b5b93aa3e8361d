package io.github.facemask.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.facemask.network.Attention.WindowAttention.Grid;
import org.junit.jupiter.api.Test;

class WindowGridTest {

  @Test
  void relativePositionsOfATwoByTwoWindow() {
    Grid grid = Grid.of(4, 4, 2, false);

    assertThat(grid.relativePositions()).isEqualTo(9);
    // 3 * (rows down + 1) + (columns right + 1), the looking pixel minus the other.
    assertThat(grid.relativePositionIndex())
        .containsExactly(4, 3, 1, 0, 5, 4, 2, 1, 7, 6, 4, 3, 8, 7, 5, 4);
  }

  @Test
  void onlyPixelsThatTheRollBroughtTogetherAreMasked() {
    Grid grid = Grid.of(4, 2, 2, true);

    // One column of windows as wide as the features: rolled downwards only.
    assertThat(grid.shiftHeight()).isEqualTo(1);
    assertThat(grid.shiftWidth()).isZero();
    float[] mask = grid.shiftMask();
    assertThat(mask).hasSize(2 * 16);
    assertThat(java.util.Arrays.copyOf(mask, 16)).containsOnly(0f);
    assertThat(java.util.Arrays.copyOfRange(mask, 16, 32))
        .containsExactly(0, 0, -100, -100, 0, 0, -100, -100, -100, -100, 0, 0, -100, -100, 0, 0);
  }

  @Test
  void aWindowShrinksToSmallFeaturesAndStands() {
    Grid grid = Grid.of(4, 5, 7, true);

    assertThat(grid).isEqualTo(new Grid(4, 5, 4, 5, 0, 0));
    assertThat(grid.isShifted()).isFalse();
  }

  @Test
  void windowsThatDoNotFitArePadded() {
    Grid grid = Grid.of(16, 8, 7, false);

    assertThat(grid.rows()).isEqualTo(3);
    assertThat(grid.paddedHeight()).isEqualTo(21);
    assertThat(grid.paddedWidth()).isEqualTo(14);
  }

  @Test
  void aShiftAsLargeAsTheWindowIsRefused() {
    assertThatThrownBy(() -> new Grid(8, 8, 4, 4, 4, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("shift is 4 x 0");
  }
}
