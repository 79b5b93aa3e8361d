package io.github.facemask.prediction;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.facemask.batch.BatchSource;
import io.github.facemask.batch.BatchSource.BatchStream;
import io.github.facemask.batch.PhotoBatch;
import io.github.facemask.problem.Problem;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntConsumer;

/** A loaded network that classifies photos. */
public interface PhotoClassifier extends AutoCloseable {

  /** Returns the manager that owns the weights; batches may be made in a sub-manager of it. */
  NDManager manager();

  /**
   * Classifies photos.
   *
   * @param photos uint8 (B, H, W, 3), RGB, of the network's input size
   * @return float32 probabilities (B, 18), owned by the manager of the photos; of a model that
   *     answers the age in years (B, 19), with the expected age in the last column
   */
  NDArray classify(NDArray photos);

  /**
   * Classifies each photo of a source once.
   *
   * @param source the photos, each shown once in a pass, without augmentation
   * @param progress receives the number of photos done so far
   * @return the 18 probabilities of each photo, and the expected age of a model that answers it, in
   *     the order of {@link BatchSource#photos}
   * @throws IOException if a photo cannot be read
   * @throws NonFiniteAnswerException if the network answers NaN
   */
  default float[][] classifyAll(BatchSource source, IntConsumer progress) throws IOException {
    float[][] probabilities = new float[source.photos().size()][];
    int done = 0;
    try (NDManager scope = manager().newSubManager();
        BatchStream stream = source.open(scope, 0)) {
      for (Optional<PhotoBatch> next = stream.next(); next.isPresent(); next = stream.next()) {
        try (PhotoBatch batch = next.get();
            NDArray result = classify(batch.pixels())) {
          float[] values =
              NonFiniteAnswerException.check(result.toFloatArray(), ids(batch, source));
          int columns = values.length / batch.size();
          for (int i = 0; i < batch.size(); i++) {
            int from = i * columns;
            probabilities[batch.indices().get(i)] =
                Arrays.copyOfRange(values, from, from + columns);
          }
          done += batch.size();
          progress.accept(done);
        }
      }
    }
    if (done != probabilities.length || Arrays.asList(probabilities).contains(null)) {
      throw new IllegalArgumentException(
          "the source showed "
              + done
              + " photos in one pass, expected each of its "
              + probabilities.length
              + " once; classify without a sampler");
    }
    return probabilities;
  }

  private static List<String> ids(PhotoBatch batch, BatchSource source) {
    return batch.indices().stream().map(i -> source.photos().get(i).id()).toList();
  }

  /** Frees the network. */
  @Override
  void close();

  /**
   * Thrown when a network answers NaN or an infinite number. Its weights are damaged, or too large
   * for the precision.
   */
  final class NonFiniteAnswerException extends IllegalArgumentException {

    private static final long serialVersionUID = 1;

    private final Problem problem;
    private final transient List<String> photoIds;

    private NonFiniteAnswerException(Problem problem, List<String> photoIds) {
      super(problem.message());
      this.problem = problem;
      this.photoIds = photoIds;
    }

    /** Returns the photos without a finite answer, if they are known. */
    public List<String> photoIds() {
      return photoIds;
    }

    /** Returns what is wrong, as fields. */
    public Problem problem() {
      return problem;
    }

    /**
     * Checks the answers of a network.
     *
     * @param probabilities the numbers that it gave, as many for each photo
     * @param ids the ids of the photos, empty if they are unknown
     * @return the same numbers
     * @throws NonFiniteAnswerException if one is NaN or infinite
     */
    public static float[] check(float[] probabilities, List<String> ids) {
      Set<String> photos = new LinkedHashSet<>();
      boolean finite = true;
      for (int i = 0; i < probabilities.length; i++) {
        if (!Float.isFinite(probabilities[i])) {
          finite = false;
          if (!ids.isEmpty()) {
            photos.add(ids.get((int) ((long) i * ids.size() / probabilities.length)));
          }
        }
      }
      if (!finite) {
        throw new NonFiniteAnswerException(
            Problem.of("modelAnswer", "NaN" + of(photos), "probabilities")
                .withRemedy(
                    "compute in FLOAT32, or train the model again with a lower learning rate"),
            List.copyOf(photos));
      }
      return probabilities;
    }

    private static String of(Set<String> photos) {
      int more = photos.size() - 1;
      return photos.isEmpty()
          ? ""
          : " for " + photos.iterator().next() + (more > 0 ? " and " + more + " more" : "");
    }
  }
}
