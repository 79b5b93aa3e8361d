package io.github.facemask.learning;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.common.collect.ImmutableList;
import com.google.common.primitives.Ints;
import io.github.facemask.batch.BatchSource;
import io.github.facemask.batch.BatchSource.BatchStream;
import io.github.facemask.batch.PhotoBatch;
import io.github.facemask.dataset.FacePhoto;
import io.github.facemask.dataset.Photo;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.label.FaceClass;
import io.github.facemask.random.RandomStream;
import io.github.facemask.training.TrainingData;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Photos of noise around a colour that tells their class, held nowhere but made when asked for. */
final class ColouredPhotos implements BatchSource {

  static final int SIZE = 16;

  private final PhotoSet set;
  private final int batchSize;
  private final int brokenAt;

  private ColouredPhotos(PhotoSet set, int batchSize, int brokenAt) {
    this.set = set;
    this.batchSize = batchSize;
    this.brokenAt = brokenAt;
  }

  static TrainingData data(int training, int validation, int batchSize) {
    return data(training, validation, batchSize, -1);
  }

  /** The targets of the photo at {@code brokenAt} are infinite. */
  static TrainingData data(int training, int validation, int batchSize, int brokenAt) {
    PhotoSet learned = photos("t", training);
    PhotoSet judged = photos("v", validation);
    return new TrainingData(
        learned,
        new ColouredPhotos(learned, batchSize, brokenAt),
        judged,
        new ColouredPhotos(judged, batchSize, -1));
  }

  static PhotoSet photos(String name, int count) {
    List<FacePhoto> photos = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String id = name + i;
      FaceClass faceClass = FaceClass.ofId(i % 3);
      photos.add(new FacePhoto(new Photo(id, Path.of(id + ".jpg")), id, 30, faceClass));
    }
    return PhotoSet.of(photos);
  }

  @Override
  public List<Photo> photos() {
    return set.photos();
  }

  @Override
  public int photosPerEpoch() {
    return set.size();
  }

  @Override
  public int batchSize() {
    return batchSize;
  }

  @Override
  public Map<String, Object> parameters() {
    return Map.of("batchSize", batchSize);
  }

  @Override
  public BatchStream open(NDManager manager, int epoch) {
    return new BatchStream() {
      private int next;

      @Override
      public Optional<PhotoBatch> next() {
        if (next >= set.size()) {
          return Optional.empty();
        }
        int from = next;
        next = Math.min(set.size(), next + batchSize);
        return Optional.of(batch(manager, epoch, from, next));
      }

      @Override
      public double secondsWaited() {
        return 0;
      }

      @Override
      public void close() {}
    };
  }

  private PhotoBatch batch(NDManager manager, int epoch, int from, int to) {
    int count = to - from;
    ByteBuffer pixels = ByteBuffer.allocateDirect(count * SIZE * SIZE * 3);
    float[] targets = new float[count * FaceClass.COUNT];
    int[] indices = new int[count];
    for (int i = 0; i < count; i++) {
      int label = set.get(from + i).label().id();
      RandomStream random = RandomStream.of(epoch, "coloured " + (from + i));
      for (int p = 0; p < SIZE * SIZE; p++) {
        for (int c = 0; c < 3; c++) {
          pixels.put((byte) ((c == label ? 120 : 60) + random.nextInt(80)));
        }
      }
      indices[i] = from + i;
      targets[i * FaceClass.COUNT + label] = from + i == brokenAt ? Float.POSITIVE_INFINITY : 1;
    }
    return new PhotoBatch(
        manager.create(pixels.flip(), new Shape(count, SIZE, SIZE, 3), DataType.UINT8),
        manager.create(targets, new Shape(count, FaceClass.COUNT)),
        ImmutableList.copyOf(Ints.asList(indices)));
  }
}
