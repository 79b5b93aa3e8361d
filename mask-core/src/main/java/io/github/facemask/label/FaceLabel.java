package io.github.facemask.label;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is known about the face on a photo: each attribute, or that it is unknown. There are {@value
 * #COUNT} labels. The label of a class, with all attributes known, has the number of the class, 0
 * to 17; the others follow, those with the same known attributes together. Immutable; equal labels
 * are the same object when they come from a method of this class.
 */
public final class FaceLabel {

  /** The number of labels. */
  public static final int COUNT = 48;

  private static final ImmutableList<FaceLabel> ALL = all();
  private static final Map<Integer, FaceLabel> BY_VALUES =
      ALL.stream()
          .collect(
              Collectors.toMap(
                  l -> key(l.mask, l.gender, l.age), l -> l, (a, b) -> a, HashMap::new));

  /** The label of a photo about which nothing is known. */
  public static final FaceLabel UNKNOWN = of(Optional.empty(), Optional.empty(), Optional.empty());

  private final int id;
  private final Optional<MaskState> mask;
  private final Optional<Gender> gender;
  private final Optional<AgeGroup> age;
  private final ImmutableSet<Attribute> known;
  private final ImmutableList<FaceClass> classes;

  private FaceLabel(
      int id, Optional<MaskState> mask, Optional<Gender> gender, Optional<AgeGroup> age) {
    this.id = id;
    this.mask = mask;
    this.gender = gender;
    this.age = age;
    ImmutableSet.Builder<Attribute> attributes = ImmutableSet.builder();
    mask.ifPresent(m -> attributes.add(Attribute.MASK));
    gender.ifPresent(g -> attributes.add(Attribute.GENDER));
    age.ifPresent(a -> attributes.add(Attribute.AGE));
    this.known = attributes.build();
    this.classes =
        FaceClass.values().stream()
            .filter(c -> mask.isEmpty() || c.mask() == mask.get())
            .filter(c -> gender.isEmpty() || c.gender() == gender.get())
            .filter(c -> age.isEmpty() || c.age() == age.get())
            .collect(ImmutableList.toImmutableList());
  }

  /** Returns all labels, each at the index of its id. */
  public static ImmutableList<FaceLabel> values() {
    return ALL;
  }

  /**
   * Returns the label with a number.
   *
   * @param id the number, 0 to 47
   * @return the label
   * @throws IllegalArgumentException if there is no such label
   */
  public static FaceLabel ofId(int id) {
    checkArgument(id >= 0 && id < COUNT, "label is %s, expected 0 to %s", id, COUNT - 1);
    return ALL.get(id);
  }

  /**
   * Returns the label of a class, with all attributes known.
   *
   * @param faceClass the class
   */
  public static FaceLabel of(FaceClass faceClass) {
    return ALL.get(faceClass.id());
  }

  /**
   * Returns a label.
   *
   * @param mask how the mask is worn, empty if unknown
   * @param gender the gender, empty if unknown
   * @param age the age group, empty if unknown
   */
  public static FaceLabel of(
      Optional<MaskState> mask, Optional<Gender> gender, Optional<AgeGroup> age) {
    return BY_VALUES.get(key(mask, gender, age));
  }

  /**
   * Returns the labels that know some attributes and no others, by their numbers. They exclude each
   * other; with all three attributes they are the 18 classes.
   *
   * @param attributes the known attributes
   */
  public static ImmutableList<FaceLabel> knowing(Set<Attribute> attributes) {
    return ALL.stream()
        .filter(label -> label.known().equals(attributes))
        .collect(ImmutableList.toImmutableList());
  }

  /** Returns the number of this label: that of its class, or 18 to 47 if any is unknown. */
  public int id() {
    return id;
  }

  /** Returns how the mask is worn, or empty if unknown. */
  public Optional<MaskState> mask() {
    return mask;
  }

  /** Returns the gender, or empty if unknown. */
  public Optional<Gender> gender() {
    return gender;
  }

  /** Returns the age group, or empty if unknown. */
  public Optional<AgeGroup> age() {
    return age;
  }

  /** Returns the known attributes. */
  public ImmutableSet<Attribute> known() {
    return known;
  }

  /** Returns whether all attributes are known. */
  public boolean complete() {
    return id < FaceClass.COUNT;
  }

  /** Returns the class, or empty if an attribute is unknown. */
  public Optional<FaceClass> faceClass() {
    return complete() ? Optional.of(FaceClass.ofId(id)) : Optional.empty();
  }

  /** Returns the classes that agree with the known attributes, by their numbers; never empty. */
  public ImmutableList<FaceClass> classes() {
    return classes;
  }

  /**
   * Returns whether a class agrees with all known attributes.
   *
   * @param faceClass the class
   */
  public boolean agrees(FaceClass faceClass) {
    return (mask.isEmpty() || mask.get() == faceClass.mask())
        && (gender.isEmpty() || gender.get() == faceClass.gender())
        && (age.isEmpty() || age.get() == faceClass.age());
  }

  /**
   * Returns the value of an attribute.
   *
   * @param attribute the attribute
   * @return its place among {@link Attribute#valueNames}, or empty if unknown
   */
  public OptionalInt value(Attribute attribute) {
    return known.contains(attribute)
        ? OptionalInt.of(attribute.of(classes.get(0)))
        : OptionalInt.empty();
  }

  /**
   * Returns the probability of this label: the sum over the classes that agree with it.
   *
   * @param probabilities the 18 probabilities of the classes
   */
  public double probability(float[] probabilities) {
    if (complete()) {
      return probabilities[id];
    }
    double sum = 0;
    for (FaceClass faceClass : classes) {
      sum += probabilities[faceClass.id()];
    }
    return sum;
  }

  /**
   * Returns this label with some attributes only.
   *
   * @param attributes the attributes to keep; all others are unknown in the result
   */
  public FaceLabel only(Set<Attribute> attributes) {
    return of(
        mask.filter(m -> attributes.contains(Attribute.MASK)),
        gender.filter(g -> attributes.contains(Attribute.GENDER)),
        age.filter(a -> attributes.contains(Attribute.AGE)));
  }

  /**
   * Returns this label with another mask state.
   *
   * @param state how the mask is worn, empty if unknown
   */
  public FaceLabel withMask(Optional<MaskState> state) {
    return of(state, gender, age);
  }

  /**
   * Returns this label with another gender.
   *
   * @param value the gender, empty if unknown
   */
  public FaceLabel withGender(Optional<Gender> value) {
    return of(mask, value, age);
  }

  /**
   * Returns this label with another age group.
   *
   * @param group the age group, empty if unknown
   */
  public FaceLabel withAge(Optional<AgeGroup> group) {
    return of(mask, gender, group);
  }

  /**
   * Returns the known attributes in words, for instance {@code "worn, female"}, or {@code
   * "unknown"}. A complete label reads as its class.
   */
  public String displayName() {
    if (known.isEmpty()) {
      return "unknown";
    }
    return Stream.of(mask, gender, age)
        .flatMap(Optional::stream)
        .map(v -> v.name().toLowerCase(Locale.ROOT).replace('_', ' '))
        .collect(Collectors.joining(", "));
  }

  @Override
  public String toString() {
    return displayName();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FaceLabel label && label.id == id;
  }

  @Override
  public int hashCode() {
    return id;
  }

  private static int key(
      Optional<MaskState> mask, Optional<Gender> gender, Optional<AgeGroup> age) {
    int m = mask.map(v -> v.ordinal() + 1).orElse(0);
    int g = gender.map(v -> v.ordinal() + 1).orElse(0);
    int a = age.map(v -> v.ordinal() + 1).orElse(0);
    return (m * 4 + g) * 4 + a;
  }

  /** The order of what is known: everything, then pairs, then single attributes, then nothing. */
  private static ImmutableList<FaceLabel> all() {
    boolean[][] patterns = {
      {true, true, true},
      {true, true, false},
      {true, false, true},
      {false, true, true},
      {true, false, false},
      {false, true, false},
      {false, false, true},
      {false, false, false}
    };
    ImmutableList.Builder<FaceLabel> labels = ImmutableList.builder();
    int id = 0;
    for (boolean[] knows : patterns) {
      for (Optional<MaskState> mask : choices(knows[0], MaskState.values())) {
        for (Optional<Gender> gender : choices(knows[1], Gender.values())) {
          for (Optional<AgeGroup> age : choices(knows[2], AgeGroup.values())) {
            labels.add(new FaceLabel(id++, mask, gender, age));
          }
        }
      }
    }
    return labels.build();
  }

  private static <T> List<Optional<T>> choices(boolean known, T[] values) {
    if (!known) {
      return List.of(Optional.empty());
    }
    List<Optional<T>> choices = new ArrayList<>();
    for (T value : values) {
      choices.add(Optional.of(value));
    }
    return choices;
  }
}
