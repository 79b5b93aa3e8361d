package io.github.facemask.dataset;

import io.github.facemask.label.AgeGroup;
import io.github.facemask.label.FaceClass;
import io.github.facemask.label.Gender;
import io.github.facemask.label.MaskState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Sets of labelled photos without files, for tests. */
public final class Photos {

  private Photos() {}

  /** Returns a photo of a person. */
  public static FacePhoto photo(String person, String name, int years, FaceClass faceClass) {
    String id = person + "/" + name;
    return new FacePhoto(new Photo(id, Path.of(id + ".jpg")), person, years, faceClass);
  }

  /** Returns people of cells of gender and age group, seven photos each as in the competition. */
  public static PhotoSet people(int... peopleOfCell) {
    List<FacePhoto> photos = new ArrayList<>();
    for (int cell = 0; cell < peopleOfCell.length; cell++) {
      Gender gender = Gender.values()[cell / 3];
      AgeGroup age = AgeGroup.values()[cell % 3];
      int years = 20 + 20 * age.ordinal();
      for (int i = 0; i < peopleOfCell[cell]; i++) {
        String person = "p" + cell + "." + i;
        for (int k = 1; k <= 5; k++) {
          photos.add(photo(person, "mask" + k, years, new FaceClass(MaskState.WORN, gender, age)));
        }
        photos.add(
            photo(
                person,
                "incorrect_mask",
                years,
                new FaceClass(MaskState.WORN_WRONGLY, gender, age)));
        photos.add(photo(person, "normal", years, new FaceClass(MaskState.NOT_WORN, gender, age)));
      }
    }
    return PhotoSet.of(photos);
  }

  /** Returns people with random numbers of photos of random classes. */
  public static PhotoSet random(long seed, int people) {
    SplittableRandom random = new SplittableRandom(seed);
    List<FacePhoto> photos = new ArrayList<>();
    for (int i = 0; i < people; i++) {
      int count = 1 + random.nextInt(9);
      for (int k = 0; k < count; k++) {
        int id = (int) (FaceClass.COUNT * random.nextDouble() * random.nextDouble());
        photos.add(photo("p" + i, "n" + k, 30, FaceClass.ofId(id)));
      }
    }
    return PhotoSet.of(photos);
  }
}
