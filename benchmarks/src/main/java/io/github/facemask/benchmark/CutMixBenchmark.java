package io.github.facemask.benchmark;

import io.github.facemask.label.FaceClass;
import io.github.facemask.mixing.CutMix;
import io.github.facemask.mixing.Mixing;
import io.github.facemask.random.RandomStream;
import java.nio.ByteBuffer;
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

/** How long does CutMix of a batch take, drawn and applied? */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CutMixBenchmark {

  /** Photos in the batch. */
  @Param({"64"})
  public int batch;

  /** Side of the photos in pixels. */
  @Param({"224"})
  public int size;

  private final Mixing mixing = CutMix.alpha(1);
  private ByteBuffer pixels;
  private float[][] targets;
  private int step;

  /** Makes a batch of noise, each photo of a class of its own. */
  @Setup
  public void fill() {
    RandomStream random = RandomStream.of(1, "benchmark");
    pixels = ByteBuffer.allocateDirect(batch * size * size * 3);
    while (pixels.remaining() >= 8) {
      pixels.putLong(random.nextLong());
    }
    pixels.clear();
    targets = new float[batch][FaceClass.COUNT];
    for (int i = 0; i < batch; i++) {
      targets[i][i % FaceClass.COUNT] = 1;
    }
  }

  /** Mixes in place. */
  @Benchmark
  public float[][] mix() {
    mixing.draw(7, 0, step++, size, size, targets).applyTo(pixels, size, size, targets);
    return targets;
  }
}
