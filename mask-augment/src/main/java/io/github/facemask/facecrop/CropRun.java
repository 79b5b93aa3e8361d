package io.github.facemask.facecrop;

import static io.github.facemask.problem.InvalidArgumentException.check;

import com.google.errorprone.annotations.CheckReturnValue;
import io.github.facemask.dataset.FacePhoto;
import io.github.facemask.dataset.Photo;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.image.Box;
import io.github.facemask.image.PhotoDecoder;
import io.github.facemask.image.Pixels;
import io.github.facemask.provenance.Digest;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;
import java.util.function.ToDoubleFunction;

/**
 * Crops a whole data set, with several threads. Faces from an earlier table are used again if the
 * file and the settings are the same. A reviewer's verdicts are applied. Photos are only read.
 * Immutable.
 */
public final class CropRun {

  /** A smaller face than this share of the median crop's area is likely a bystander's. */
  private static final double NEAR = 0.1;

  private final List<Photo> photos;
  private final List<String> people;
  private final FaceCrop faceCrop;
  private final Choices choices;

  /** The options. */
  private record Choices(
      int threads, CropTable known, CropReview review, IntConsumer progress, PhotoDecoder decoder) {

    static Choices defaults() {
      return new Choices(
          Runtime.getRuntime().availableProcessors(),
          CropTable.of(List.of()),
          CropReview.of(List.of()),
          done -> {},
          PhotoDecoder.create());
    }
  }

  private CropRun(List<Photo> photos, List<String> people, FaceCrop faceCrop, Choices choices) {
    this.photos = photos;
    this.people = people;
    this.faceCrop = faceCrop;
    this.choices = choices;
  }

  private CropRun with(Choices changed) {
    return new CropRun(photos, people, faceCrop, changed);
  }

  /**
   * Returns a crop run over labelled photos.
   *
   * @param photos the photos; if no face is found, the person's other photos are used
   * @param faceCrop how they are cropped
   * @return the run, with default options
   */
  public static CropRun of(PhotoSet photos, FaceCrop faceCrop) {
    return new CropRun(
        photos.photos(),
        photos.stream().map(FacePhoto::person).toList(),
        faceCrop,
        Choices.defaults());
  }

  /**
   * Returns a crop run over photos of unknown people.
   *
   * @param photos the photos
   * @param faceCrop how they are cropped
   * @return the run, with default options
   */
  public static CropRun of(List<Photo> photos, FaceCrop faceCrop) {
    return new CropRun(
        List.copyOf(photos), photos.stream().map(Photo::id).toList(), faceCrop, Choices.defaults());
  }

  /**
   * Returns the same run with another number of threads; by default the number of processors.
   *
   * @param count 1 or more
   * @return the changed run
   */
  @CheckReturnValue
  public CropRun withThreads(int count) {
    check(count >= 1, "threads", count, "at least 1");
    return with(
        new Choices(count, choices.known, choices.review, choices.progress, choices.decoder));
  }

  /**
   * Returns the same run with an earlier table, whose crops of unchanged files are used again.
   *
   * @param table the earlier table
   * @return the changed run
   */
  @CheckReturnValue
  public CropRun withKnown(CropTable table) {
    return with(
        new Choices(choices.threads, table, choices.review, choices.progress, choices.decoder));
  }

  /**
   * Returns the same run with a reviewer's verdicts.
   *
   * @param verdicts the verdicts to apply
   * @return the changed run
   */
  @CheckReturnValue
  public CropRun withReview(CropReview verdicts) {
    return with(
        new Choices(choices.threads, choices.known, verdicts, choices.progress, choices.decoder));
  }

  /**
   * Returns the same run with a listener, called in the calling thread with the number of photos
   * done.
   *
   * @param listener receives 1, 2, up to the number of photos
   * @return the changed run
   */
  @CheckReturnValue
  public CropRun withProgress(IntConsumer listener) {
    return with(
        new Choices(choices.threads, choices.known, choices.review, listener, choices.decoder));
  }

  /**
   * Returns the same run with another decoder, for other limits of pixels.
   *
   * @param decoder decodes the photos
   * @return the changed run
   */
  @CheckReturnValue
  public CropRun withDecoder(PhotoDecoder decoder) {
    return with(
        new Choices(choices.threads, choices.known, choices.review, choices.progress, decoder));
  }

