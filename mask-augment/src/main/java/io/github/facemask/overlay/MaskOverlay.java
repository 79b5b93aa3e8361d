package io.github.facemask.overlay;

import static io.github.facemask.problem.InvalidArgumentException.check;

import com.google.common.base.CaseFormat;
import com.google.common.collect.ImmutableMap;
import com.google.errorprone.annotations.CheckReturnValue;
import io.github.facemask.dataset.FacePhoto;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.facecrop.CropDecision;
import io.github.facemask.facecrop.CropTable;
import io.github.facemask.facecrop.FaceDetector.Detection;
import io.github.facemask.image.Pixels;
import io.github.facemask.label.FaceLabel;
import io.github.facemask.label.MaskState;
import io.github.facemask.random.RandomStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * Lays drawn masks on faces without one, and changes their labels: a set of bare faces becomes
 * training data for all three mask states. It is for training only.
 *
 * <p>A mask is drawn by code: its surface follows the pose of the head, which is fitted to the five
 * landmarks of a {@link Detection} or, without landmarks, to its box. It gets the photo's light,
 * sharpness and noise, a shadow and straps.
 *
 * <p>A face is covered only if its label says that no mask is worn, and if the face was found. In
 * each epoch, a photo has one state, drawn by the seed, the epoch and the photo's id, so all labels
 * of an epoch are known before its first batch. Immutable and thread-safe.
 */
public final class MaskOverlay {

  /** The kind of a mask. */
  public enum Kind {
    /** Pleated, in light colours. */
    SURGICAL,
    /** Folded in the middle, mostly white: FFP2, KN95 and N95. */
    FFP2,
    /** Of cloth, in one colour. */
    CLOTH,
    /** Nearly black, pleated or folded. */
    DARK,
    /** Of cloth with dots, stripes, checks, patches or flowers. */
    PATTERNED
  }

  /** Where a mask sits. */
  public enum Fit {
    /** Over nose, mouth and chin: {@link MaskState#WORN}. */
    COVERING,
    /** Over mouth and chin; the nose is free: {@link MaskState#WORN_WRONGLY}. */
    BELOW_NOSE,
    /** Under the mouth; nose and mouth are free: {@link MaskState#WORN_WRONGLY}. */
    UNDER_CHIN,
    /** It hangs from one ear; nose and mouth are free: {@link MaskState#WORN_WRONGLY}. */
    ONE_EAR
  }

  private static final ImmutableMap<Kind, Double> USUAL_KINDS =
      ImmutableMap.of(
          Kind.SURGICAL,
          0.45,
          Kind.FFP2,
          0.2,
          Kind.CLOTH,
          0.12,
          Kind.DARK,
          0.15,
          Kind.PATTERNED,
          0.08);

  private static final ImmutableMap<Fit, Double> USUAL_FITS =
      ImmutableMap.of(Fit.BELOW_NOSE, 0.5, Fit.UNDER_CHIN, 0.35, Fit.ONE_EAR, 0.15);

  private final double worn;
  private final double wornWrongly;
  private final ImmutableMap<Kind, Double> kinds;
  private final ImmutableMap<Fit, Double> fits;
  private final double lower;
  private final double size;

  private MaskOverlay(
      double worn,
      double wornWrongly,
      ImmutableMap<Kind, Double> kinds,
      ImmutableMap<Fit, Double> fits,
      double lower,
      double size) {
    this.worn = worn;
    this.wornWrongly = wornWrongly;
    this.kinds = kinds;
    this.fits = fits;
    this.lower = lower;
    this.size = size;
  }

