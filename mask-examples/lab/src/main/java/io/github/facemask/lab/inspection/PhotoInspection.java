package io.github.facemask.lab.inspection;

import static io.github.facemask.problem.InvalidArgumentException.check;

import com.google.common.collect.ImmutableSortedMap;
import com.google.common.primitives.ImmutableDoubleArray;
import io.github.facemask.dataset.FacePhoto;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.image.PhotoDecoder;
import io.github.facemask.image.UnreadablePhotoException;
import io.github.facemask.provenance.Digest;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;
import java.util.function.ToDoubleFunction;

/**
 * The appearance of the photos of a data set. Each photo is decoded once; about 1 kB of results is
 * kept. Immutable. The result does not depend on the number of threads.
 */
public final class PhotoInspection {

  private final List<PhotoLook> looks;
  private final List<UnreadablePhoto> unreadable;
  private final List<DamagedPhoto> damaged;
  private final List<SuspiciousPhoto> suspicious;
  private final List<NearDuplicate> nearDuplicates;
  private final ChannelStatistics channels;
  private final PhotoSet.Copies copies;

  private PhotoInspection(
      List<PhotoLook> looks,
      List<UnreadablePhoto> unreadable,
      List<DamagedPhoto> damaged,
      PhotoSet.Copies copies) {
    this.copies = copies;
    this.damaged = List.copyOf(damaged);
    this.looks = List.copyOf(looks);
    this.unreadable = List.copyOf(unreadable);
    this.suspicious = Oddities.find(looks);
    this.nearDuplicates = NearDuplicates.find(looks);
    ChannelStatistics sum = ChannelStatistics.none();
    for (PhotoLook look : looks) {
      sum = sum.plus(look.channels());
    }
    this.channels = sum;
  }

  /**
   * Starts an inspection.
   *
   * @param photos the photos to decode
   * @return a builder
   */
  public static Builder builder(PhotoSet photos) {
    return new Builder(photos);
  }

  /** Returns the number of decoded photos. */
  public int readable() {
    return looks.size();
  }

  /** Returns the photos that cannot be decoded, in the order of the set. */
  public List<UnreadablePhoto> unreadable() {
    return unreadable;
  }

  /** Returns the photos that can be decoded but have lost data, in the order of the set. */
  public List<DamagedPhoto> damaged() {
    return damaged;
  }

  /** Returns the suspicious photos, in the order of the set. */
  public List<SuspiciousPhoto> suspicious() {
    return suspicious;
  }

  /**
   * Returns the exact copies: photos with equal pixels, and photos that cannot be decoded with
   * equal bytes.
   */
  public PhotoSet.Copies copies() {
    return copies;
  }

  /** Returns the similar photos of different people but exact copies, the most similar first. */
  public List<NearDuplicate> nearDuplicates() {
    return nearDuplicates;
  }

  /** Returns mean and deviation of the channels over all pixels of all readable photos. */
  public ChannelStatistics channels() {
    return channels;
  }

  /** Returns the number of photos of each size, written as width x height in pixels. */
  public ImmutableSortedMap<String, Integer> sizes() {
    TreeMap<String, Integer> sizes = new TreeMap<>();
    looks.forEach(look -> sizes.merge(look.width() + " x " + look.height(), 1, Integer::sum));
    return ImmutableSortedMap.copyOf(sizes);
  }

  /** Returns the photos' mean grey values, 0 to 255, ascending. */
  public ImmutableDoubleArray brightness() {
    return sorted(PhotoLook::brightness);
  }

  /** Returns the standard deviations of the photos' grey values, ascending. */
  public ImmutableDoubleArray contrast() {
    return sorted(PhotoLook::contrast);
  }

  /** Returns the variances of the photos' Laplacians at a width of 192 pixels, ascending. */
  public ImmutableDoubleArray sharpness() {
    return sorted(PhotoLook::sharpness);
  }

  private ImmutableDoubleArray sorted(ToDoubleFunction<PhotoLook> value) {
    return ImmutableDoubleArray.copyOf(looks.stream().mapToDouble(value).sorted());
  }

