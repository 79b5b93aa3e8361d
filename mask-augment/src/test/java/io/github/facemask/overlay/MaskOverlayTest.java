package io.github.facemask.overlay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.facemask.augmentation.Augmentation;
import io.github.facemask.dataset.FacePhoto;
import io.github.facemask.dataset.Photo;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.facecrop.CropDecision;
import io.github.facemask.facecrop.CropTable;
import io.github.facemask.facecrop.FaceCropSettings;
import io.github.facemask.facecrop.FaceDetector.Detection;
import io.github.facemask.facecrop.FaceDetector.Point;
import io.github.facemask.image.Box;
import io.github.facemask.image.Pixels;
import io.github.facemask.image.TestFiles;
import io.github.facemask.label.AgeGroup;
import io.github.facemask.label.FaceLabel;
import io.github.facemask.label.Gender;
import io.github.facemask.label.MaskState;
import io.github.facemask.overlay.MaskOverlay.Fit;
import io.github.facemask.overlay.MaskOverlay.Kind;
import io.github.facemask.random.RandomStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MaskOverlayTest {

  /** The face of portrait.jpg, as YuNet finds it. */
  private static final Detection FACE =
      new Detection(
          new Box(138.9, 81.9, 254.9, 225.2),
          0.94,
          "yunet",
          List.of(
              new Point(166.8, 135.2),
              new Point(222.9, 137.4),
              new Point(191.7, 162.8),
              new Point(165.6, 184.5),
              new Point(216.7, 187.1)));

  private static final double EYES = 56.1;
  private static final Pixels PORTRAIT = TestFiles.photo("photos/portrait.jpg");

  private static FacePhoto photo(String id, Optional<MaskState> mask) {
    FaceLabel label = FaceLabel.of(mask, Optional.of(Gender.FEMALE), Optional.of(AgeGroup.FROM_60));
    return new FacePhoto(new Photo(id, Path.of(id)), id, OptionalInt.of(64), label);
  }

  private static CropDecision decision(String id, boolean found) {
    FaceCropSettings settings =
        FaceCropSettings.of(new FaceCropSettings.Detector("test", "", Map.of()));
    return new CropDecision(
        id,
        "",
        512,
        384,
        Box.whole(512, 384),
        found ? CropDecision.Rule.PRIMARY_SUBJECT : CropDecision.Rule.CENTER,
        "",
        found ? 0 : -1,
        found ? List.of(FACE) : List.of(),
        settings);
  }

  private static PhotoSet bare(int count) {
    List<FacePhoto> photos = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      photos.add(photo("p" + i, Optional.of(MaskState.NOT_WORN)));
    }
    return PhotoSet.of(photos);
  }

  private static CropTable found(PhotoSet photos) {
    return CropTable.of(photos.stream().map(p -> decision(p.photo().id(), true)).toList());
  }

  private static long count(PhotoSet photos, MaskState state) {
    return photos.stream().filter(p -> p.label().mask().equals(Optional.of(state))).count();
  }

  private static List<FaceLabel> labels(PhotoSet photos) {
    return photos.stream().map(FacePhoto::label).toList();
  }

  private static double change(Pixels before, Pixels after, Point at, int reach) {
    double sum = 0;
    int count = 0;
    for (int y = (int) at.y() - reach; y <= at.y() + reach; y++) {
      for (int x = (int) at.x() - reach; x <= at.x() + reach; x++) {
        for (int c = 0; c < 3; c++) {
          sum += Math.abs(before.at(y, x, c) - after.at(y, x, c));
          count++;
        }
      }
    }
    return sum / count;
  }

  private static Pixels painted(Fit fit, long seed) {
    MaskOverlay overlay =
        fit == Fit.COVERING
            ? MaskOverlay.of(1, 0)
            : MaskOverlay.of(0, 1).withFits(Map.of(fit, 1.0));
    MaskState state = fit == Fit.COVERING ? MaskState.WORN : MaskState.WORN_WRONGLY;
    return overlay.paint(PORTRAIT, FACE, state, RandomStream.of(seed, "test"));
  }

  @Test
  void theSharesOfEachEpochAreThoseAskedFor() {
    PhotoSet photos = bare(4000);
    CropTable faces = found(photos);
    MaskOverlay overlay = MaskOverlay.of(0.5, 0.2);
    for (int epoch = 0; epoch < 3; epoch++) {
      PhotoSet after = overlay.labels(photos, faces, 7, epoch);
      // Four standard deviations of a binomial count.
      assertThat(count(after, MaskState.WORN)).isCloseTo(2000, within(127L));
      assertThat(count(after, MaskState.WORN_WRONGLY)).isCloseTo(800, within(102L));
    }
    assertThat(labels(overlay.labels(photos, faces, 7, 0)))
        .isNotEqualTo(labels(overlay.labels(photos, faces, 7, 1)));
    assertThat(labels(overlay.labels(photos, faces, 7, 0)))
        .isNotEqualTo(labels(overlay.labels(photos, faces, 8, 0)));
  }

  @Property(tries = 50)
  void theStateOfAPhotoDependsOnSeedEpochAndItselfAlone(
      @ForAll long seed,
      @ForAll @IntRange(max = 50) int epoch,
      @ForAll @Size(max = 40) Set<String> names) {
    List<FacePhoto> photos = new ArrayList<>();
    names.forEach(
        name -> photos.add(photo("x" + name.hashCode(), Optional.of(MaskState.NOT_WORN))));
    List<FacePhoto> distinct = photos.stream().distinct().toList();
    List<FacePhoto> other = new ArrayList<>(distinct);
    Collections.reverse(other);
    MaskOverlay overlay = MaskOverlay.of(0.4, 0.4);
    PhotoSet one = PhotoSet.of(distinct);
    PhotoSet two = PhotoSet.of(other);
    List<FacePhoto> forward = new ArrayList<>();
    overlay.labels(one, found(one), seed, epoch).forEach(forward::add);
    List<FacePhoto> backward = new ArrayList<>();
    overlay.labels(two, found(one), seed, epoch).forEach(backward::add);
    Collections.reverse(backward);
    assertThat(backward).isEqualTo(forward);
  }

  @Test
  void aFaceWithAMaskOrAnUnknownOneOrNoFaceIsLeftAlone() {
    MaskOverlay overlay = MaskOverlay.of(0.5, 0.5);
    CropDecision face = decision("p", true);
    for (int epoch = 0; epoch < 20; epoch++) {
      for (MaskState worn : List.of(MaskState.WORN, MaskState.WORN_WRONGLY)) {
        assertThat(overlay.state(photo("p", Optional.of(worn)), face, 1, epoch)).isEmpty();
      }
      assertThat(overlay.state(photo("p", Optional.empty()), face, 1, epoch)).isEmpty();
      FacePhoto bare = photo("p", Optional.of(MaskState.NOT_WORN));
      assertThat(overlay.state(bare, decision("p", false), 1, epoch)).isEmpty();
      assertThat(overlay.state(bare, face, 1, epoch)).isPresent();
    }
  }

  @Test
  void onlyTheMaskOfALabelChangesAndNothingElse() {
    PhotoSet photos = bare(200);
    PhotoSet after = MaskOverlay.of(0.3, 0.3).labels(photos, found(photos), 5, 2);
    for (int i = 0; i < photos.size(); i++) {
      FacePhoto before = photos.get(i);
      assertThat(after.get(i).withLabel(before.label())).isEqualTo(before);
      assertThat(after.get(i).label().gender()).isEqualTo(before.label().gender());
      assertThat(after.get(i).label().age()).isEqualTo(before.label().age());
    }
  }

  @Test
  void aWornMaskCoversNoseAndMouthAndNotTheEyes() {
    for (int seed = 0; seed < 40; seed++) {
      Pixels after = painted(Fit.COVERING, seed);
      assertThat(change(PORTRAIT, after, FACE.landmarks().get(0), 6)).isLessThan(1);
      assertThat(change(PORTRAIT, after, FACE.landmarks().get(1), 6)).isLessThan(1);
      for (int point = 2; point < 5; point++) {
        assertThat(change(PORTRAIT, after, FACE.landmarks().get(point), 3)).isGreaterThan(3);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"BELOW_NOSE", "UNDER_CHIN", "ONE_EAR"})
  void aMaskWornWronglyLeavesTheNoseFree(Fit fit) {
    Point nose = FACE.landmarks().get(2);
    Point mouth = new Point(191, 186);
    for (int seed = 0; seed < 40; seed++) {
      Pixels after = painted(fit, seed);
      assertThat(change(PORTRAIT, after, FACE.landmarks().get(0), 6)).isLessThan(1);
      assertThat(change(PORTRAIT, after, FACE.landmarks().get(1), 6)).isLessThan(1);
      // Its shadow may touch the nose.
      assertThat(change(PORTRAIT, after, nose, 2)).isLessThan(12);
      if (fit == Fit.BELOW_NOSE) {
        assertThat(change(PORTRAIT, after, mouth, 3)).isGreaterThan(3);
      } else {
        assertThat(change(PORTRAIT, after, mouth, 2)).isLessThan(12);
      }
      assertThat(after).isNotEqualTo(PORTRAIT);
    }
  }

  @ParameterizedTest
  @EnumSource
  void nothingFarFromTheFaceChanges(Fit fit) {
    for (int seed = 0; seed < 10; seed++) {
      Pixels after = painted(fit, seed);
      for (int y = 0; y < PORTRAIT.height(); y++) {
        for (int x = 0; x < PORTRAIT.width(); x++) {
          boolean near = Math.abs(x - 194) < 2.4 * EYES && y > 100 && y < 300;
          if (!near && PORTRAIT.at(y, x, 0) != after.at(y, x, 0)) {
            assertThat(new Point(x, y)).as("changed by " + fit).isNull();
          }
        }
      }
    }
  }

  @Test
  void equalDrawsGiveEqualMasksAndOthersDiffer() {
    assertThat(painted(Fit.COVERING, 3)).isEqualTo(painted(Fit.COVERING, 3));
    assertThat(painted(Fit.COVERING, 3)).isNotEqualTo(painted(Fit.COVERING, 4));
    Pixels before = TestFiles.photo("photos/portrait.jpg");
    assertThat(PORTRAIT).as("the photo itself").isEqualTo(before);
  }

  @Test
  void masksHaveTheLightOfThePhoto() {
    Pixels dark = map(PORTRAIT, (x, value) -> value / 4);
    Pixels fromLeft = map(PORTRAIT, (x, value) -> x > 194 ? value / 3 : value);
    Pixels grey = grey(PORTRAIT);
    MaskOverlay white = MaskOverlay.of(1, 0).withKinds(Map.of(Kind.FFP2, 1.0));
    for (int seed = 0; seed < 10; seed++) {
      double bright = mean(white, PORTRAIT, seed, 170, 215);
      assertThat(mean(white, dark, seed, 170, 215)).isLessThan(0.55 * bright);
      assertThat(mean(white, fromLeft, seed, 205, 225))
          .isLessThan(0.55 * mean(white, fromLeft, seed, 160, 180));
      Pixels after = white.paint(grey, FACE, MaskState.WORN, RandomStream.of(seed, "test"));
      for (int x = 150; x < 240; x++) {
        assertThat(Math.abs(after.at(180, x, 0) - after.at(180, x, 2))).isLessThanOrEqualTo(3);
      }
    }
  }

  @Test
  void masksHaveTheNoiseAndTheSharpnessOfThePhoto() {
    RandomStream random = RandomStream.of(1, "noise");
    Pixels noisy = map(PORTRAIT, (x, value) -> value + (int) (24 * random.nextGaussian()));
    assertThat(roughness(noisy)).isGreaterThan(2 * roughness(PORTRAIT));
    Pixels small = resized(resized(PORTRAIT, 64, 48), 512, 384);
    assertThat(edge(small)).isLessThan(0.8 * edge(PORTRAIT));
  }

  private static double edge(Pixels photo) {
    MaskOverlay dark = MaskOverlay.of(1, 0).withKinds(Map.of(Kind.DARK, 1.0));
    Pixels after = dark.paint(photo, FACE, MaskState.WORN, RandomStream.of(2, "test"));
    int most = 0;
    for (int y = 140; y < 175; y++) {
      most = Math.max(most, Math.abs(after.at(y + 1, 192, 1) - after.at(y, 192, 1)));
    }
    return most;
  }

  private static double roughness(Pixels photo) {
    MaskOverlay white = MaskOverlay.of(1, 0).withKinds(Map.of(Kind.FFP2, 1.0));
    Pixels after = white.paint(photo, FACE, MaskState.WORN, RandomStream.of(2, "test"));
    double sum = 0;
    for (int y = 175; y < 205; y++) {
      for (int x = 170; x < 215; x++) {
        sum += Math.abs(2 * after.at(y, x, 1) - after.at(y, x - 1, 1) - after.at(y, x + 1, 1));
      }
    }
    return sum;
  }

  private static Pixels resized(Pixels photo, int height, int width) {
    return io.github.facemask.image.Resampler.resize(
        photo,
        height,
        width,
        io.github.facemask.preprocessing.Preprocessing.Interpolation.BILINEAR);
  }

  private interface Change {
    int of(int x, int value);
  }

  private static Pixels map(Pixels photo, Change change) {
    byte[] array = photo.array().clone();
    for (int i = 0; i < array.length; i++) {
      int value = change.of(i / 3 % photo.width(), array[i] & 255);
      array[i] = (byte) Math.max(0, Math.min(255, value));
    }
    return Pixels.wrap(photo.height(), photo.width(), array);
  }

  private static Pixels grey(Pixels photo) {
    byte[] array = photo.array().clone();
    for (int i = 0; i < array.length; i += 3) {
      array[i] = array[i + 1];
      array[i + 2] = array[i + 1];
    }
    return Pixels.wrap(photo.height(), photo.width(), array);
  }

  private static double mean(MaskOverlay overlay, Pixels photo, int seed, int from, int to) {
    Pixels after = overlay.paint(photo, FACE, MaskState.WORN, RandomStream.of(seed, "test"));
    double sum = 0;
    for (int x = from; x < to; x++) {
      for (int y = 180; y < 200; y++) {
        sum += after.at(y, x, 1);
      }
    }
    return sum / (to - from) / 20;
  }

  @Property(tries = 300)
  void anyFaceOfATableCanBePaintedOn(
      @ForAll @DoubleRange(min = -900, max = 900) double left,
      @ForAll @DoubleRange(min = -900, max = 900) double top,
      @ForAll @DoubleRange(min = 0.01, max = 3000) double width,
      @ForAll @DoubleRange(min = 0.01, max = 3000) double height,
      @ForAll @Size(5) List<@DoubleRange(min = -1e4, max = 1e4) Double> places,
      @ForAll boolean landmarks,
      @ForAll boolean atOnePoint,
      @ForAll long seed) {
    List<Point> points = new ArrayList<>();
    for (int i = 0; landmarks && i < 5; i++) {
      points.add(atOnePoint ? new Point(9, 9) : new Point(places.get(i), places.get(4 - i)));
    }
    Detection face = new Detection(new Box(left, top, left + width, top + height), 0.5, "", points);
    Pixels small = resized(PORTRAIT, 40, 30);
    for (MaskState state : List.of(MaskState.WORN, MaskState.WORN_WRONGLY)) {
      Pixels after = MaskOverlay.of(1, 0).paint(small, face, state, RandomStream.of(seed, "any"));
      assertThat(after.height()).isEqualTo(40);
      assertThat(after.width()).isEqualTo(30);
    }
  }

  @Test
  void withoutLandmarksTheBoxSaysWhereTheFaceIs() {
    // The box of OpenCV's cascade on the portrait.
    Detection face = new Detection(new Box(126, 82, 264, 220), 0.9, "frontal");
    Pixels after =
        MaskOverlay.of(1, 0).paint(PORTRAIT, face, MaskState.WORN, RandomStream.of(1, "t"));
    assertThat(change(PORTRAIT, after, FACE.landmarks().get(0), 5)).isLessThan(1);
    assertThat(change(PORTRAIT, after, new Point(191, 190), 5)).isGreaterThan(3);
  }

  @Test
  void aMaskSitsLowerAndIsLargerIfToldSo() {
    MaskOverlay dark = MaskOverlay.of(1, 0).withKinds(Map.of(Kind.DARK, 1.0));
    double usual = upperEdge(dark);
    assertThat(upperEdge(dark.withLower(0.2)) - usual).isCloseTo(0.2 * EYES, within(5.0));
    assertThat(upperEdge(dark.withSize(1.2))).isLessThan(usual);
  }

  private static double upperEdge(MaskOverlay overlay) {
    Pixels after = overlay.paint(PORTRAIT, FACE, MaskState.WORN, RandomStream.of(8, "test"));
    int y = 120;
    while (after.at(y, 176, 1) > 70) {
      y++;
    }
    return y;
  }

  @Test
  void everyKindAndEveryWrongFitIsDrawn() {
    // Kinds and fits have no names in a picture; masks with one weight each must all differ.
    Set<Kind> kinds = EnumSet.noneOf(Kind.class);
    List<Pixels> seen = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      Pixels after =
          MaskOverlay.of(1, 0)
              .withKinds(Map.of(kind, 2.0))
              .paint(PORTRAIT, FACE, MaskState.WORN, RandomStream.of(1, "test"));
      assertThat(seen).doesNotContain(after);
      seen.add(after);
      kinds.add(kind);
    }
    assertThat(kinds).hasSize(5);
  }

  @Test
  void parametersAreReadBack() {
    MaskOverlay overlay =
        MaskOverlay.of(0.25, 0.5)
            .withKinds(Map.of(Kind.CLOTH, 1.0, Kind.DARK, 3.0))
            .withFits(Map.of(Fit.ONE_EAR, 1.0))
            .withLower(0.1)
            .withSize(0.9);
    MaskOverlay again =
        Augmentation.ofRecord(List.of(), Optional.empty(), Optional.of(overlay.parameters()))
            .overlay()
            .orElseThrow();
    assertThat(again).isEqualTo(overlay).isNotEqualTo(overlay.withSize(1));
    assertThat(again.paint(PORTRAIT, FACE, MaskState.WORN, RandomStream.of(1, "t")))
        .isEqualTo(overlay.paint(PORTRAIT, FACE, MaskState.WORN, RandomStream.of(1, "t")));
  }

  @Test
  void aListOfTransformsMayHaveIt() {
    Augmentation read =
        Augmentation.read(
            List.of(
                "flip",
                Map.of("mask-overlay", Map.of("worn", 0.2, "worn-wrongly", 0.1, "ffp2", 3)),
                "cutmix"));
    MaskOverlay overlay = read.overlay().orElseThrow();
    assertThat(overlay.worn()).isEqualTo(0.2);
    assertThat(overlay.wornWrongly()).isEqualTo(0.1);
    assertThat(overlay.kinds()).containsEntry(Kind.FFP2, 3.0).containsEntry(Kind.SURGICAL, 0.45);
    assertThat(Augmentation.read(read.toList()).overlay()).isEqualTo(read.overlay());
    assertThat(read.toString()).contains("mask-overlay {worn 0.2, worn-wrongly 0.1");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> Augmentation.read(List.of(Map.of("mask-overlay", Map.of("worn-wrongly", 2)))))
        .withMessageContaining("mask-overlay: worn-wrongly is 2.0, expected a share from 0 to 1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Augmentation.read(List.of("mask-overlay", "mask-overlay")))
        .withMessageContaining("second overlay");
  }

  @Test
  void wrongValuesAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MaskOverlay.of(0.8, 0.3))
        .withMessageContaining("at most 1");
    assertThatIllegalArgumentException().isThrownBy(() -> MaskOverlay.of(0, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> MaskOverlay.of(Double.NaN, 0));
    MaskOverlay overlay = MaskOverlay.of(1, 0);
    assertThatIllegalArgumentException().isThrownBy(() -> overlay.withKinds(Map.of()));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> overlay.withFits(Map.of(Fit.COVERING, 1.0)))
        .withMessageContaining("wrong");
    assertThatIllegalArgumentException().isThrownBy(() -> overlay.withLower(2));
    assertThatIllegalArgumentException().isThrownBy(() -> overlay.withSize(0));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> overlay.paint(PORTRAIT, FACE, MaskState.NOT_WORN, RandomStream.of(1, "t")))
        .withMessageContaining("WORN or WORN_WRONGLY");
  }
}
