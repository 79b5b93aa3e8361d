package io.github.facemask.facecrop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.facemask.hub.Hub;
import io.github.facemask.image.Box;
import io.github.facemask.image.Pixels;
import io.github.facemask.image.TestFiles;
import io.github.facemask.problem.InvalidFileException;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FaceDetectorsTest {

  @Test
  void theDetectorOfSettingsHasTheseSettings() throws IOException {
    FaceCropSettings.Detector wanted = FaceDetectors.cascade().settings();

    assertThat(FaceDetectors.open(wanted, Optional.empty()).settings()).isEqualTo(wanted);
  }

  /** A detector of a user's own. */
  public static final class Middle implements FaceDetector.Provider {
    @Override
    public String name() {
      return "middle";
    }

    @Override
    public FaceDetector create() {
      return new FaceDetector() {
        @Override
        public List<Detection> detect(Pixels photo) {
          return List.of(new Detection(Box.whole(photo.height(), photo.width()), 1, "middle"));
        }

        @Override
        public FaceCropSettings.Detector settings() {
          return new FaceCropSettings.Detector("middle", "", Map.of("version", 1.0));
        }
      };
    }
  }

  @Test
  void aDetectorOfAUsersOwnIsOpenedByTheNameInTheCard(@TempDir Path folder) throws Exception {
    Path services = Files.createDirectories(folder.resolve("META-INF/services"));
    Files.writeString(
        services.resolve(FaceDetector.Provider.class.getName()), Middle.class.getName());
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    try (URLClassLoader with = new URLClassLoader(new URL[] {folder.toUri().toURL()}, before)) {
      Thread.currentThread().setContextClassLoader(with);
      FaceDetector middle = FaceDetectors.custom("middle").orElseThrow();

      assertThat(FaceDetectors.open(middle.settings(), Optional.empty()).settings())
          .isEqualTo(middle.settings());
      FaceCropSettings.Detector other =
          new FaceCropSettings.Detector("middle", "", Map.of("version", 2.0));
      assertThatThrownBy(() -> FaceDetectors.open(other, Optional.empty()))
          .hasMessageContaining("which finds other faces");
      assertThat(FaceDetectors.custom("right")).isEmpty();
    } finally {
      Thread.currentThread().setContextClassLoader(before);
    }
  }

  @Test
  void theUsualDetectorIsYunetOnlyWhereItsNetworkIs(@TempDir Path folder) throws IOException {
    assertThat(FaceDetectors.usual(hub(folder)).settings().name()).isEqualTo("cascade");
    Files.copy(
        TestFiles.path("yunet/green_squares.onnx"),
        folder.resolve("face_detection_yunet_2023mar.onnx"));
    // It is there: another file under its name is an error, not a reason for the cascades.
    assertThatThrownBy(() -> FaceDetectors.usual(hub(folder)))
        .isInstanceOf(InvalidFileException.class);
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

  @Test
  void anotherFileUnderTheNameOfYunetIsRefused(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("face_detection_yunet_2023mar.onnx");
    Files.copy(TestFiles.path("yunet/green_squares.onnx"), file);

    assertThatThrownBy(() -> FaceDetectors.yunet(hub(folder)))
        .isInstanceOf(InvalidFileException.class)
        .hasMessageContaining("expected " + FaceDetectors.YUNET.digest().orElseThrow().hex());
  }

  @Test
  void yunetIsFoundByName(@TempDir Path folder) throws IOException {
    String file = System.getProperty("facemask.yunet", System.getenv("FACEMASK_YUNET"));
    assumeTrue(
        file != null,
        "no network of YuNet is given; name one by -Dfacemask.yunet=FILE or FACEMASK_YUNET");
    Files.copy(Path.of(file), folder.resolve("face_detection_yunet_2023mar.onnx"));

    assertThat(FaceDetectors.yunet(hub(folder)).settings().networkSha256())
        .isEqualTo(FaceDetectors.YUNET.digest().orElseThrow().hex());
  }

  private static Hub hub(Path folder) {
    return Hub.of(
        Map.of(
            "FACEMASK_WEIGHTS", folder.toString(),
            "HF_HOME", folder.resolve("hf").toString(),
            "HF_HUB_OFFLINE", "1"));
  }
}
