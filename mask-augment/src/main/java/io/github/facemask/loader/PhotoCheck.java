package io.github.facemask.loader;

import static io.github.facemask.problem.InvalidArgumentException.check;

import io.github.facemask.dataset.FacePhoto;
import io.github.facemask.dataset.Photo;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.dataset.ReadReport;
import io.github.facemask.dataset.ReadReport.ReadProblem;
import io.github.facemask.image.PhotoDecoder;
import io.github.facemask.image.UnreadablePhotoException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;

/** Finds the photos that cannot be decoded, before the first batch. */
final class PhotoCheck {

  private static final int AHEAD = 8;
  private static final String ADVICE = "repair it or take it out";

  private PhotoCheck() {}

  static PhotoSet.Reading of(
      PhotoSet photos, PhotoDecoder decoder, int threads, IntConsumer progress) throws IOException {
    check(threads >= 1, "threads", threads, "1 or more");
    List<FacePhoto> readable = new ArrayList<>();
    List<ReadProblem> problems = new ArrayList<>();
    Deque<Future<Optional<ReadProblem>>> pending = new ArrayDeque<>();
    ExecutorService executor = Executors.newFixedThreadPool(threads, PhotoCheck::daemon);
    try {
      int next = 0;
      for (int done = 0; done < photos.size(); done++) {
        for (; next < photos.size() && pending.size() < AHEAD * threads; next++) {
          Photo photo = photos.get(next).photo();
          pending.add(executor.submit(() -> problem(photo, decoder)));
        }
        Optional<ReadProblem> problem = pending.remove().get();
        if (problem.isPresent()) {
          problems.add(problem.get());
        } else {
          readable.add(photos.get(done));
        }
        progress.accept(done + 1);
      }
    } catch (ExecutionException e) {
      throw new IOException("photos cannot be checked: " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (InterruptedIOException) new InterruptedIOException("interrupted").initCause(e);
    } finally {
      executor.shutdownNow();
    }
    return new PhotoSet.Reading(
        problems.isEmpty() ? photos : PhotoSet.of(readable),
        new ReadReport(problems, List.of(), 0));
  }

  private static Optional<ReadProblem> problem(Photo photo, PhotoDecoder decoder) {
    try {
      decoder.decode(photo.file());
      return Optional.empty();
    } catch (UnreadablePhotoException e) {
      String remedy = e.problem().remedy();
      String what = e.problem().withRemedy("").message();
      return Optional.of(problem(photo, what, remedy.isEmpty() ? ADVICE : remedy));
    } catch (IOException e) {
      return Optional.of(problem(photo, "cannot be opened: " + e, ADVICE));
    }
  }

  private static ReadProblem problem(Photo photo, String what, String advice) {
    // Each photo is a kind of its own, so that a summary names it.
    return new ReadProblem(photo.file(), 0, what, advice, photo.id());
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "photo-check");
    thread.setDaemon(true);
    return thread;
  }
}
