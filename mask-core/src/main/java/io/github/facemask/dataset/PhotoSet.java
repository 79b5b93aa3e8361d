package io.github.facemask.dataset;

import static io.github.facemask.problem.InvalidArgumentException.check;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import io.github.facemask.label.AgeGroup;
import io.github.facemask.label.Attribute;
import io.github.facemask.label.FaceClass;
import io.github.facemask.label.FaceLabel;
import io.github.facemask.provenance.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
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

  /**
   * Returns the number of photos of each class, at the index of the class's id. A photo with an
   * unknown attribute counts for no class.
   */
  public int[] classCounts() {
    return Arrays.copyOf(labelCounts(), FaceClass.COUNT);
  }

  /** Returns the number of photos of each {@link FaceLabel}, at the index of the label's id. */
  public int[] labelCounts() {
    int[] counts = new int[FaceLabel.COUNT];
    for (FacePhoto photo : photos) {
      counts[photo.label().id()]++;
    }
    return counts;
  }

  /**
   * Returns the number of photos of each class, at the index of the class's id, where a photo with
   * unknown attributes counts in equal parts for every class that agrees with its label. A photo
   * about which nothing is known counts for none.
   */
  public double[] classShares() {
    int[] counts = labelCounts();
    double[] shares = new double[FaceClass.COUNT];
    for (FaceLabel label : FaceLabel.values()) {
      if (counts[label.id()] > 0 && !label.known().isEmpty()) {
        double each = counts[label.id()] / (double) label.classes().size();
        label.classes().forEach(c -> shares[c.id()] += each);
      }
    }
    return shares;
  }

  /** Returns whether all attributes of all photos are known. */
  public boolean complete() {
    return photos.stream().allMatch(photo -> photo.label().complete());
  }

  /** Returns the attributes that are known of at least one photo. */
  public ImmutableSet<Attribute> known() {
    Set<Attribute> known = EnumSet.noneOf(Attribute.class);
    photos.forEach(photo -> known.addAll(photo.label().known()));
    return Sets.immutableEnumSet(known);
  }

  /**
   * Returns the photos with some attributes only.
   *
   * @param attributes the attributes to keep; all others are unknown in the result
   */
  public PhotoSet only(Set<Attribute> attributes) {
    return new PhotoSet(
        photos.stream()
            .map(p -> p.withLabel(p.label().only(attributes)))
            .collect(ImmutableList.toImmutableList()));
  }

  /**
   * Returns the photos of one of several joined sets.
   *
   * @param set the name of the set
   */
  public PhotoSet only(String set) {
    return filter(photo -> photo.set().equals(set));
  }

  /** Returns the names of the sets that the photos are from, in order; see {@link #concat}. */
  public ImmutableSet<String> sets() {
    return photos.stream().map(FacePhoto::set).collect(ImmutableSet.toImmutableSet());
  }

  /**
   * Joins sets of different origin to one, for instance a set that knows masks and one that knows
   * ages. A photo's id and person get the name of their set and a slash in front: people of
   * different sets are different people.
   *
   * @param sets the sets by their names, in order; at least one. A name has no slash
   * @return the photos of all sets, each with the name of its {@link FacePhoto#set}
   */
  public static PhotoSet concat(Map<String, PhotoSet> sets) {
    check(!sets.isEmpty(), "sets", "none", "at least one");
    ImmutableList.Builder<FacePhoto> all = ImmutableList.builder();
    sets.forEach(
        (name, set) -> {
          check(!name.isBlank() && name.indexOf('/') < 0, "set", name, "a name without a slash");
          for (FacePhoto photo : set) {
            Photo file = photo.photo();
            String person = name + "/" + photo.person();
            all.add(
                new FacePhoto(
                    new Photo(name + "/" + file.id(), file.file()),
                    person,
                    photo.ageYears(),
                    photo.label(),
                    name));
          }
        });
    return of(all.build());
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
   * Finds the photos whose files have equal bytes. Files of different lengths are not compared, and
   * the others are read in parallel.
   *
   * @return the copies; a photo that is not a file is a copy of none
   * @throws IOException if a file cannot be read
   */
  public Copies copies() throws IOException {
    return Copies.of(this, CopyGroups.digests(this));
  }

  /**
   * Returns the photos with one name for all people who share a photo, so that a split keeps all
   * copies of a photo on one side. Photos are the same if their files have equal bytes. People are
   * merged transitively: if A shares a photo with B, and B one with C, then all three are one
   * person, who has the alphabetically first name. Pseudo-labelled photos keep their names.
   *
   * @return the set with these people, in the same order
   * @throws IOException if a file cannot be read
   */
  public PhotoSet withCopiesMerged() throws IOException {
    Map<String, String> names = CopyGroups.mergedPeople(copies().groups());
    return new PhotoSet(
        photos.stream()
            .map(p -> p.withPerson(names.getOrDefault(p.person(), p.person())))
            .collect(ImmutableList.toImmutableList()));
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
            .map(p -> p.ageYears().orElse(0) >= oldFrom ? p.withAge(AgeGroup.FROM_60) : p)
            .collect(ImmutableList.toImmutableList()));
  }

  /**
   * Returns a digest of ids, people, ages and labels. It does not depend on the order or the folder
   * of the photos, so it is the same on any machine. The photos' bytes are not read.
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
        + (photo.ageYears().isPresent() ? photo.ageYears().getAsInt() : "")
        + '\t'
        + photo.label().id()
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

  /** The part of a given split that a photo is of. */
  public enum Part {
    TRAIN,
    VALIDATION,
    TEST;

    private static final ImmutableMap<String, Part> NAMES =
        ImmutableMap.<String, Part>builder()
            .put("train", TRAIN)
            .put("training", TRAIN)
            .put("trainset", TRAIN)
            .put("trainingset", TRAIN)
            .put("val", VALIDATION)
            .put("valid", VALIDATION)
            .put("validation", VALIDATION)
            .put("dev", VALIDATION)
            .put("valset", VALIDATION)
            .put("validset", VALIDATION)
            .put("validationset", VALIDATION)
            .put("test", TEST)
            .put("testing", TEST)
            .put("testset", TEST)
            .buildOrThrow();

    /** Returns the part of a name, or null. */
    static Part named(String text) {
      return NAMES.get(LabelWords.normal(text));
    }
  }

  /**
   * The photos of a set that are exact copies of each other. Immutable.
   *
   * @param groups the copies of each photo that occurs more than once, two or more, in the order of
   *     the set
   */
  public record Copies(ImmutableList<ImmutableList<FacePhoto>> groups) {

    /**
     * Groups photos by their content.
     *
     * @param photos the photos
     * @param contents a digest of what to compare, for instance of the decoded pixels, by the
     *     photos' ids; a photo that it lacks is a copy of none
     * @return the copies
     */
    public static Copies of(PhotoSet photos, Map<String, Digest> contents) {
      return new Copies(CopyGroups.groups(photos, contents));
    }

    /** Returns the number of photos that have a copy, the first of each group included. */
    public int photos() {
      return groups.stream().mapToInt(List::size).sum();
    }

    /**
     * Returns the groups with labels that contradict each other: a known attribute of two of its
     * photos differs. An unknown attribute agrees with every value.
     */
    public ImmutableList<ImmutableList<FacePhoto>> contradicting() {
      return groups.stream()
          .filter(CopyGroups::contradict)
          .collect(ImmutableList.toImmutableList());
    }

    /**
     * Returns the groups with photos on both sides of a split. A model is trained and validated on
     * such a photo.
     *
     * @param split the split
     */
    public ImmutableList<ImmutableList<FacePhoto>> onBothSidesOf(Split split) {
      Set<String> train = ids(split.train());
      Set<String> validation = ids(split.validation());
      return groups.stream()
          .filter(group -> group.stream().anyMatch(p -> train.contains(p.photo().id())))
          .filter(group -> group.stream().anyMatch(p -> validation.contains(p.photo().id())))
          .collect(ImmutableList.toImmutableList());
    }

    private static Set<String> ids(PhotoSet photos) {
      Set<String> ids = new HashSet<>();
      photos.forEach(photo -> ids.add(photo.photo().id()));
      return ids;
    }

    /**
     * Returns the fixes that end all contradictions: each copy gets the label that most copies
     * have, or that of the first copy if two labels are equally frequent. The result is a proposal
     * that a person checks, because the most frequent label may be wrong.
     *
     * @return the fixes, each of one photo; unknown attributes stay unknown
     */
    public LabelFixes fixes() {
      return LabelFixes.of(
          groups.stream().flatMap(group -> CopyGroups.fixes(group).stream()).toList());
    }
  }

  /**
   * The result of a reader.
   *
   * @param photos the photos that could be read
   * @param report the problems and notes
   * @param parts the part of the given split that each photo is of, by the photo's id; empty if the
   *     data has no such parts
   */
  public record Reading(PhotoSet photos, ReadReport report, Map<String, Part> parts) {

    /** Copies the parts. */
    public Reading {
      parts = ImmutableMap.copyOf(parts);
    }

    /**
     * The result of a reader whose data is in no parts.
     *
     * @param photos the photos that could be read
     * @param report the problems and notes
     */
    public Reading(PhotoSet photos, ReadReport report) {
      this(photos, report, ImmutableMap.of());
    }
  }
}
