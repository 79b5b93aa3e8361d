package io.github.facemask.ensemble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableList;
import com.google.common.primitives.Ints;
import io.github.facemask.backbone.Backbones;
import io.github.facemask.batch.BatchSource;
import io.github.facemask.batch.BatchSource.BatchStream;
import io.github.facemask.batch.PhotoBatch;
import io.github.facemask.dataset.Photo;
import io.github.facemask.internal.parity.FormulaTensors;
import io.github.facemask.internal.program.Initialization;
import io.github.facemask.label.FaceClass;
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
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchStatisticsTest {

  private static final int SIDE = 32;
  private static final String MEAN = "layer1.0.bn1.running_mean";
  private static final String VARIANCE = "layer1.0.bn1.running_var";

  /** Batches of photos. */
  private record Photos(List<Integer> sizes, Bytes bytes) implements BatchSource {
    @Override
    public List<Photo> photos() {
      return IntStream.range(0, sizes.stream().mapToInt(Integer::intValue).max().orElse(0))
          .mapToObj(i -> new Photo("p" + i, Path.of("p" + i)))
          .toList();
    }

    @Override
    public int photosPerEpoch() {
      return sizes.stream().mapToInt(Integer::intValue).sum();
    }

    @Override
    public int batchSize() {
      return sizes.get(0);
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
          return next == sizes.size() ? Optional.empty() : Optional.of(batch(manager, next++));
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
      int size = sizes.get(index);
      byte[] filled = new byte[size * SIDE * SIDE * 3];
      bytes.fill(index, filled);
      float[] targets = new float[size * FaceClass.COUNT];
      for (int i = 0; i < size; i++) {
        targets[i * FaceClass.COUNT + 5 * i] = 1;
      }
      ByteBuffer pixels = ByteBuffer.allocateDirect(filled.length).put(filled).flip();
      return new PhotoBatch(
          manager.create(pixels, new Shape(size, SIDE, SIDE, 3), DataType.UINT8),
          manager.create(targets, new Shape(size, FaceClass.COUNT)),
          ImmutableList.copyOf(Ints.asList(IntStream.range(0, size).toArray())));
    }
  }

  @FunctionalInterface
  private interface Bytes {
    void fill(int batch, byte[] photos);
  }

  private static final Network NETWORK =
      Backbones.get("resnet18").withInputSize(SIDE, SIDE).network();

  private static Map<String, HostTensor> recomputed(Map<String, HostTensor> weights, long... seeds)
      throws IOException {
    int[] twos = new int[seeds.length];
    Arrays.fill(twos, 2);
    return BatchStatistics.recompute(
        NETWORK,
        weights,
        new Photos(
            ImmutableList.copyOf(Ints.asList(twos)),
            (batch, photos) -> new Random(seeds[batch]).nextBytes(photos)));
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

  /** The bytes of make_update_bn.py. */
  private static void formula(long batch, byte[] photos) {
    for (int i = 0; i < photos.length; i++) {
      long value = i * 2654435761L + batch * 40503 * 65536 + 12345 * batch * i;
      photos[i] = (byte) (value >> 16);
    }
  }

  @Test
  void theyAreThoseOfPyTorch() throws IOException {
    JsonNode golden =
        new ObjectMapper().readTree(Path.of("src/test/resources/golden/update_bn.json").toFile());
    int[] sizes = new int[golden.path("batches").size()];
    Arrays.setAll(sizes, k -> golden.path("batches").get(k).asInt());
    Map<String, HostTensor> weights = FormulaTensors.of(NETWORK, golden.path("seed").asLong(), 1);

    Map<String, HostTensor> found =
        BatchStatistics.recompute(
            NETWORK,
            weights,
            new Photos(ImmutableList.copyOf(Ints.asList(sizes)), BatchStatisticsTest::formula));

    JsonNode statistics = golden.path("statistics");
    assertThat(statistics.size()).isEqualTo(40);
    for (Map.Entry<String, JsonNode> expected : statistics.properties()) {
      double[] values = found.get(expected.getKey()).toDoubles();
      double scale = expected.getValue().path("norm").asDouble() / Math.sqrt(values.length);
      assertThat(Arrays.stream(values).average().orElseThrow())
          .as(expected.getKey())
          .isCloseTo(expected.getValue().path("mean").asDouble(), within(1e-4 * scale));
      double norm = Math.sqrt(Arrays.stream(values).map(v -> v * v).sum());
      assertThat(norm / Math.sqrt(values.length))
          .as(expected.getKey())
          .isCloseTo(scale, within(1e-4 * scale));
      for (int i = 0; i < 6; i++) {
        assertThat(values[i])
            .as(expected.getKey())
            .isCloseTo(expected.getValue().path("first").get(i).asDouble(), within(1e-4 * scale));
      }
    }
  }
}
