package io.github.facemask.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.facemask.label.FaceClass;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Two folds of few people beside the best of all possible ones. */
class PersonFoldsOptimumTest {

  private static final int PEOPLE = 10;
  private static final int SETS = 100;

  @Test
  void foldsAreCloseToTheBestThereAre() {
    double excess = 0;
    int optimal = 0;
    for (int set = 0; set < SETS; set++) {
      PhotoSet photos = Photos.random(set, PEOPLE);
      List<String> people = photos.people();
      Split fold = PersonFolds.builder(photos, 2).optSeed(set).build().fold(0);
      Set<String> valid = new HashSet<>(fold.validation().people());
      double ours = distance(photos, valid);
      int lacking = lacking(photos, valid);
      double best = ours;
      for (int bits = 1; bits < 1 << (PEOPLE - 1); bits++) {
        Set<String> side = new HashSet<>();
        for (int i = 0; i < PEOPLE; i++) {
          if ((bits >> i & 1) == 1) {
            side.add(people.get(i));
          }
        }
        if (lacking(photos, side) <= lacking) {
          best = Math.min(best, distance(photos, side));
        }
      }
      excess += ours - best;
      optimal += ours - best < 1e-9 ? 1 : 0;
    }
    // Measured: 0.0018 from the best on average, and the best itself in 63 of 100 sets.
    assertThat(excess / SETS).isLessThan(0.004);
    assertThat(optimal).isGreaterThan(50);
  }

  /** The root mean square of the distances of shares from a half, over classes and all photos. */
  private static double distance(PhotoSet photos, Set<String> side) {
    int[] all = photos.classCounts();
    int[] part = photos.filter(p -> side.contains(p.person())).classCounts();
    double sum = 0;
    int cells = 0;
    int allPhotos = 0;
    int partPhotos = 0;
    for (int id = 0; id < FaceClass.COUNT; id++) {
      if (all[id] > 0) {
        sum += Math.pow(part[id] / (double) all[id] - 0.5, 2);
        cells++;
        allPhotos += all[id];
        partPhotos += part[id];
      }
    }
    sum += Math.pow(partPhotos / (double) allPhotos - 0.5, 2);
    return Math.sqrt(sum / (cells + 1));
  }

  private static int lacking(PhotoSet photos, Set<String> side) {
    int[] all = photos.classCounts();
    int[] part = photos.filter(p -> side.contains(p.person())).classCounts();
    int lacking = 0;
    for (int id = 0; id < FaceClass.COUNT; id++) {
      lacking += all[id] > 0 && part[id] == 0 ? 1 : 0;
      lacking += all[id] > 0 && part[id] == all[id] ? 1 : 0;
    }
    return lacking;
  }
}
