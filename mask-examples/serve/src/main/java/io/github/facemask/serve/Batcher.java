package io.github.facemask.serve;

import io.github.facemask.classify.FaceClassifier;
import io.github.facemask.classify.FaceClassifier.FacesAnswer;
import io.github.facemask.classify.FaceClassifier.PhotoSource;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Classifies photos that arrive together in one batch. A batch is full with a number of photos or
 * of pixels, and goes when it is full or its first photo has waited. Thread-safe.
 */
final class Batcher implements AutoCloseable {

  private final FaceClassifier classifier;
  private final int photosInBatch;
  private final long pixelsInBatch;
  private final Duration wait;
  private final ServiceMetrics metrics;
  // Its length is limited by the places of the requests.
  private final BlockingQueue<Waiting> queue = new LinkedBlockingQueue<>();
  private final List<Thread> workers = new ArrayList<>();
  private volatile boolean closed;

  /** A photo that waits. */
  private record Waiting(
      PhotoFile photo, long pixels, long arrived, CompletableFuture<FacesAnswer> answer) {}

  Batcher(
      FaceClassifier classifier,
      int photosInBatch,
      long pixelsInBatch,
      Duration wait,
      int workers,
      ServiceMetrics metrics) {
    this.classifier = classifier;
    this.photosInBatch = photosInBatch;
    this.pixelsInBatch = pixelsInBatch;
    this.wait = wait;
    this.metrics = metrics;
    metrics.queue(queue);
    for (int i = 0; i < workers; i++) {
      Thread worker = new Thread(this::work, "mask-batch-" + i);
      worker.setDaemon(true);
      worker.start();
      this.workers.add(worker);
    }
  }

  /**
   * Adds a photo.
   *
   * @param photo the photo
   * @param pixels its pixels, by its header
   * @return its faces, or why it cannot be read; fails if the service has a defect or was stopped
   */
  CompletableFuture<FacesAnswer> classify(PhotoFile photo, long pixels) {
    CompletableFuture<FacesAnswer> answer = new CompletableFuture<>();
    queue.add(new Waiting(photo, pixels, System.nanoTime(), answer));
    if (closed) {
      failWaiting();
    }
    return answer;
  }

  private void work() {
    Waiting held = null;
    try {
      while (!closed) {
        List<Waiting> batch = new ArrayList<>();
        Waiting next = held == null ? queue.take() : held;
        held = null;
        long until = next.arrived() + wait.toNanos();
        long pixels = 0;
        while (next != null) {
          batch.add(next);
          pixels += next.pixels();
          next = batch.size() < photosInBatch ? poll(until) : null;
          if (next != null && pixels + next.pixels() > pixelsInBatch) {
            held = next;
            next = null;
          }
        }
        answer(batch);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      if (held != null) {
        held.answer().completeExceptionally(new IOException("the service was stopped"));
      }
      failWaiting();
    }
  }

  private Waiting poll(long until) throws InterruptedException {
    long left = until - System.nanoTime();
    return left > 0 ? queue.poll(left, TimeUnit.NANOSECONDS) : queue.poll();
  }

  private void answer(List<Waiting> batch) {
    Map<String, PhotoSource> photos = new LinkedHashMap<>();
    for (int i = 0; i < batch.size(); i++) {
      byte[] bytes = batch.get(i).photo().bytes();
      photos.put(Integer.toString(i), () -> bytes);
    }
    List<FacesAnswer> answers = new ArrayList<>();
    try {
      metrics.batch(batch.size());
      classifier.classifyAllFaces(photos, answers::add);
      for (int i = 0; i < batch.size(); i++) {
        batch.get(i).answer().complete(answers.get(i));
      }
    } catch (IOException | RuntimeException | Error e) {
      if (batch.size() == 1) {
        batch.get(0).answer().completeExceptionally(e);
      } else {
        // One bad photo must not spoil the others.
        batch.forEach(one -> answer(List.of(one)));
      }
    }
  }

  private void failWaiting() {
    for (Waiting left = queue.poll(); left != null; left = queue.poll()) {
      left.answer().completeExceptionally(new IOException("the service was stopped"));
    }
  }

  /** Stops the workers. What still waits fails. */
  @Override
  public void close() {
    closed = true;
    workers.forEach(Thread::interrupt);
    failWaiting();
  }
}
