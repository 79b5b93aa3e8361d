package io.github.facemask.dataset;

import static io.github.facemask.problem.InvalidArgumentException.check;

import com.google.common.collect.ImmutableList;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import io.github.facemask.label.AgeGroup;
import io.github.facemask.label.FaceClass;
import io.github.facemask.provenance.Digest;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** An immutable list of labelled photos in a fixed order, with unique ids. */
public final class PhotoSet implements Iterable<FacePhoto> {

  private final ImmutableList<FacePhoto> photos;

  private PhotoSet(ImmutableList<FacePhoto> photos) {
    this.photos = photos;
  }

  /**
   * Makes a set of photos.
   *
   * @param photos the photos, in the order to keep
   * @return the set
   * @throws IllegalArgumentException if two photos share an id
   */
  public static PhotoSet of(List<FacePhoto> photos) {
    Set<String> ids = new HashSet<>();
    for (FacePhoto photo : photos) {
      if (!ids.add(photo.photo().id())) {
        throw new IllegalArgumentException(
            "photo id '" + photo.photo().id() + "' occurs twice, expected each once");
      }
    }
    return new PhotoSet(ImmutableList.copyOf(photos));
  }

  /** Makes a set of photos whose ids are known to be unique. */
  static PhotoSet ofDistinct(List<FacePhoto> photos) {
    return new PhotoSet(ImmutableList.copyOf(photos));
  }

  /** Returns the number of photos. */
  public int size() {
    return photos.size();
  }

  /**
   * Returns a photo.
   *
   * @param index its index, from 0
   * @return the photo
   */
  public FacePhoto get(int index) {
    return photos.get(index);
  }

  /** Returns the photos without their labels, in order. */
  public List<Photo> photos() {
    return photos.stream().map(FacePhoto::photo).toList();
  }

  /** Returns the people on the photos, each once, in the order of their first photo. */
  public List<String> people() {
    return photos.stream().map(FacePhoto::person).distinct().toList();
  }

  /** Returns the number of photos of each class, at the index of the class's id. */
  public int[] classCounts() {
    int[] counts = new int[FaceClass.COUNT];
    for (FacePhoto photo : photos) {
      counts[photo.faceClass().id()]++;
    }
    return counts;
  }

  /**
   * Returns the photos that meet a condition, in order.
   *
   * @param condition true for photos to keep
   * @return the smaller set
   */
  public PhotoSet filter(Predicate<FacePhoto> condition) {
    return new PhotoSet(photos.stream().filter(condition).collect(ImmutableList.toImmutableList()));
  }

  /**
   * Returns the photos of this set, then those of another one.
   *
   * @param others the photos to append
   * @return the larger set
   * @throws IllegalArgumentException if a photo is in both
   */
  public PhotoSet plus(PhotoSet others) {
    return of(ImmutableList.<FacePhoto>builder().addAll(photos).addAll(others.photos).build());
  }

  /**
   * Returns the photos with corrected labels; this set does not change.
   *
   * @param fixes the corrections; those that fit no photo do nothing, see {@link
   *     LabelFixes#unusedIn}
   * @return the corrected set, in the same order
   */
  public PhotoSet withLabelFixes(LabelFixes fixes) {
    return new PhotoSet(photos.stream().map(fixes::apply).collect(ImmutableList.toImmutableList()));
  }

  /**
   * Returns the photos with another lower boundary of the oldest age group, for training only: a
   * boundary of 58 gives that group more photos. Never evaluate on the result: the competition's
   * boundary is 60.
   *
   * @param oldFrom the age in years from which people count as {@link AgeGroup#FROM_60}, 31 to 60
   * @return the set with these classes, in the same order
   */
  public PhotoSet withTrainingAgeBoundary(int oldFrom) {
    check(oldFrom > 30 && oldFrom <= 60, "oldFrom", oldFrom, "31 to 60");
    return new PhotoSet(
        photos.stream()
            .map(p -> p.ageYears() >= oldFrom ? p.withAge(AgeGroup.FROM_60) : p)
            .collect(ImmutableList.toImmutableList()));
  }

  /**
   * Returns a digest of ids, people, ages and classes. It does not depend on the order or the
   * folder of the photos, so it is the same on any machine. The photos' bytes are not read.
   */
  public Digest digest() {
    Hasher hasher = Hashing.sha256().newHasher();
    photos.parallelStream()
        .map(PhotoSet::line)
        .sorted()
        .forEachOrdered(line -> hasher.putString(line, StandardCharsets.UTF_8));
    return new Digest(hasher.hash().toString());
  }

  private static String line(FacePhoto photo) {
    return photo.photo().id()
        + '\t'
        + photo.person()
        + '\t'
        + photo.ageYears()
        + '\t'
        + photo.faceClass().id()
        + '\n';
  }

  /** Returns the photos as a stream, in order. */
  public Stream<FacePhoto> stream() {
    return photos.stream();
  }

  @Override
  public Iterator<FacePhoto> iterator() {
    return photos.iterator();
  }

  /**
   * The result of a reader.
   *
   * @param photos the photos that could be read
   * @param report the problems and notes
   */
  public record Reading(PhotoSet photos, ReadReport report) {}
}