  /**
   * Returns an overlay.
   *
   * @param worn the share of the bare faces that get a mask that covers nose and mouth, 0 to 1
   * @param wornWrongly the share that gets a mask worn wrongly, 0 to 1; together at most 1 and more
   *     than 0
   */
  public static MaskOverlay of(double worn, double wornWrongly) {
    check(worn >= 0 && worn <= 1, "worn", worn, "a share from 0 to 1");
    check(wornWrongly >= 0 && wornWrongly <= 1, "wornWrongly", wornWrongly, "a share from 0 to 1");
    double sum = worn + wornWrongly;
    check(
        sum > 0 && sum <= 1 + 1e-9,
        "worn + wornWrongly",
        worn + " + " + wornWrongly,
        "shares that are more than 0 and at most 1 together");
    return new MaskOverlay(worn, wornWrongly, USUAL_KINDS, USUAL_FITS, 0, 1);
  }

  /**
   * Returns the same overlay with other kinds of masks.
   *
   * @param weights how often each kind is drawn, relative to the others; a missing kind never is
   */
  @CheckReturnValue
  public MaskOverlay withKinds(Map<Kind, Double> weights) {
    return new MaskOverlay(worn, wornWrongly, checked("kinds", weights), fits, lower, size);
  }

  /**
   * Returns the same overlay with other ways to wear a mask wrongly.
   *
   * @param weights how often each is drawn, relative to the others; a missing one never is. {@link
   *     Fit#COVERING} is not wrong
   */
  @CheckReturnValue
  public MaskOverlay withFits(Map<Fit, Double> weights) {
    check(!weights.containsKey(Fit.COVERING), "fits", weights, "fits that are wrong");
    return new MaskOverlay(worn, wornWrongly, kinds, checked("fits", weights), lower, size);
  }

  /**
   * Returns the same overlay with masks in another place. By default their places vary by about a
   * twentieth of the distance between the eyes around the usual one.
   *
   * @param distance how much lower all masks sit, over the distance between the eyes, -0.3 to 0.3
   */
  @CheckReturnValue
  public MaskOverlay withLower(double distance) {
    check(Math.abs(distance) <= 0.3, "lower", distance, "-0.3 to 0.3");
    return new MaskOverlay(worn, wornWrongly, kinds, fits, distance, size);
  }

  /**
   * Returns the same overlay with larger or smaller masks.
   *
   * @param factor the size over the usual one, 0.7 to 1.4
   */
  @CheckReturnValue
  public MaskOverlay withSize(double factor) {
    check(factor >= 0.7 && factor <= 1.4, "size", factor, "0.7 to 1.4");
    return new MaskOverlay(worn, wornWrongly, kinds, fits, lower, factor);
  }

  private static <E extends Enum<E>> ImmutableMap<E, Double> checked(
      String name, Map<E, Double> weights) {
    boolean valid =
        weights.values().stream().allMatch(w -> w >= 0 && Double.isFinite(w))
            && weights.values().stream().anyMatch(w -> w > 0);
    check(valid, name, weights, "weights of 0 or more, one of them more than 0");
    return ImmutableMap.copyOf(new TreeMap<>(weights));
  }

  /** Returns the share of the bare faces that get a mask that covers nose and mouth. */
  public double worn() {
    return worn;
  }

  /** Returns the share of the bare faces that get a mask worn wrongly. */
  public double wornWrongly() {
    return wornWrongly;
  }

  /**
   * Returns the state that a photo gets in an epoch.
   *
   * @param photo the photo
   * @param decision the faces on it
   * @param seed the run's seed
   * @param epoch the epoch, from 0
   * @return the state of the mask to lay on; empty if the photo stays as it is
   */
  public Optional<MaskState> state(FacePhoto photo, CropDecision decision, long seed, int epoch) {
    if (decision.chosen() < 0 || !photo.label().mask().equals(Optional.of(MaskState.NOT_WORN))) {
      return Optional.empty();
    }
    return state(photo.photo().id(), seed, epoch);
  }

