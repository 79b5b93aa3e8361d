package io.github.facemask.benchmark;

import io.github.facemask.dataset.FacePhoto;
import io.github.facemask.dataset.Photo;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.label.AgeGroup;
import io.github.facemask.label.FaceClass;
import io.github.facemask.label.Gender;
import io.github.facemask.label.MaskState;
import io.github.facemask.random.RandomStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Labelled photos without files, seven a person as in the competition, ages from 18 to 60. */
final class People {

  private static final int PHOTOS = 7;

  private People() {}

  static PhotoSet of(int photos) {
    RandomStream random = RandomStream.of(1, "benchmark people");
    List<FacePhoto> all = new ArrayList<>(photos);
    for (int person = 0; all.size() < photos; person++) {
      Gender gender = random.nextInt(10) < 6 ? Gender.FEMALE : Gender.MALE;
      int years = 18 + random.nextInt(43);
      for (int k = 0; k < PHOTOS && all.size() < photos; k++) {
        MaskState mask =
            k < 5 ? MaskState.WORN : k == 5 ? MaskState.WORN_WRONGLY : MaskState.NOT_WORN;
        String id = "p" + person + "/" + k;
        int faceClass = new FaceClass(mask, gender, AgeGroup.ofYears(years)).id();
        all.add(
            new FacePhoto(
                new Photo(id, Path.of(id + ".jpg")),
                "p" + person,
                years,
                FaceClass.ofId(faceClass)));
      }
    }
    return PhotoSet.of(all);
  }
}
