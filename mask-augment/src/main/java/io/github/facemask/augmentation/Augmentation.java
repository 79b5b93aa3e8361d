package io.github.facemask.augmentation;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.CheckReturnValue;
import io.github.facemask.mixing.CutMix;
import io.github.facemask.mixing.Mixing;
import io.github.facemask.overlay.MaskOverlay;
import io.github.facemask.problem.Problem;
import io.github.facemask.transform.AugMix;
import io.github.facemask.transform.Clahe;
import io.github.facemask.transform.ColorJitter;
import io.github.facemask.transform.CropTransform;
import io.github.facemask.transform.GaussianBlur;
import io.github.facemask.transform.GaussianNoise;
import io.github.facemask.transform.Grayscale;
import io.github.facemask.transform.HorizontalFlip;
import io.github.facemask.transform.PhotoTransform;
import io.github.facemask.transform.PixelTransform;
import io.github.facemask.transform.RandAugment;
import io.github.facemask.transform.RandomAffine;
import io.github.facemask.transform.RandomErasing;
import io.github.facemask.transform.RandomResizedCrop;
import io.github.facemask.transform.TrivialAugment;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What is done to photos in training: masks that are laid on bare faces, transforms of each photo,
 * and how the photos of a batch are mixed. It is made from objects, from a {@link Preset}, or from
 * a list of names and parameters as a YAML or JSON file has it. Immutable and thread-safe.
 */
public final class Augmentation {

  private final ImmutableList<PhotoTransform> transforms;
  private final Optional<Mixing> mixing;
  private final Optional<MaskOverlay> overlay;

  private Augmentation(
      ImmutableList<PhotoTransform> transforms,
      Optional<Mixing> mixing,
      Optional<MaskOverlay> overlay) {
    for (int i = 1; i < transforms.size(); i++) {
      checkArgument(
          !(transforms.get(i) instanceof CropTransform),
          "%s is transform number %s, expected at most one crop, before all other transforms",
          transforms.get(i).parameters().get("name"),
          i + 1);
    }
    this.transforms = transforms;
    this.mixing = mixing;
    this.overlay = overlay;
  }

  /** Augmentations that suit most photos of faces. All mix half of the batches by CutMix. */
  public enum Preset {
    /** A random crop of at least half of the area, and a flip: what training does by default. */
    LIGHT,

    /** Also small changes of colour, size and place, and an erased rectangle now and then. */
    MEDIUM,

    /** Larger ones, and now and then blur or noise, CLAHE and grey. */
    STRONG,

    /** TrivialAugment, and an erased rectangle now and then. */
    TRIVIAL,

    /** RandAugment with two operations of strength 9, and an erased rectangle now and then. */
    RAND,

    /** AugMix of severity 3. */
    AUGMIX;

    /** Returns what it does. */
    public Augmentation augmentation() {
      return of(
          ImmutableList.<PhotoTransform>builder()
              .add(RandomResizedCrop.of(0.5, 1), HorizontalFlip.half())
              .addAll(further())
              .build(),
          Optional.of(CutMix.alpha(1).withProbability(0.5)));
    }

    private ImmutableList<PhotoTransform> further() {
      return switch (this) {
        case LIGHT -> ImmutableList.of();
        case MEDIUM ->
            ImmutableList.of(
                RandomAffine.rotation(10).withShift(0.05).withScale(0.9, 1.1),
                ColorJitter.of(0.2, 0.2, 0.2, 0.02),
                RandomErasing.of(0.25).withArea(0.02, 0.15));
        case STRONG ->
            ImmutableList.of(
                RandomAffine.rotation(15).withShift(0.1).withScale(0.85, 1.15).withShear(5),
                ColorJitter.of(0.4, 0.4, 0.4, 0.05),
                PixelTransform.oneOf(
                    0.3,
                    ImmutableList.of(GaussianBlur.sigma(0.1, 2), GaussianNoise.std(2, 15)),
                    ImmutableList.of(1.0, 1.0)),
                Clahe.clipLimit(1, 4).withProbability(0.2),
                Grayscale.of(0.1),
                RandomErasing.of(0.5).withArea(0.02, 0.2));
        case TRIVIAL ->
            ImmutableList.of(TrivialAugment.wide(), RandomErasing.of(0.1).withArea(0.02, 0.2));
        case RAND ->
            ImmutableList.of(RandAugment.of(2, 9), RandomErasing.of(0.25).withArea(0.02, 0.2));
        case AUGMIX -> ImmutableList.of(AugMix.severity(3));
      };
    }
  }