  /**
   * Returns the state that a bare face gets in an epoch.
   *
   * @param photoId the photo's id
   * @param seed the run's seed
   * @param epoch the epoch, from 0
   * @return the state of the mask to lay on; empty if the photo stays as it is
   */
  public Optional<MaskState> state(String photoId, long seed, int epoch) {
    double drawn = RandomStream.of(seed, "mask overlay " + photoId, epoch).nextDouble();
    if (drawn < worn) {
      return Optional.of(MaskState.WORN);
    }
    return drawn < worn + wornWrongly ? Optional.of(MaskState.WORN_WRONGLY) : Optional.empty();
  }

  /**
   * Returns the photos with their labels in an epoch.
   *
   * @param photos the photos with their own labels
   * @param faces has a decision on each photo
   * @param seed the run's seed
   * @param epoch the epoch, from 0
   * @return the same photos in the same order; those that get a mask have its state as their label
   */
  public PhotoSet labels(PhotoSet photos, CropTable faces, long seed, int epoch) {
    List<FacePhoto> all = new ArrayList<>(photos.size());
    for (FacePhoto photo : photos) {
      Optional<MaskState> state =
          faces.find(photo.photo().id()).flatMap(d -> state(photo, d, seed, epoch));
      FaceLabel label = photo.label();
      all.add(
          state.isEmpty()
              ? photo
              : photo.withLabel(FaceLabel.of(state, label.gender(), label.age())));
    }
    return PhotoSet.of(all);
  }

  /**
   * Lays a mask on a face.
   *
   * @param photo the photo; it does not change
   * @param face the face, in pixels of the photo
   * @param state {@link MaskState#WORN} or {@link MaskState#WORN_WRONGLY}
   * @param random draws the mask
   * @return a copy of the photo with the mask; the photo itself if the face lies outside
   * @throws IllegalArgumentException if the state is that no mask is worn
   */
  public Pixels paint(Pixels photo, Detection face, MaskState state, RandomGenerator random) {
    check(state != MaskState.NOT_WORN, "state", state, "WORN or WORN_WRONGLY");
    Fit fit = state == MaskState.WORN ? Fit.COVERING : drawn(fits, random);
    Kind kind = drawn(kinds, random);
    return MaskPainting.of(
        photo,
        face.box(),
        FacePose.of(face.box(), face.landmarks()),
        MaskShape.draw(fit, kind, lower, size, random),
        MaskLook.draw(kind, random),
        random);
  }

  private static <E> E drawn(ImmutableMap<E, Double> weights, RandomGenerator random) {
    double all = weights.values().stream().mapToDouble(w -> w).sum();
    double left = random.nextDouble() * all;
    E last = null;
    for (Map.Entry<E, Double> entry : weights.entrySet()) {
      if (entry.getValue() > 0) {
        last = entry.getKey();
        left -= entry.getValue();
        if (left < 0) {
          return last;
        }
      }
    }
    return last;
  }

  /** Returns how often each kind is drawn, relative to the others. */
  public ImmutableMap<Kind, Double> kinds() {
    return kinds;
  }

  /** Returns how often each way to wear a mask wrongly is drawn, relative to the others. */
  public ImmutableMap<Fit, Double> fits() {
    return fits;
  }

  /** Returns the parameters for a run's record; plain JSON values. */
  public Map<String, Object> parameters() {
    ImmutableMap.Builder<String, Object> all = ImmutableMap.builder();
    all.put("name", "maskOverlay").put("worn", worn).put("wornWrongly", wornWrongly);
    for (Kind kind : Kind.values()) {
      all.put(key(kind), kinds.getOrDefault(kind, 0.0));
    }
    for (Fit fit : Fit.values()) {
      if (fit != Fit.COVERING) {
        all.put(key(fit), fits.getOrDefault(fit, 0.0));
      }
    }
    return all.put("lower", lower).put("size", size).buildOrThrow();
  }

  private static String key(Enum<?> value) {
    return CaseFormat.UPPER_UNDERSCORE.to(CaseFormat.LOWER_CAMEL, value.name());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MaskOverlay that && parameters().equals(that.parameters());
  }

  @Override
  public int hashCode() {
    return parameters().hashCode();
  }
}
