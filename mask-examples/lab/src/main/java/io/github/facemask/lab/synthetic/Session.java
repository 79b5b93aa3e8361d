package io.github.facemask.lab.synthetic;

import io.github.facemask.label.AgeGroup;
import io.github.facemask.label.FaceClass;
import io.github.facemask.label.MaskState;
import io.github.facemask.random.RandomStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The seven photos of one person.
 *
 * @param person the person
 * @param number the number of the person
 * @param role different for training and evaluation, so that their pictures differ
 * @param shots the photos to paint
 */
record Session(Person person, long number, String role, List<Target> shots) {

  /** The files of a person, without extensions, in the order of their numbers. */
  static final List<String> NAMES =
      List.of("mask1", "mask2", "mask3", "mask4", "mask5", "incorrect_mask", "normal");

  /**
   * A photo to paint.
   *
   * @param kind the index in {@link #NAMES}
   * @param id the photo's id
   * @param file the file to write
   */
  record Target(int kind, String id, Path file) {

    MaskState state() {
      return switch (kind) {
        case 5 -> MaskState.WORN_WRONGLY;
        case 6 -> MaskState.NOT_WORN;
        default -> MaskState.WORN;
      };
    }
  }

  /** Paints the photos, writes them to their files and returns their truth. */
  List<SyntheticTruth> shoot(long seed, double crowd) throws IOException {
    List<SyntheticTruth> rows = new ArrayList<>();
    try (PhotoEncoder encoder = new PhotoEncoder()) {
      for (Target target : shots) {
        RandomStream random = RandomStream.of(seed, "synthetic photo " + role, number, target.kind);
        Portrait portrait = Portrait.paint(person, target.state(), random, crowd);
        Files.createDirectories(target.file.getParent());
        encoder.write(portrait.image(), target.file, random.nextDouble(0.85, 0.9));
        FaceClass faceClass =
            new FaceClass(target.state(), person.gender(), AgeGroup.ofYears(person.years()));
        rows.add(
            new SyntheticTruth(
                target.id, faceClass, person.years(), portrait.face(), portrait.other()));
      }
    }
    return rows;
  }
}