  /**
   * Returns the augmentation by some transforms.
   *
   * @param transforms at most one crop, first, and pixel transforms
   * @param mixing how the photos of a batch are mixed; empty for not
   * @return the augmentation
   * @throws IllegalArgumentException if a crop is not the first transform
   */
  public static Augmentation of(
      List<? extends PhotoTransform> transforms, Optional<? extends Mixing> mixing) {
    return new Augmentation(
        ImmutableList.copyOf(transforms), mixing.map(each -> each), Optional.empty());
  }

  /**
   * Reads an augmentation from plain values, such as a reader of YAML or JSON makes. Each entry is
   * a name, or a map of one name to its parameters, for instance {@code flip} or {@code
   * {color-jitter: {brightness: 0.2}}}. A range is a text such as {@code 0.6..1}, or a list of two
   * numbers. Names are compared without regard to case, hyphens and underscores. The guide to
   * augmentation lists all names.
   *
   * @param entries texts, numbers, lists and maps
   * @return the augmentation
   * @throws InvalidEntryException if a name is unknown, or a parameter is unknown, missing, of
   *     another type or out of range
   */
  public static Augmentation read(List<?> entries) {
    List<PhotoTransform> transforms = new ArrayList<>();
    Optional<Mixing> mixing = Optional.empty();
    Optional<MaskOverlay> overlay = Optional.empty();
    List<Object> parts = ListReader.read(entries);
    for (int i = 0; i < parts.size(); i++) {
      if (parts.get(i) instanceof PhotoTransform transform) {
        transforms.add(transform);
      } else if (parts.get(i) instanceof Mixing one) {
        if (mixing.isPresent()) {
          throw new InvalidEntryException(
              "/" + i,
              "",
              "",
              Problem.saying("there is a second mixing")
                  .withExpected("at most one; name several in one-of to draw one for each batch"));
        }
        mixing = Optional.of(one);
      } else if (parts.get(i) instanceof MaskOverlay masks) {
        if (overlay.isPresent()) {
          throw new InvalidEntryException(
              "/" + i, "", "", Problem.saying("there is a second overlay").withExpected("one"));
        }
        overlay = Optional.of(masks);
      }
    }
    return of(transforms, mixing).withOverlay(overlay);
  }

  /**
   * Reads an augmentation without an overlay from the {@code parameters()} of its parts.
   *
   * @param transforms the parameters of each transform
   * @param mixing the parameters of the mixing; empty for none
   * @return the augmentation
   * @throws IllegalArgumentException if a part is not of this library, or a parameter is missing or
   *     out of range
   */
  public static Augmentation ofRecord(
      List<? extends Map<String, ?>> transforms, Optional<? extends Map<String, ?>> mixing) {
    return ofRecord(transforms, mixing, Optional.empty());
  }

  /**
   * Reads an augmentation from the {@code parameters()} of its parts, as a run's record has them.
   *
   * @param transforms the parameters of each transform
   * @param mixing the parameters of the mixing; empty for none
   * @param overlay the parameters of the overlay; empty for none
   * @return the augmentation
   * @throws IllegalArgumentException if a part is not of this library, or a parameter is missing or
   *     out of range
   */
  public static Augmentation ofRecord(
      List<? extends Map<String, ?>> transforms,
      Optional<? extends Map<String, ?>> mixing,
      Optional<? extends Map<String, ?>> overlay) {
    ImmutableList.Builder<PhotoTransform> read = ImmutableList.builder();
    for (Map<String, ?> each : transforms) {
      Object part = RecordReader.part(each, "transform");
      checkArgument(
          part instanceof PhotoTransform, "%s is a mixing, expected a transform", each.get("name"));
      read.add((PhotoTransform) part);
    }
    return of(
            read.build(),
            mixing.map(
                each -> {
                  Object part = RecordReader.part(each, "mixing");
                  checkArgument(
                      part instanceof Mixing,
                      "%s is a transform, expected a mixing",
                      each.get("name"));
                  return (Mixing) part;
                }))
        .withOverlay(
            overlay.map(
                each -> {
                  Object part = RecordReader.part(each, "overlay");
                  checkArgument(
                      part instanceof MaskOverlay,
                      "%s is no overlay, expected masks",
                      each.get("name"));
                  return (MaskOverlay) part;
                }));
  }

  /** Returns the transforms, in order. */
  public ImmutableList<PhotoTransform> transforms() {
    return transforms;
  }

  /** Returns how the photos of a batch are mixed. */
  public Optional<Mixing> mixing() {
    return mixing;
  }

