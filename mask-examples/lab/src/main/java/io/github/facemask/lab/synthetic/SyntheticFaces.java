package io.github.facemask.lab.synthetic;

import static com.google.common.base.Preconditions.checkArgument;
import static io.github.facemask.problem.InvalidArgumentException.check;

import com.google.common.primitives.ImmutableIntArray;
import io.github.facemask.internal.files.AtomicFolder;
import io.github.facemask.label.FaceClass;
import io.github.facemask.problem.InvalidFileException;
import io.github.facemask.problem.Problem;
import io.github.facemask.random.RandomStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/**
 * Draws face photos with masks in the competition's layout: {@code train/train.csv}, seven photos a
 * person under {@code train/images}, {@code eval/info.csv}, {@code eval/images}, and {@code
 * truth.csv} with the class and the face boxes of each photo. Genders and ages have the
 * competition's shares. The same choices give the same bytes with any number of threads.
 *
 * <p>Nobody is pictured: each person is drawn from the seed. Pictures are made without a display.
 */
public final class SyntheticFaces {

  private final Path root;
  private final int people;
  private final int evaluationPhotos;
  private final long seed;
  private final int threads;
  private final int atLeastPerCell;
  private final double backgroundFaces;
  private final IntConsumer progress;

  private SyntheticFaces(Builder builder) {
    this.root = builder.root.toAbsolutePath().normalize();
    this.people = builder.people;
    this.evaluationPhotos = builder.evaluationPhotos;
    this.seed = builder.seed;
    this.threads = builder.threads;
    this.atLeastPerCell = builder.atLeastPerCell;
    this.backgroundFaces = builder.backgroundFaces;
    this.progress = builder.progress;
  }

  /**
   * Starts a data set.
   *
   * @param root the folder to make; it must be absent or empty
   * @return a builder
   */
  public static Builder builder(Path root) {
    return new Builder(Objects.requireNonNull(root, "root"));
  }

  /**
   * Draws the data set. It is made in a folder beside the target and moved there when complete, so
   * a failure leaves nothing.
   *
   * @return what was drawn
   * @throws IOException if the target is not empty or cannot be written
   */
  public SyntheticSummary write() throws IOException {
    refuseContent();
    Path parent = root.getParent();
    checkArgument(parent != null, "the target is '%s', expected a folder inside another", root);
    return AtomicFolder.write(root, this::draw);
  }

  private void refuseContent() throws IOException {
    if (Files.isDirectory(root)) {
      try (DirectoryStream<Path> content = Files.newDirectoryStream(root)) {
        if (!content.iterator().hasNext()) {
          return;
        }
      }
    } else if (!Files.exists(root)) {
      return;
    }
    throw new InvalidFileException(
        root,
        Problem.saying("exists and is not an empty folder")
            .withRemedy("name a new folder or remove this one"));
  }

  private SyntheticSummary draw(Path aside) throws IOException {
    Roster roster = new Roster(aside, seed);
    List<Population> population =
        Population.draw(RandomStream.of(seed, "synthetic people"), people, atLeastPerCell);
    List<Session> training = roster.training(population);
    List<Session> sessions = new ArrayList<>(training);
    sessions.addAll(roster.evaluation(evaluationPhotos));
    List<SyntheticTruth> truth = shoot(sessions);
    SyntheticTruth.write(aside, truth);
    int trainingPhotos = training.size() * Session.NAMES.size();
    int[] counts = new int[FaceClass.COUNT];
    truth.stream().limit(trainingPhotos).forEach(row -> counts[row.faceClass().id()]++);
    return new SyntheticSummary(
        root, training.size(), trainingPhotos, evaluationPhotos, ImmutableIntArray.copyOf(counts));
  }

  private List<SyntheticTruth> shoot(List<Session> sessions) throws IOException {
    ExecutorService workers = Executors.newFixedThreadPool(threads);
    try {
      List<Future<List<SyntheticTruth>>> results = new ArrayList<>();
      for (Session session : sessions) {
        results.add(workers.submit(() -> session.shoot(seed, backgroundFaces)));
      }
      List<SyntheticTruth> truth = new ArrayList<>();
      for (Future<List<SyntheticTruth>> result : results) {
        truth.addAll(result.get());
        progress.accept(truth.size());
      }
      return truth;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      throw new IllegalStateException("a photo could not be drawn", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("drawing was interrupted");
    } finally {
      workers.shutdownNow();
      awaitEnd(workers);
    }
  }

  /** Waits for the workers, so that none writes into a folder that is being removed. */
  private static void awaitEnd(ExecutorService workers) {
    boolean interrupted = Thread.interrupted();
    while (!workers.isTerminated()) {
      try {
        workers.awaitTermination(1, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Collects the choices of a data set. */
  public static final class Builder {

    private final Path root;
    private int people = 300;
    private int evaluationPhotos = 200;
    private long seed;
    private int threads = 1;
    private int atLeastPerCell = 6;
    private double backgroundFaces = 0.2;
    private IntConsumer progress = done -> {};

    private Builder(Path root) {
      this.root = root;
    }

    /** Sets how many people to draw, seven photos each; 300 unless told. */
    public Builder optPeople(int people) {
      this.people = people;
      return this;
    }

    /** Sets how many evaluation photos to draw, of other people; 200 unless told. */
    public Builder optEvaluationPhotos(int evaluationPhotos) {
      this.evaluationPhotos = evaluationPhotos;
      return this;
    }

    /** Sets the seed that all pictures follow from; 0 unless told. */
    public Builder optSeed(long seed) {
      this.seed = seed;
      return this;
    }

    /** Sets how many threads draw; 1 unless told. It does not change the pictures. */
    public Builder optThreads(int threads) {
      this.threads = threads;
      return this;
    }

    /**
     * Sets how many people each pair of gender and age group gets at least; 6 unless told, so that
     * a small set has every class on both sides of a split. The people come from the largest cells;
     * if all are too few, six times this number is drawn instead.
     */
    public Builder optAtLeastPerCell(int atLeastPerCell) {
      this.atLeastPerCell = atLeastPerCell;
      return this;
    }

    /** Sets how often somebody stands in the background, 0 to 1; 0.2 unless told. */
    public Builder optBackgroundFaces(double share) {
      this.backgroundFaces = share;
      return this;
    }

    /** Sets who is told the number of photos drawn so far; called on the thread that writes. */
    public Builder optProgress(IntConsumer progress) {
      this.progress = Objects.requireNonNull(progress, "progress");
      return this;
    }

    /**
     * Checks the choices.
     *
     * @return the data set, to be written
     * @throws IllegalArgumentException if a choice is out of range
     */
    public SyntheticFaces build() {
      check(people >= 1, "people", people, "1 or more");
      check(evaluationPhotos >= 0, "evaluationPhotos", evaluationPhotos, "0 or more");
      check(threads >= 1, "threads", threads, "1 or more");
      check(atLeastPerCell >= 0, "atLeastPerCell", atLeastPerCell, "0 or more");
      check(
          backgroundFaces >= 0 && backgroundFaces <= 1,
          "backgroundFaces",
          backgroundFaces,
          "a share from 0 to 1");
      return new SyntheticFaces(this);
    }
  }
}