  /**
   * Crops all photos.
   *
   * @return the table, in the order of the photos, the same for any number of threads; audited if
   *     the known table was audited and only the review changed crops
   * @throws IOException if a photo cannot be read; the first such photo is named
   */
  public CropTable run() throws IOException {
    List<CropDecision> single = new ArrayList<>();
    ExecutorService executor = Executors.newFixedThreadPool(choices.threads, CropRun::daemon);
    try {
      List<Future<CropDecision>> pending = new ArrayList<>();
      for (Photo photo : photos) {
        pending.add(executor.submit(() -> decide(photo)));
      }
      for (Future<CropDecision> decision : pending) {
        single.add(decision.get());
        choices.progress.accept(single.size());
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException failure
          ? failure
          : new IOException("crops cannot be made: " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (InterruptedIOException) new InterruptedIOException("interrupted").initCause(e);
    } finally {
      executor.shutdownNow();
    }
    CropTable table = CropTable.of(withFallbacks(single));
    return choices.known.audited() && differsByReviewOnly(table) ? table.asAudited() : table;
  }

  /** Whether these crops differ from the known table only by the reviewer's verdicts. */
  private boolean differsByReviewOnly(CropTable table) {
    return table.decisions().stream()
        .allMatch(
            now ->
                choices.review.find(now.photoId()).isPresent()
                    || choices
                        .known
                        .find(now.photoId())
                        .filter(before -> before.digest().equals(now.digest()))
                        .filter(before -> isAsShown(before, now))
                        .isPresent());
  }

  /** Whether a crop is the one shown, or a median that changed with the verdicts. */
  private static boolean isAsShown(CropDecision before, CropDecision now) {
    return before.crop().equals(now.crop())
        || (before.rule() == CropDecision.Rule.PERSON_MEDIAN && now.rule() == before.rule());
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "face-crop");
    thread.setDaemon(true);
    return thread;
  }

  private CropDecision decide(Photo photo) throws IOException {
    PhotoDecoder decoder = choices.decoder;
    byte[] bytes = decoder.read(photo.file());
    String digest = Digest.ofBytes(bytes).hex();
    Optional<CropDecision> earlier =
        choices
            .known
            .find(photo.id())
            .filter(d -> d.digest().equals(digest) && d.settings().equals(faceCrop.settings()));
    CropDecision decision;
    if (earlier.isPresent()) {
      CropDecision same = earlier.get();
      decision = faceCrop.decide(photo.id(), digest, same.height(), same.width(), same.faces());
    } else {
      Pixels pixels = decoder.decode(bytes, photo.file().toString());
      decision = faceCrop.decide(photo.id(), digest, pixels);
    }
    return choices.review.find(photo.id()).map(verdict -> obey(verdict, decision)).orElse(decision);
  }

  private static CropDecision obey(CropReview.Verdict verdict, CropDecision found) {
    return switch (verdict.action()) {
      case ACCEPT -> found;
      case FALLBACK ->
          changed(
              found,
              FaceCrop.centre(found.height(), found.width()),
              CropDecision.Rule.CENTER,
              "a person rejected the crop");
      case BOX ->
          changed(
              found,
              FaceCrop.within(verdict.box(), found.height(), found.width()),
              CropDecision.Rule.OWN_BOX,
              "a person drew the box");
    };
  }

  private static CropDecision changed(
      CropDecision from, Box crop, CropDecision.Rule rule, String reason) {
    return new CropDecision(
        from.photoId(),
        from.digest(),
        from.height(),
        from.width(),
        crop,
        rule,
        reason,
        -1,
        from.faces(),
        from.settings());
  }

  private List<CropDecision> withFallbacks(List<CropDecision> single) {
    Map<String, List<Box>> found = new HashMap<>();
    for (int i = 0; i < single.size(); i++) {
      if (!single.get(i).fallback()) {
        found
            .computeIfAbsent(people.get(i), person -> new ArrayList<>())
            .add(single.get(i).relativeCrop());
      }
    }
    List<CropDecision> all = new ArrayList<>();
    for (int i = 0; i < single.size(); i++) {
      CropDecision decision = single.get(i);
      List<Box> others = found.get(people.get(i));
      if (decision.fallback() && others != null) {
        Box median = median(others).scaled(decision.width(), decision.height());
        decision =
            changed(
                decision,
                faceCrop.fallback(
                    decision.faces().stream()
                        .filter(face -> face.box().area() >= NEAR * median.area())
                        .toList(),
                    FaceCrop.within(median, decision.height(), decision.width()),
                    decision.height(),
                    decision.width()),
                CropDecision.Rule.PERSON_MEDIAN,
                decision.reason() + "; median of " + others.size() + " other crops of the person");
      }
      all.add(decision);
    }
    return all;
  }

  /** The median of centre and size, so that the result is a box of usual shape. */
  private static Box median(List<Box> boxes) {
    double x = median(boxes, Box::centerX);
    double y = median(boxes, Box::centerY);
    double w = median(boxes, Box::width);
    double h = median(boxes, Box::height);
    return new Box(x - w / 2, y - h / 2, x + w / 2, y + h / 2);
  }

  private static double median(List<Box> boxes, ToDoubleFunction<Box> value) {
    double[] sorted = boxes.stream().mapToDouble(value).sorted().toArray();
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }
}
