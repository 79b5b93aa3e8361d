package io.github.facemask.benchmark;

import io.github.facemask.image.PhotoDecoder;
import io.github.facemask.image.Pixels;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
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

/** How long does it take to decode a photo file in memory, by the side of the photo? */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class DecodeBenchmark {

  /** As files are written. */
  @Param({"jpg", "png"})
  public String format;

  /** Side of the photo in pixels. */
  @Param({"224", "512", "1024"})
  public int side;

  private final PhotoDecoder decoder = PhotoDecoder.create();
  private byte[] file;

  /** Draws a photo of slopes and waves and writes it. */
  @Setup
  public void write() throws IOException {
    BufferedImage photo = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < side; y++) {
      for (int x = 0; x < side; x++) {
        int wave = (int) (127 + 60 * Math.sin(x / 9.0) + 60 * Math.cos(y / 7.0));
        photo.setRGB(x, y, (x * 255 / side) << 16 | wave << 8 | (y * 255 / side));
      }
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(photo, format, bytes);
    file = bytes.toByteArray();
  }

  /** One photo. */
  @Benchmark
  public Pixels decode() throws IOException {
    return decoder.decode(file, "photo");
  }
}
