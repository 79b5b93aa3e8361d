package io.github.facemask.loader;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.Floats;
import com.google.common.primitives.Ints;
import io.github.facemask.batch.BatchSource;
import io.github.facemask.batch.PhotoBatch;
import io.github.facemask.dataset.Photo;
import io.github.facemask.loader.PhotoLoader.FeatureNetwork;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Batches of features: each photo goes through a network once, before the first batch. */
final class FeatureBatches implements BatchSource {

  private final PhotoLoader loader;
  private final PhotoLoader.FeatureNetworkSource source;
  private float[][] features;

  FeatureBatches(PhotoLoader loader, PhotoLoader.FeatureNetworkSource source) {
    this.loader = loader;
    this.source = source;
  }

  /** Returns the features of each photo, in the order of the photos. */
  private synchronized float[][] features() throws IOException {
    if (features == null) {
      float[][] all = new float[loader.photos().size()][];
      int[] order = IntStream.range(0, all.length).toArray();
      try (FeatureNetwork network = source.open();
          NDManager scope = network.manager().newSubManager();
          BatchStream stream = loader.open(scope, 0, order)) {
        for (Optional<PhotoBatch> next = stream.next(); next.isPresent(); next = stream.next()) {
          try (PhotoBatch batch = next.get();
              NDArray pooled = network.pooled(batch.pixels())) {
            int width = (int) pooled.getShape().get(1);
            float[] values = pooled.toFloatArray();
            for (int i = 0; i < batch.size(); i++) {
              all[batch.indices().get(i)] = Arrays.copyOfRange(values, i * width, (i + 1) * width);
            }
          }
        }
      }
      features = all;
    }
    return features;
  }

  @Override
  public BatchStream open(NDManager manager, int epoch) {
    return new FeatureStream(manager, loader.order(epoch));
  }

  /** One pass. */
  private final class FeatureStream implements BatchStream {
    private final NDManager manager;
    private final int[] order;
    private int position;

    FeatureStream(NDManager manager, int[] order) {
      this.manager = manager;
      this.order = order;
    }

    @Override
    public Optional<PhotoBatch> next() throws IOException {
      if (position == order.length) {
        return Optional.empty();
      }
      float[][] all = features();
      int[] rows =
          Arrays.copyOfRange(order, position, Math.min(order.length, position + batchSize()));
      position += rows.length;
      float[][] chosen = Arrays.stream(rows).mapToObj(row -> all[row]).toArray(float[][]::new);
      float[][] targets =
          Arrays.stream(rows).mapToObj(row -> loader.target(0, row)).toArray(float[][]::new);
      return Optional.of(
          new PhotoBatch(
              manager.create(Floats.concat(chosen), new Shape(rows.length, chosen[0].length, 1, 1)),
              manager.create(Floats.concat(targets), new Shape(rows.length, targets[0].length)),
              ImmutableList.copyOf(Ints.asList(rows))));
    }

    @Override
    public double secondsWaited() {
      return 0;
    }

    @Override
    public void close() {}
  }

  @Override
  public List<Photo> photos() {
    return loader.photos();
  }

  @Override
  public double[] expectedLabelCounts(int epoch) {
    return loader.expectedLabelCounts(epoch);
  }

  @Override
  public int photosPerEpoch() {
    return loader.photosPerEpoch();
  }

  @Override
  public int batchSize() {
    return loader.batchSize();
  }

  @Override
  public Map<String, Object> faces() {
    return loader.faces();
  }

  @Override
  public boolean showsYears() {
    return loader.showsYears();
  }

  @Override
  public void writeTo(Path run) throws IOException {
    loader.writeTo(run);
  }

  @Override
  public Map<String, Object> parameters() {
    return ImmutableMap.<String, Object>builder()
        .putAll(loader.parameters())
        .put("cachedFeatures", true)
        .buildOrThrow();
  }
}
