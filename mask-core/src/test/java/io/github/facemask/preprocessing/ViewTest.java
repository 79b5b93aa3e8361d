package io.github.facemask.preprocessing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ViewTest {

  @Test
  void tenCropsAreFiveAndTheirMirrorImages() {
    assertThat(View.tenCrops(0.875)).hasSize(10).doesNotHaveDuplicates();
    assertThat(View.tenCrops(0.875)).filteredOn(View::mirrored).hasSize(5);
    assertThat(View.tenCrops(0.875)).allMatch(view -> View.tenCrops(0.875).contains(view.mirror()));
  }

  @Test
  void aMirrorOfAMirrorIsTheView() {
    View view = new View(0.5, 0.25, 1, false);
    assertThat(view.mirror()).isNotEqualTo(view);
    assertThat(view.mirror().mirror()).isEqualTo(view);
    assertThat(View.flip()).containsExactly(View.WHOLE, View.WHOLE.mirror());
  }

  @Test
  void whatLiesOutsideOfThePhotoIsRefused() {
    assertThatThrownBy(() -> new View(0, 0.5, 0.5, false)).hasMessageContaining("zoom is 0.0");
    assertThatThrownBy(() -> new View(1, 1.5, 0.5, false)).hasMessageContaining("expected 0 to 1");
  }
}
