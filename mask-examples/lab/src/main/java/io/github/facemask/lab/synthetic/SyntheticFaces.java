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
 * Paints photos of faces with masks in the competition's layout: {@code train/train.csv}, seven
 * photos of each person under {@code train/images}, {@code eval/info.csv}, {@code eval/images}, and
 * {@code truth.csv} with the class and the face boxes of each photo. Genders and ages have the
 * competition's shares. The same options give the same files with any number of threads.
 *
 * <p>No real person is shown: each person is sampled from the seed. No display is needed.
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
   * @param root the folder to create; it must be absent or empty
   * @return a builder
   */
  public static Builder builder(Path root) {
    return new Builder(Objects.requireNonNull(root, "root"));
  }

  /**
   * Writes the data set. It is written to a temporary folder and moved into place, so a failure
   * leaves no files.
   *
   * @return a summary
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

  /** Waits for the workers, so that none writes into a folder while it is deleted. */
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

    /** Sets the number of people with seven photos each; default 300. */
    public Builder optPeople(int people) {
      this.people = people;
      return this;
    }

    /** Sets the number of evaluation photos, of other people; default 200. */
    public Builder optEvaluationPhotos(int evaluationPhotos) {
      this.evaluationPhotos = evaluationPhotos;
      return this;
    }

    /** Sets the seed of all pictures; default 0. */
    public Builder optSeed(long seed) {
      this.seed = seed;
      return this;
    }

    /** Sets the number of threads; default 1. It does not change the pictures. */
    public Builder optThreads(int threads) {
      this.threads = threads;
      return this;
    }

    /**
     * Sets the smallest number of people of each gender and age group; default 6, so that a small
     * set has every class on both sides of a split. The people come from the largest groups. If
     * there are too few people in total, six times this number is used instead.
     */
    public Builder optAtLeastPerCell(int atLeastPerCell) {
      this.atLeastPerCell = atLeastPerCell;
      return this;
    }

    /** Sets the share of photos with a person in the background, 0 to 1; default 0.2. */
    public Builder optBackgroundFaces(double share) {
      this.backgroundFaces = share;
      return this;
    }

    /** Sets the receiver of the number of finished photos, called on the thread that writes. */
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
