package io.github.facemask.benchmark;

import io.github.facemask.facecrop.FaceDetector.Detection;
import io.github.facemask.facecrop.FaceDetector.Point;
import io.github.facemask.image.Box;
import io.github.facemask.image.Pixels;
import io.github.facemask.label.MaskState;
import io.github.facemask.overlay.MaskOverlay;
import io.github.facemask.random.RandomStream;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** How many masks can one thread lay on photos of 224 x 224 pixels in a second? */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class OverlayBenchmark {

  private static final int SIDE = 224;

  /** The height of the face over that of the photo: of a portrait, of a face crop, of a face. */
  @Param({"0.35", "0.6", "0.95"})
  public double share;

  private Pixels photo;
  private Detection face;
  private MaskOverlay overlay;
  private RandomStream random;

  /** Makes a photo of a gradient with noise, and a level face in its middle. */
  @Setup
  public void prepare() {
    byte[] rgb = new byte[SIDE * SIDE * 3];
    RandomStream noise = RandomStream.of(7, "pixels");
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) (90 + i / 3 % SIDE / 3 + noise.nextInt(16));
    }
    photo = Pixels.wrap(SIDE, SIDE, rgb);
    double height = share * SIDE;
    double width = 0.8 * height;
    double left = (SIDE - width) / 2;
    double top = (SIDE - height) / 2;
    face =
        new Detection(
            new Box(left, top, left + width, top + height),
            0.9,
            "benchmark",
            List.of(
                new Point(left + 0.28 * width, top + 0.38 * height),
                new Point(left + 0.74 * width, top + 0.39 * height),
                new Point(left + 0.5 * width, top + 0.58 * height),
                new Point(left + 0.32 * width, top + 0.74 * height),
                new Point(left + 0.7 * width, top + 0.75 * height)));
    overlay = MaskOverlay.of(0.5, 0.5);
    random = RandomStream.of(7, "draws");
  }

  /** A mask of any kind that covers nose and mouth. */
  @Benchmark
  public Pixels paint() {
    return overlay.paint(photo, face, MaskState.WORN, random);
  }
}