  /** Returns the inspection as plain JSON values. */
  public Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("readable", readable());
    json.put("sizes", sizes());
    json.put("channelMean", channels.mean().asList());
    json.put("channelDeviation", channels.deviation().asList());
    json.put("brightness", InspectionSections.quantiles(brightness()));
    json.put("contrast", InspectionSections.quantiles(contrast()));
    json.put("sharpness", InspectionSections.quantiles(sharpness()));
    json.put(
        "unreadable",
        unreadable.stream()
            .map(u -> Map.of("photo", u.photo().photo().id(), "reason", u.reason()))
            .toList());
    json.put(
        "damaged",
        damaged.stream()
            .map(d -> Map.of("photo", d.photo().photo().id(), "reason", d.reason()))
            .toList());
    json.put(
        "suspicious",
        suspicious.stream()
            .map(s -> Map.of("photo", s.photo().photo().id(), "oddities", s.oddities()))
            .toList());
    json.put(
        "nearDuplicates",
        nearDuplicates.stream()
            .map(
                d ->
                    Map.of(
                        "first", d.first().photo().id(),
                        "second", d.second().photo().id(),
                        "distance", d.distance(),
                        "difference", d.difference()))
            .toList());
    return json;
  }

  /** Collects the choices of an inspection. */
  public static final class Builder {

    private static final int AHEAD = 8;

    private final PhotoSet photos;
    private int threads = Runtime.getRuntime().availableProcessors();
    private IntConsumer progress = done -> {};
    private PhotoDecoder decoder = PhotoDecoder.create();

    private Builder(PhotoSet photos) {
      this.photos = Objects.requireNonNull(photos, "photos");
    }

    /** Sets the number of threads, 1 or more; default the number of processors. */
    public Builder optThreads(int threads) {
      this.threads = threads;
      return this;
    }

    /** Sets the receiver of the number of finished photos, called in the calling thread. */
    public Builder optProgress(IntConsumer progress) {
      this.progress = Objects.requireNonNull(progress, "progress");
      return this;
    }

    /** Sets the decoder, for other limits of pixels. */
    public Builder optDecoder(PhotoDecoder decoder) {
      this.decoder = Objects.requireNonNull(decoder, "decoder");
      return this;
    }

    /**
     * Decodes and inspects all photos.
     *
     * @return the inspection
     * @throws IOException if a file cannot be read; a damaged photo is reported instead
     * @throws IllegalArgumentException if the number of threads is below 1
     */
    public PhotoInspection run() throws IOException {
      check(threads >= 1, "threads", threads, "1 or more");
      List<PhotoLook> looks = new ArrayList<>();
      List<UnreadablePhoto> unreadable = new ArrayList<>();
      List<DamagedPhoto> damaged = new ArrayList<>();
      Map<String, Digest> contents = new HashMap<>();
      Deque<Future<Seen>> pending = new ArrayDeque<>();
      ExecutorService executor = Executors.newFixedThreadPool(threads, Builder::daemon);
      try {
        int done = 0;
        for (int next = 0; done < photos.size(); done++) {
          for (; next < photos.size() && pending.size() < AHEAD * threads; next++) {
            FacePhoto photo = photos.get(next);
            pending.add(executor.submit(() -> look(photo)));
          }
          Seen seen = pending.remove().get();
          contents.put(photos.get(done).photo().id(), seen.content());
          seen.look().ifPresent(looks::add);
          seen.unreadable().ifPresent(unreadable::add);
          seen.damaged().ifPresent(damaged::add);
          progress.accept(done + 1);
        }
      } catch (ExecutionException e) {
        throw e.getCause() instanceof IOException failure
            ? failure
            : new IOException("photos cannot be inspected: " + e.getCause(), e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw (InterruptedIOException) new InterruptedIOException("interrupted").initCause(e);
      } finally {
        executor.shutdownNow();
      }
      return new PhotoInspection(looks, unreadable, damaged, PhotoSet.Copies.of(photos, contents));
    }

    private Seen look(FacePhoto photo) throws IOException {
      byte[] bytes = {};
      try {
        bytes = decoder.read(photo.photo().file());
        PhotoLook look =
            PhotoLook.of(photo, decoder.decode(bytes, photo.photo().file().toString()));
        return new Seen(
            look.content(),
            Optional.of(look),
            Optional.empty(),
            decoder.damage(bytes).map(reason -> new DamagedPhoto(photo, reason)));
      } catch (UnreadablePhotoException e) {
        // A file that is too long to be a photo is not read, so it equals itself alone.
        Digest content =
            bytes.length == 0 ? Digest.ofText(photo.photo().id()) : Digest.ofBytes(bytes);
        return new Seen(
            content,
            Optional.empty(),
            Optional.of(new UnreadablePhoto(photo, e.reason())),
            Optional.empty());
      }
    }

    private record Seen(
        Digest content,
        Optional<PhotoLook> look,
        Optional<UnreadablePhoto> unreadable,
        Optional<DamagedPhoto> damaged) {}

    private static Thread daemon(Runnable work) {
      Thread thread = new Thread(work, "photo-inspection");
      thread.setDaemon(true);
      return thread;
    }
  }
}
