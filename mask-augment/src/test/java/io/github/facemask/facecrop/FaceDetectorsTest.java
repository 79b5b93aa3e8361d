package io.github.facemask.facecrop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FaceDetectorsTest {

  @Test
  void theDetectorOfSettingsHasTheseSettings() throws IOException {
    FaceCropSettings.Detector wanted = FaceDetectors.cascade().settings();

    assertThat(FaceDetectors.open(wanted, Optional.empty()).settings()).isEqualTo(wanted);
  }

  @Test
  void aDigestThatIsNoneIsRefused() {
    assertThatThrownBy(() -> new FaceCropSettings.Detector("yunet", "00", Map.of()))
        .hasMessageContaining("network sha256 is 00, expected 64 hexadecimal digits");
  }

  @Test
  void noOtherDetectorTakesThePlaceOfOneThatIsNotAtHand() {
    FaceCropSettings.Detector own = new FaceCropSettings.Detector("own", "", Map.of());
    FaceCropSettings.Detector yunet =
        new FaceCropSettings.Detector("yunet", "0".repeat(64), Map.of());

    assertThatThrownBy(() -> FaceDetectors.open(own, Optional.empty()))
        .isInstanceOf(FaceDetectors.UnavailableException.class)
        .hasMessageContaining("own");
    assertThatThrownBy(() -> FaceDetectors.open(yunet, Optional.empty()))
        .isInstanceOf(FaceDetectors.UnavailableException.class)
        .hasMessageContaining("yunet");
  }
}
