package io.github.facemask.lab.cropaudit;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import io.github.facemask.facecrop.CropDecision;
import io.github.facemask.facecrop.CropTable;
import io.github.facemask.facecrop.FaceDetector.Detection;
import io.github.facemask.image.Box;
import io.github.facemask.lab.synthetic.FaceBox;
import io.github.facemask.lab.synthetic.SyntheticTruth;
import io.github.facemask.label.MaskState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How often crops show the right person, on synthetic photos with known face boxes. A found face is
 * a person's if its intersection over union with the true box is {@link #SAME} or more. Immutable.
 */
public final class CropAccuracy {

  /** The smallest intersection over union of a found and a true box of the same face. */
  public static final double SAME = 0.3;

  private static final double HELD = 0.9;

  /**
   * The photos of one mask state, with or without a face in the background.
   *
   * @param mask how the subject wears the mask
   * @param background whether there is a person in the background
   * @param photos the number of photos
   * @param subjectFound the number of photos on which the detector found the subject
   * @param right the number of crops of the subject's face
   * @param backgroundPerson the number of crops of the background face
   * @param elsewhere the number of crops of another found face
   * @param fallback the number of fallbacks
   * @param held the number of crops, fallbacks included, with at least nine tenths of the subject's
   *     face
   * @param bothFound the number of photos on which both people were found
   * @param backgroundOfBoth the number of those on which the crop is of the background person
   */
  public record Row(
      MaskState mask,
      boolean background,
      int photos,
      int subjectFound,
      int right,
      int backgroundPerson,
      int elsewhere,
      int fallback,
      int held,
      int bothFound,
      int backgroundOfBoth) {}

  private final ImmutableList<Row> rows;

  private CropAccuracy(ImmutableList<Row> rows) {
    this.rows = rows;
  }

  /**
   * Compares crops with the true boxes.
   *
   * @param table the crops
   * @param truth the truth; photos without a crop are ignored
   * @return the comparison
   * @throws IllegalArgumentException if the table has no crop of any photo
   */
  public static CropAccuracy of(CropTable table, List<SyntheticTruth> truth) {
    ImmutableList.Builder<Row> rows = ImmutableList.builder();
    int photos = 0;
    for (MaskState mask : MaskState.values()) {
      for (boolean background : new boolean[] {false, true}) {
        List<Seen> seen = new ArrayList<>();
        for (SyntheticTruth photo : truth) {
          if (photo.faceClass().mask() == mask && photo.other().isPresent() == background) {
            table.find(photo.photo()).ifPresent(crop -> seen.add(Seen.of(crop, photo)));
          }
        }
        photos += seen.size();
        rows.add(row(mask, background, seen));
      }
    }
    checkArgument(
        photos > 0, "the crop table has none of the %s photos whose faces are known", truth.size());
    return new CropAccuracy(rows.build());
  }

  /** Returns a row for each mask state without and with a face in the background. */
  public List<Row> rows() {
    return rows;
  }

  /**
   * Returns how often the right person was cropped if both were found.
   *
   * @return the share of those photos whose crop is not of the face in the background; 1 if there
   *     are none
   */
  public double rightOfBoth() {
    int both = rows.stream().mapToInt(Row::bothFound).sum();
    int wrong = rows.stream().mapToInt(Row::backgroundOfBoth).sum();
    return both == 0 ? 1 : 1 - (double) wrong / both;
  }

  private static Row row(MaskState mask, boolean background, List<Seen> seen) {
    return new Row(
        mask,
        background,
        seen.size(),
        count(seen, Seen::subjectFound),
        count(seen, Seen::right),
        count(seen, Seen::wrong),
        count(seen, s -> !s.fallback && !s.right && !s.wrong),
        count(seen, Seen::fallback),
        count(seen, Seen::held),
        count(seen, Seen::bothFound),
        count(seen, s -> s.bothFound && s.wrong));
  }

  private static int count(List<Seen> seen, java.util.function.Predicate<Seen> which) {
    return (int) seen.stream().filter(which).count();
  }

  /** The comparison for one crop. */
  private record Seen(
      boolean subjectFound,
      boolean bothFound,
      boolean right,
      boolean wrong,
      boolean fallback,
      boolean held) {

    static Seen of(CropDecision crop, SyntheticTruth photo) {
      Box subject = box(photo.face());
      Optional<Box> other = photo.other().map(CropAccuracy::box);
      boolean found = anyIs(crop.faces(), subject);
      boolean otherFound = other.isPresent() && anyIs(crop.faces(), other.get());
      boolean chosen = crop.chosen() >= 0;
      Optional<Box> face =
          chosen ? Optional.of(crop.faces().get(crop.chosen()).box()) : Optional.empty();
      boolean right = face.isPresent() && is(face.get(), subject);
      boolean wrong =
          face.isPresent() && !right && other.isPresent() && is(face.get(), other.get());
      return new Seen(
          found,
          found && otherFound,
          right,
          wrong,
          !chosen,
          crop.crop().sharedArea(subject) >= HELD * subject.area());
    }

    private static boolean anyIs(List<Detection> faces, Box person) {
      return faces.stream().anyMatch(face -> is(face.box(), person));
    }

    private static boolean is(Box found, Box person) {
      return found.overlap(person) >= SAME;
    }
  }

  private static Box box(FaceBox face) {
    return new Box(face.x(), face.y(), face.x() + face.width(), face.y() + face.height());
  }
}
