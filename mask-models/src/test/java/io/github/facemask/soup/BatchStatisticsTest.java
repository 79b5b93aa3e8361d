package io.github.facemask.soup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.common.primitives.ImmutableIntArray;
import com.google.common.primitives.ImmutableLongArray;
import io.github.facemask.batch.BatchSource;
import io.github.facemask.batch.BatchStream;
import io.github.facemask.batch.PhotoBatch;
import io.github.facemask.catalog.Backbones;
import io.github.facemask.dataset.Photo;
import io.github.facemask.label.FaceClass;
import io.github.facemask.network.Initialization;
import io.github.facemask.network.Network;
import io.github.facemask.tensor.HostTensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BatchStatisticsTest {

  private static final int SIDE = 32;
  private static final String MEAN = "layer1.0.bn1.running_mean";
  private static final String VARIANCE = "layer1.0.bn1.running_var";

  /** Batches of two photos of noise, one for each seed. */
  private record Noise(ImmutableLongArray seeds) implements BatchSource {
    @Override
    public List<Photo> photos() {
      return List.of(new Photo("a", Path.of("a")), new Photo("b", Path.of("b")));
    }

    @Override
    public int photosPerEpoch() {
      return 2 * seeds.length();
    }

    @Override
    public int batchSize() {
      return 2;
    }

    @Override
    public Map<String, Object> parameters() {
      return Map.of();
    }

    @Override
    public BatchStream open(NDManager manager, int epoch) {
      return new BatchStream() {
        private int next;

        @Override
        public Optional<PhotoBatch> next() {
          return next == seeds.length() ? Optional.empty() : Optional.of(batch(manager, next++));
        }

        @Override
        public double secondsWaited() {
          return 0;
        }

        @Override
        public void close() {}
      };
    }

    private PhotoBatch batch(NDManager manager, int index) {
      byte[] bytes = new byte[2 * SIDE * SIDE * 3];
      new Random(seeds.get(index)).nextBytes(bytes);
      float[] targets = new float[2 * FaceClass.COUNT];
      targets[0] = 1;
      targets[FaceClass.COUNT + 5] = 1;
      ByteBuffer pixels = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
      return new PhotoBatch(
          manager.create(pixels, new Shape(2, SIDE, SIDE, 3), DataType.UINT8),
          manager.create(targets, new Shape(2, FaceClass.COUNT)),
          ImmutableIntArray.of(0, 1));
    }
  }

  private static final Network NETWORK =
      Backbones.get("resnet18").optInputSize(SIDE, SIDE).network();

  private static Map<String, HostTensor> recomputed(Map<String, HostTensor> weights, long... seeds)
      throws IOException {
    return BatchStatistics.recompute(NETWORK, weights, new Noise(ImmutableLongArray.copyOf(seeds)));
  }

  private static void assertClose(float[] actual, float[] expected) {
    for (int i = 0; i < actual.length; i++) {
      assertThat(actual[i]).isCloseTo(expected[i], within(1e-4f * (1 + Math.abs(expected[i]))));
    }
  }

  @Test
  void whatTheStatisticsWereBeforeDoesNotMatter() throws IOException {
    Map<String, HostTensor> weights = Initialization.random(NETWORK, 1);
    Map<String, HostTensor> spoilt = new LinkedHashMap<>(weights);
    weights.forEach(
        (name, tensor) -> {
          if (name.contains("running_")) {
            float[] values = new float[tensor.toFloats().length];
            Arrays.fill(values, 7);
            spoilt.put(name, HostTensor.ofFloats(tensor.shape(), values));
          }
        });

    Map<String, HostTensor> clean = recomputed(weights, 1, 2);
    Map<String, HostTensor> again = recomputed(spoilt, 1, 2);

    for (String name : List.of(MEAN, VARIANCE)) {
      assertClose(again.get(name).toFloats(), clean.get(name).toFloats());
      assertThat(clean.get(name).toFloats()).isNotEqualTo(weights.get(name).toFloats());
    }
    assertThat(clean.get("fc.weight").toFloats()).isEqualTo(weights.get("fc.weight").toFloats());
  }

  @Test
  void severalBatchesCountAlike() throws IOException {
    Map<String, HostTensor> weights = Initialization.random(NETWORK, 1);
    for (String name : List.of(MEAN, VARIANCE)) {
      float[] first = recomputed(weights, 1).get(name).toFloats();
      float[] second = recomputed(weights, 2).get(name).toFloats();
      float[] mean = new float[first.length];
      for (int i = 0; i < mean.length; i++) {
        mean[i] = (first[i] + second[i]) / 2;
      }

      assertClose(recomputed(weights, 1, 2).get(name).toFloats(), mean);
    }
  }
}