  /**
   * Returns the same augmentation with other transforms.
   *
   * @param others at most one crop, first, and pixel transforms
   * @return the changed augmentation
   */
  @CheckReturnValue
  public Augmentation withTransforms(List<? extends PhotoTransform> others) {
    return new Augmentation(ImmutableList.copyOf(others), mixing, overlay);
  }

  /**
   * Returns the same augmentation with another mixing.
   *
   * @param other the mixing; empty for none
   * @return the changed augmentation
   */
  @CheckReturnValue
  public Augmentation withMixing(Optional<? extends Mixing> other) {
    return new Augmentation(transforms, other.map(each -> each), overlay);
  }

  /** Returns the masks that are laid on bare faces before the transforms; empty for none. */
  public Optional<MaskOverlay> overlay() {
    return overlay;
  }

  /**
   * Returns the same augmentation with other masks.
   *
   * @param other the masks; empty for none
   * @return the changed augmentation
   */
  @CheckReturnValue
  public Augmentation withOverlay(Optional<MaskOverlay> other) {
    return new Augmentation(transforms, mixing, other);
  }

  /**
   * Returns the augmentation as plain values with all parameters. {@link #read} makes the same
   * augmentation of them, unless a transform or mixing is not of this library.
   *
   * @return texts, numbers, lists and maps
   */
  public List<Object> toList() {
    ImmutableList.Builder<Object> entries = ImmutableList.builder();
    overlay.ifPresent(each -> entries.add(RecordReader.entry(each.parameters())));
    transforms.forEach(each -> entries.add(RecordReader.entry(each.parameters())));
    mixing.ifPresent(each -> entries.add(RecordReader.entry(each.parameters())));
    return entries.build();
  }

  /** Returns the list on one line, with four digits of each number; for people. */
  @Override
  public String toString() {
    return transforms.isEmpty() && mixing.isEmpty() && overlay.isEmpty()
        ? "none"
        : toList().stream().map(Augmentation::words).collect(Collectors.joining(", "));
  }

  static String words(Object value) {
    if (value instanceof Map<?, ?> map) {
      return map.entrySet().stream()
          .map(each -> named(String.valueOf(each.getKey()), each.getValue()))
          .collect(Collectors.joining(", "));
    }
    if (value instanceof List<?> list) {
      return list.stream().map(Augmentation::words).collect(Collectors.joining(", ", "[", "]"));
    }
    if (value instanceof String text && Kind.RANGE.read(text).isPresent()) {
      Kind.Range range = (Kind.Range) Kind.RANGE.read(text).orElseThrow();
      return text.contains("..") ? digits(range.min()) + ".." + digits(range.max()) : text;
    }
    return value instanceof Double number ? digits(number) : String.valueOf(value);
  }

  private static String named(String name, Object value) {
    if (value instanceof Map<?, ?> parameters) {
      return parameters.isEmpty() ? name : name + " {" + words(parameters) + "}";
    }
    return name + " " + words(value);
  }

  private static String digits(double number) {
    String text = String.format(Locale.ROOT, "%.4g", number);
    return text.contains(".") && !text.contains("e")
        ? text.replaceAll("0+$", "").replaceAll("\\.$", "")
        : text;
  }

  /**
   * Thrown for a wrong entry of a list. It names the entry by its place, so that a reader of a file
   * can name the line. Not thread-safe, like every exception.
   */
  public static final class InvalidEntryException extends IllegalArgumentException {

    private static final long serialVersionUID = 1;

    private final String pointer;
    private final String part;
    private final String parameter;
    private final Problem problem;

    InvalidEntryException(String pointer, String part, String parameter, Problem problem) {
      super(told(part, problem).message());
      this.pointer = pointer;
      this.part = part;
      this.parameter = parameter;
      this.problem = told(part, problem);
    }

    private static Problem told(String part, Problem problem) {
      return part.isEmpty()
          ? problem
          : new Problem("", part + ": " + problem.value(), problem.expected(), problem.remedy());
    }

    /**
     * Returns the place in the list as a JSON pointer (RFC 6901), for instance {@code
     * /2/color-jitter/hue}.
     */
    public String pointer() {
      return pointer;
    }

    /** Returns the name of the transform or mixing; empty if the name itself is wrong. */
    public String part() {
      return part;
    }

    /** Returns the name of the parameter; empty if none is wrong. */
    public String parameter() {
      return parameter;
    }

    /** Returns what is wrong, with the name of the transform or mixing. */
    public Problem problem() {
      return problem;
    }
  }
}
